"""Errors between parameters: names without a choice, dates beyond the run, shares that do not add up.

Ranges and types of single values are declared with the parameters. Every rule that needs two parameters is validated
here, once, for scenarios from the command line and from Python.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from sim.engine.constants import MAX_RAILS, MAX_THEATRES, POLICIES, Liking, Routes
from sim.engine.text import nearest
from sim.scenario.sections import ConditionName, Sections, Shock

type Place = tuple[str | int, ...]
type Error = tuple[Place, str]


def _unchosen[P](place: P, kind: str, name: str, chosen: Sequence[str]) -> Iterator[tuple[P, str]]:
    """Yield an error at a place that names what is not chosen."""
    if name not in chosen:
        yield place, f"{kind} {name} is not chosen{nearest(name, chosen)}"


def _rails(p: Sections) -> Iterator[Error]:
    names = [rail.name for rail in p.rails]
    if len(names) > MAX_RAILS:
        yield ("rails",), f"{len(names)} rails: allowed are at most {MAX_RAILS}"
    if "cash" not in names:
        yield ("rails",), "there is no rail cash: it is what every other rail is turned into"
    yield from _unchosen(("group", "carrier"), "rail", p.group.carrier, names)
    for r, rail in enumerate(p.rails):
        if not any(getattr(p.intermediaries, kind).count for kind in rail.offered_by):
            yield ("rails", r, "offered_by"), f"no intermediary offers {rail.name}; name a kind of which there is one"
        if p.rules.liking == Liking.ADOPTION_GAP and rail.successor_of not in (None, *names):
            near = nearest(str(rail.successor_of), names)
            text = f"rail {rail.successor_of} is not chosen{near}; with null {rail.name} has its own constant"
            yield ("rails", r, "successor_of"), text
    before = {rail.name: rail.successor_of for rail in p.rails}
    for r, name in enumerate(names):
        seen = [name]
        while (above := before.get(seen[-1])) and above not in seen:
            seen.append(above)
        if above == name:
            yield ("rails", r, "successor_of"), f"{name} would succeed itself"
        if len(rail.acceptance) != len(p.theatres):
            yield ("rails", r, "acceptance"), f"{len(rail.acceptance)} shares for {len(p.theatres)} theatres"


def _theatres(p: Sections) -> Iterator[Error]:
    names = [theatre.name for theatre in p.theatres]
    if len(names) > MAX_THEATRES:
        yield ("theatres",), f"{len(names)} theatres: allowed are at most {MAX_THEATRES}"
    home = sum(theatre.donors for theatre in p.theatres if theatre.name != "abroad")
    if abs(home - 1.0) > 1e-6 and p.population.abroad < 1.0:
        text = f"the shares `donors` of the theatres add up to {home:g}; they must add up to 1"
        yield ("theatres", "*", "donors"), text
    if any(theatre.donors for theatre in p.theatres if theatre.name == "abroad"):
        yield ("theatres", names.index("abroad"), "donors"), "population.abroad sets this share; allowed is 0"
    if p.population.abroad > 0.0 and "abroad" not in names:
        yield ("population", "abroad"), "the theatre abroad is not chosen; allowed is 0"
    for name, cell in p.group.cells.items():
        yield from _unchosen(("group", "cells", name, "theatre"), "theatre", cell.theatre, names)
    kinds = [cell.kind for cell in p.group.cells.values()]
    if kinds[:1] != ["treasury"] or kinds.count("treasury") != 1:
        yield ("group", "cells"), "the first cell must be the treasury, and no other"


def _appeals(p: Sections) -> Iterator[Error]:
    rails, names = [rail.name for rail in p.rails], [appeal.name for appeal in p.appeals]
    if len(names) > MAX_RAILS:  # rows of tuples in `sim.engine.parameters.layout`
        yield ("appeals",), f"{len(names)} appeals: allowed are at most {MAX_RAILS}"
    for a, appeal in enumerate(p.appeals):
        for name in appeal.rails:
            yield from _unchosen(("appeals", a, "rails"), "rail", name, rails)
    for public, what in ((True, "public campaigns"), (False, "network appeals")):
        weights = [appeal.weight for appeal in p.appeals if appeal.public is public]
        if weights and not any(weights):
            yield ("appeals", "*", "weight"), f"the weights of all {what} are 0; one must be larger"
    if p.adaptation.mode != "none" or (p.rules.routes == Routes.REROUTING and any(one.public for one in p.appeals)):
        yield from _unchosen(("adaptation", "appeal"), "appeal", p.adaptation.appeal, names)
        if any(one.name == p.adaptation.appeal and not one.public for one in p.appeals):
            yield ("adaptation", "appeal"), f"{p.adaptation.appeal} is a network appeal; allowed is a public campaign"


def _money(p: Sections) -> Iterator[Error]:
    if p.giving.large_from > p.giving.cap:
        yield ("giving", "large_from"), f"{p.giving.large_from:g} is more than giving.cap, {p.giving.cap:g} USD"
    if p.combat.severe_from > p.combat.deaths_cap:
        text = f"{p.combat.severe_from:g} is more than combat.deaths_cap, {p.combat.deaths_cap}"
        yield ("combat", "severe_from"), text


def _timeline(p: Sections) -> Iterator[Error]:
    try:
        end = p.horizon.start + timedelta(weeks=p.horizon.weeks)
    except OverflowError:
        yield ("horizon", "weeks"), "the run would end after the year 9999"
        end = date.max
    beyond = f"lies beyond the run, {p.horizon.start} to {end - timedelta(days=1)}"
    for name, policy in p.policies.items():
        if name not in POLICIES:
            yield ("policies", name), f"unknown policy{nearest(name, list(POLICIES))}"
        if policy.start >= end:
            yield ("policies", name, "start"), beyond
    for name, shock in p.shocks.items():
        if not shock.enabled:
            continue
        if shock.type == "switch" and shock.at and shock.at >= end:
            yield ("shocks", name, "at"), f"{beyond}; shocks.{name}.enabled=false leaves it out"
        for field, text in _of_shock(p, shock):
            yield ("shocks", name, field), text


def _of_shock(p: Sections, shock: Shock) -> Iterator[tuple[str, str]]:
    """Yield the errors of an enabled shock, each with its field."""
    along = shock.type in (*get_args(ConditionName), "practice")
    if along and not shock.path:
        yield "path", f"{shock.type} needs values by date"
    elif shock.at is None and not (shock.path and (along or shock.type == "inflow")):
        yield "at", f"{shock.type} needs a date"
    lost = {"leader": "know-how", "switch": "donors"}.get(shock.type)
    if lost and shock.size > 1.0:
        yield "size", f"{shock.size:g}: a share of {lost} is at most 1"
    elif shock.type == "switch" and shock.size > 0.0 and shock.mode in (None, "announcement", "asked"):
        yield "size", f"{shock.size:g}: announced, donors choose for themselves; a share is lost in mode full only"
    if shock.type in ("switch", "inflow") or (shock.type == "campaign" and shock.rail is not None):
        yield from _unchosen("rail", "rail", str(shock.rail), [rail.name for rail in p.rails])
    if shock.type in ("campaign", "switch"):
        what, known = "appeal", [appeal.name for appeal in p.appeals]
    elif shock.type == "closure":
        what, known = "intermediary", _intermediaries(p)
    elif shock.type == "practice":
        what, known = "policy", list(POLICIES)
    else:
        what, known = "theatre", [theatre.name for theatre in p.theatres]
    if what != "theatre" and shock.target is None:
        yield "target", f"{shock.type} needs one: name of the {what}"
    elif what == "policy" and shock.target not in known:
        yield "target", f"unknown policy {shock.target}{nearest(str(shock.target), known)}"
    elif shock.target is not None:
        yield from _unchosen("target", what, shock.target, known)
    if shock.type == "practice" and shock.rail is not None:
        if shock.target == "issuer_freezing":
            yield from _unchosen("rail", "rail", shock.rail, [rail.name for rail in p.rails])
        else:
            yield "rail", f"{shock.target} is common practice on all rails; allowed is null"
    if shock.type == "practice" and not all(0.0 <= intensity <= 1.0 for intensity in shock.path.values()):
        yield "path", "an intensity lies between 0 and 1"
    if shock.type == "inflow":
        shares = [share for _, share in sorted(shock.path.items())]
        if any(not 0.0 <= share <= 1.0 for share in shares) or shares != sorted(shares):
            yield "path", "the shares that have come lie between 0 and 1 and never fall"
        if shock.at and shock.path and shock.at > min(shock.path):
            yield "at", f"lies after {min(shock.path)}, by which a share has come"


def _intermediaries(p: Sections) -> list[str]:
    return [f"{name}_{n + 1}" for name, kind in p.intermediaries for n in range(getattr(kind, "count", 0))]


def errors_of(p: Sections) -> list[Error]:
    """Return every error between the parameters of a scenario, with its place and its message."""
    return [error for check in (_rails, _theatres, _appeals, _money, _timeline) for error in check(p)]


def errors_of_acceptance(rails: Sequence[Any], theatres: list[Any]) -> list[Error]:
    """Return errors of acceptance in unknown theatres, in raw values; ``abroad`` and ``other`` always pass."""
    found: list[Error] = []
    for r, rail in enumerate(rails):
        accepted = rail.get("acceptance") if isinstance(rail, dict) else None
        for name in accepted if isinstance(accepted, dict) else ():
            if name not in ("abroad", "other"):
                found += _unchosen(("rails", r, "acceptance", str(name)), "theatre", str(name), theatres)
    return found


def refuse(found: list[Error]) -> None:
    """Raise the errors of a model validator, each at its place.

    Raises:
        ValidationError: if there are any.
    """
    errors: list[InitErrorDetails] = []
    for place, text in found:
        kind = PydanticCustomError("inconsistent", "{text}", {"text": text})
        errors.append({"type": kind, "loc": place, "input": None})
    if errors:
        raise ValidationError.from_exception_data("Scenario", errors)
