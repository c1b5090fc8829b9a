"""Conditions and levers: the external inputs of every week, and the intensity of each policy, by date."""

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import MAX_RAILS, AgencyKind, Liking
from sim.engine.records import Rows, empty
from sim.rules.world import Conditions, Levers
from sim.scenario import Scenario


def days_of(scenario: Scenario) -> NDArray[np.float64]:
    """Return the ordinal of the first day of each week."""
    return np.float64(scenario.horizon.start.toordinal()) + 7.0 * np.arange(scenario.horizon.weeks)


def interpolate(path: dict[date, float], days: NDArray[np.float64], otherwise: float) -> NDArray[np.float64]:
    """Interpolate linearly between dates; the value is constant before the first and after the last."""
    if not path:
        return np.full(len(days), otherwise)
    known = sorted(path.items())
    return np.interp(days, [day.toordinal() for day, _ in known], [value for _, value in known])


def hold_from(path: dict[date, float], days: NDArray[np.float64], otherwise: float) -> NDArray[np.float64]:
    """Return a step function: each value holds from its date to the next."""
    values = np.full(len(days), otherwise)
    for day, value in sorted(path.items()):
        values[days >= day.toordinal()] = value
    return values


def hold_until(path: dict[date, float], days: NDArray[np.float64], afterwards: float) -> NDArray[np.float64]:
    """Return a step function: each value holds until its date, and another value after the last date."""
    values = np.full(len(days), afterwards)
    for day, value in sorted(path.items(), reverse=True):
        values[days < day.toordinal()] = value
    return values


def decay_from(since: date, half_life: float, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 until a date and exponential decay from then on."""
    weeks = np.maximum(0.0, days - since.toordinal()) / 7.0
    return np.array([0.5 ** (age / half_life) for age in weeks.tolist()])


def liking_of(scenario: Scenario, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the constant of each rail in a donor's choice, weeks x rails.

    It is rails.*.constant. Under the rule adoption_gap, a rail with a predecessor is liked as the predecessor, less
    gap (1 - closing F(t)), with the logistic F(t) = (1 + tanh(closing_speed (t - closing_half) / 2)) / 2, t in years
    (Griliches 1957; Bass 1969). Reads rules.liking, choice.closing*.
    """
    choice = scenario.choice
    years = (days - choice.closing_half.toordinal()) / 365.25
    closed = np.array(
        [choice.closing * 0.5 * (1.0 + math.tanh(choice.closing_speed * t / 2.0)) for t in years.tolist()]
    )
    rails = {rail.name: rail for rail in scenario.rails}
    liking = np.empty((len(days), len(rails)))
    for r, rail in enumerate(scenario.rails):
        gaps = np.zeros(len(days))
        while scenario.rules.liking == Liking.ADOPTION_GAP and rail.successor_of:
            gaps += rail.gap * (1.0 - closed)
            rail = rails[rail.successor_of]
        liking[:, r] = rail.constant - gaps
    return liking


def chance_of_chain(link: float, hops: int) -> float:
    """Return the probability that every transfer of a chain is correctly linked: link ** hops."""
    return math.pow(link, hops)


def conditions_of(scenario: Scenario) -> Rows:
    """Return the conditions before any shock, as theatres, rails and observers declare them by date."""
    days = days_of(scenario)
    rows = empty(Conditions, len(days))
    rows["conflict"] = 1.0
    rows["oil_strikes"] = 1.0
    rows["opportunity"] = 1.0
    rows["liking"][:, : len(scenario.rails)] = liking_of(scenario, days)
    for r, rail in enumerate(scenario.rails):
        eras, link = rail.traceability.eras, rail.traceability.link
        hops = scenario.enforcement.hops
        rows["link"][:, r] = hold_until(eras, days, link)
        chains = {day: chance_of_chain(value, hops) for day, value in eras.items()}
        rows["chain"][:, r] = hold_until(chains, days, chance_of_chain(link, hops))
    for k, theatre in enumerate(scenario.theatres):
        rows["pressure"][:, k] = hold_from(theatre.pressure, days, 0.0)
        rows["insurgency"][:, k] = interpolate(theatre.insurgency, days, 0.0)
        rows["know_how"][:, k] = interpolate(theatre.know_how, days, 1.0)
        rows["claims"][:, k] = interpolate(theatre.claims, days, 1.0)
    return rows


def levers_of(scenario: Scenario) -> Rows:
    """Return the intensity of each policy in each week, and the staff that policies add to each agency.

    The intensity rises linearly from 0 before the start to full intensity after the ramp. It is at least what shocks of
    the type practice have as common practice on that day; practice adds no staff. A practice of issuer_freezing may be
    that of one rail.
    """
    weeks, days = np.arange(scenario.horizon.weeks), days_of(scenario)
    rows = empty(Levers, len(weeks))
    for name, policy in sorted(scenario.policies.items(), key=lambda one: (one[1].start, one[0])):
        begun = weeks - scenario.week(policy.start) + 1
        rows[name] = policy.intensity * np.clip(begun / max(1, policy.ramp), 0.0, 1.0)
        rows["staff"][:, AgencyKind[policy.agency.upper()]] += policy.staff_weeks * rows[name]
    rows["freezing"] = rows["issuer_freezing"][:, np.newaxis]
    for shock in scenario.shocks.values():
        if shock.type != "practice" or not shock.enabled:
            continue
        common = interpolate(shock.path, days, 0.0)
        if shock.rail is None:
            rows[shock.target] = np.maximum(rows[shock.target], common)
        if shock.target == "issuer_freezing":
            on = list(range(MAX_RAILS)) if shock.rail is None else [scenario.rail(shock.rail)]
            rows["freezing"][:, on] = np.maximum(rows["freezing"][:, on], common[:, np.newaxis])
    return rows
