"""Random worlds: scenarios drawn from their declared ranges, each a function of its number alone.

``python -m tests.worlds FROM TO`` prints, as JSON, what every population holds after every week of those worlds: with
``NUMBA_DISABLE_JIT=1`` of the rules as plain Python.
"""

import copy
import hashlib
import json
import math
import sys
import types
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Union, get_args, get_origin

import numpy as np

from sim.config import CONF, OPTIONS, Request, validate
from sim.engine.constants import POLICIES, IntermediaryKind, SwitchMode
from sim.engine.parameters import Section, bounds, section_of
from sim.model import Model
from sim.scenario import Scenario
from sim.scenario.sections import Rules
from sim.state import KINDS

RULES = {name: [*map(str.lower, info.annotation.__members__)] for name, info in Rules.model_fields.items()}  # type: ignore[union-attr]
"""The words of each decision that has rival rules."""
PROFILES = ("is_core", "donor_funded", "external_network")
VENDORS = ("careful", "eager")
OWN_RAIL = "mycoin"
"""A rail that conf/ does not know."""

type Plain = dict[str, Any]
type Dice = np.random.Generator

# --- the default configuration ---------------------------------------------------------------------------------------


@cache
def _composed(*overrides: str) -> Plain:
    values = validate(Request(list(overrides))).values
    return {key: value for key, value in values.items() if key not in OPTIONS}


def base(*overrides: str) -> Plain:
    """The default configuration, with overrides, as plain values of which each caller has its own copy."""
    return copy.deepcopy(_composed(*overrides))


def options(group: str) -> list[str]:
    """The files of a group of conf/."""
    return sorted(file.stem for file in (CONF / group).glob("*.yaml"))


def scenario_of(values: Plain) -> Scenario:
    """The scenario of plain values."""
    return Scenario(**values)


def changed(values: Plain, changes: dict[str, Any]) -> Plain:
    """A copy in which values stand at dotted places; ``*`` is every name at its place."""
    values = copy.deepcopy(values)
    for place, value in changes.items():
        *parts, last = place.split(".")
        spots = [values]
        for part in parts:
            spots = [inner for spot in spots for inner in (spot.values() if part == "*" else (spot[part],))]
        for spot in spots:
            spot[last] = copy.deepcopy(value)
    return values


# --- ranges ----------------------------------------------------------------------------------------------------------


def numbers(section: type[Section], values: Plain) -> Iterator[tuple[Plain, str, Any, bool]]:
    """Every number of a section with a range: its mapping, its name, its field, and True if it is whole."""
    for name, info in section.model_fields.items():
        kind = info.annotation
        inner = section_of(kind)
        if inner is not None:
            held = values.get(name)
            if get_origin(kind) is None:
                yield from numbers(inner, held or {})
            elif isinstance(held, dict):
                for one in held.values():
                    yield from numbers(inner, one)
            continue
        kinds = set(get_args(kind)) if get_origin(kind) in (Union, types.UnionType) else {kind}
        if kinds & {int, float} and bounds(info)[0] is not None and values.get(name) is not None:
            yield values, name, info, int in kinds


def _drawn(dice: Dice, value: float, low: float, high: float, whole: bool) -> float:
    """A number of a range: narrow ones evenly, with their ends; wide ones in the logarithm around the default."""
    if high <= 1.0 or -1.0 <= low < 0.0:
        end = dice.random()
        drawn = low if end < 0.05 else high if end < 0.1 else dice.uniform(low, high)
    elif dice.random() < 0.05 and low == 0.0:
        drawn = 0.0
    else:
        middle = value if value > 0 else min(1.0, high)
        drawn = math.exp(dice.uniform(math.log(middle / 10), math.log(middle * 10)))
    drawn = min(max(drawn, low), high)
    return round(drawn) if whole else float(drawn)


_BY_HAND = {"seed", "weeks", "donors", "count", "fighters", "fighters_reference", "attacks_reference", "abroad"}


def _vary(dice: Dice, values: Plain) -> None:
    """Draw half of all numbers."""
    for place, name, info, whole in numbers(Scenario, values):
        if name not in _BY_HAND and dice.random() < 0.5:
            low, high = bounds(info)
            place[name] = _drawn(dice, float(place[name]), float(low or 0), float(high or 0), whole)


# --- the parts of a world --------------------------------------------------------------------------------------------


def _some(dice: Dice, names: Any, chance: float) -> list[str]:
    return [name for name in names if dice.random() < chance]


def _one(dice: Dice, names: Any) -> Any:
    known = list(names)
    return known[int(dice.integers(len(known)))]


def _log(dice: Dice, low: float, high: float) -> float:
    return float(math.exp(dice.uniform(math.log(low), math.log(high))))


class _Calendar:
    """Dates in, before and around a run."""

    def __init__(self, dice: Dice, values: Plain) -> None:
        self.dice = dice
        self.start: date = date.fromisoformat(str(values["horizon"]["start"]))
        self.days = 7 * int(values["horizon"]["weeks"])

    def around(self) -> date:
        return self.start + timedelta(days=int(self.dice.integers(-60, self.days + 60)))

    def inside(self) -> date:
        return self.start + timedelta(days=int(self.dice.integers(-20, self.days)))

    def path(self, low: float, high: float) -> dict[date, float]:
        return {self.around(): float(self.dice.uniform(low, high)) for _ in range(int(self.dice.integers(1, 4)))}


def _theatres(dice: Dice, values: Plain, calendar: _Calendar) -> list[str]:
    kept = _some(dice, values["theatres"], 0.7) or [_one(dice, values["theatres"])]
    dice.shuffle(kept)
    theatres = values["theatres"] = {name: values["theatres"][name] for name in kept}
    home = [name for name in kept if name != "abroad"]
    for name, share in zip(home, dice.dirichlet(np.ones(max(1, len(home)))), strict=False):
        theatres[name]["donors"] = float(share)
    if "abroad" in kept:
        theatres["abroad"]["donors"] = 0.0
    values["population"]["abroad"] = (float(dice.random()) if home else 1.0) if "abroad" in kept else 0.0
    for one in theatres.values():
        if dice.random() < 0.5:
            one["pressure"] = calendar.path(0.0, 0.1)
            one["insurgency"] = calendar.path(0.0, 2.0)
            one["know_how"] = calendar.path(0.0, 1.5)
            one["claims"] = calendar.path(0.0, 3.0)
    return kept


def _rails(dice: Dice, values: Plain, kept: list[str], calendar: _Calendar) -> list[str]:
    if dice.random() < 0.3:
        values["rails"][OWN_RAIL] = copy.deepcopy(values["rails"][_one(dice, values["rails"])])
    always = {"cash", values["group"]["carrier"]}
    names = [name for name in values["rails"] if name in always or dice.random() < 0.7]
    dice.shuffle(names)
    rails = values["rails"] = {name: values["rails"][name] for name in names}
    kinds = [kind.name.lower() for kind in IntermediaryKind]
    for rail in rails.values():
        trace = rail["traceability"]
        trace["eras"] = calendar.path(0, 1) if dice.random() < 0.4 else {}
        trace["memory"] = None if dice.random() < 0.4 else _log(dice, 0.5, 500)
        rail["acceptance"] = {name: float(dice.random()) for name in (*kept, "other")}
        if dice.random() < 0.2:
            rail["offered_by"] = _some(dice, kinds, 0.5) or [_one(dice, kinds)]
        older = [name for name in names if list(rails).index(name) < list(rails.values()).index(rail)]
        rail["successor_of"] = _one(dice, [*older, None])
        if not any(values["intermediaries"][kind]["count"] for kind in rail["offered_by"]):
            values["intermediaries"][_one(dice, rail["offered_by"])]["count"] = int(dice.integers(1, 5))
    return names


def _rules(dice: Dice, values: Plain, calendar: _Calendar) -> None:
    """Any rule for each decision."""
    for name, words in RULES.items():
        values["rules"][name] = _one(dice, words)
    values["choice"]["closing_half"] = calendar.around()


def _cells(dice: Dice, values: Plain, kept: list[str], most: int) -> None:
    group = values["group"]
    treasury, *others = group["cells"]
    chosen = _some(dice, others, 0.6)[: int(dice.integers(0, most + 1))]
    dice.shuffle(chosen)
    group["cells"] = {name: group["cells"][name] for name in (treasury, *chosen)}
    for name, cell in group["cells"].items():
        cell["theatre"] = _one(dice, kept)
        if name == treasury:
            continue
        cell["kind"] = _one(dice, ("province", "external"))
        cell["core"] = bool(dice.random() < 0.5)
        cell["self_financed"] = bool(dice.random() < 0.3)
        cell["fighters_reference"] = _log(dice, 1, 5000)
        cell["fighters"] = int(cell["fighters_reference"] * dice.uniform(0, 3))
        cell["attacks_reference"] = _log(dice, 0.1, 100)


def _tame(dice: Dice, values: Plain) -> None:
    """So little elasticity to money that not even all the group may ever own makes a thousand attacks a week.

    Not a rule of the model: it keeps the time that worlds take in bounds.
    """
    group, combat = values["group"], values["combat"]
    revenue = sum(max(0.0, *cell["revenue"].values()) for cell in group["cells"].values())
    most = group["reserves"] + 300 * group["income"] * revenue + 5e9
    most += values["population"]["donors"] * values["giving"]["cap"] * group["income"]
    for cell in group["cells"].values():
        if cell["attacks_reference"] > 0:
            least = combat["money"] * combat["attack_cost"] * cell["attacks_reference"] / 52
            steps = math.log(most / least)
            combat["money"] = max(0.02, min(combat["money"], math.log(20.0) / steps))


def _stir(dice: Dice, values: Plain) -> None:
    """Every other world is a busy one: eager donors, strict intermediaries, agencies that see and act."""
    if dice.random() < 0.5:
        return
    values["giving"] |= {"visibility": dice.uniform(0.5, 1), "bound": dice.uniform(0.5, 3)}
    values["population"]["propensity_shape"] = dice.uniform(0.5, 3)
    values["screening"] |= {"suspicion": dice.uniform(0.3, 1), "block": dice.uniform(0.1, 0.9)}
    values["enforcement"] |= {"arrest": dice.uniform(0.3, 1), "arrests": dice.uniform(0.3, 3), "off_ledger": 0.05}
    values["enforcement"]["vendor"]["recall"] = dice.uniform(0.5, 1)
    for theatre in values["theatres"].values():
        theatre["sympathy"] = dice.uniform(0.4, 1)
    for rail in values["rails"].values():
        trace = rail["traceability"]
        rail["constant"] = dice.uniform(0, 4)
        trace["link"], trace["identify"], trace["lag"] = (
            dice.uniform(0.5, 1),
            dice.uniform(0.5, 1),
            dice.uniform(0.1, 8),
        )


def _appeals(dice: Dice, values: Plain, rails: list[str], calendar: _Calendar) -> list[str]:
    names = _some(dice, values["appeals"], 0.8 if dice.random() < 0.9 else 0.0)
    dice.shuffle(names)
    appeals = values["appeals"] = {name: values["appeals"][name] for name in names}
    for appeal in appeals.values():
        kept = [rail for rail in appeal["rails"] if rail in rails]
        appeal["rails"] = kept if dice.random() < 0.5 else _some(dice, rails, 0.6)
        appeal["weight"] = _log(dice, 0.1, 10)
        appeal["opens"] = calendar.around() if dice.random() < 0.3 else calendar.start
    return names


def _policies(dice: Dice, values: Plain, calendar: _Calendar) -> None:
    chance = _one(dice, (0.0, 0.3, 0.6, 1.0))
    names = _some(dice, values["policies"], chance)
    dice.shuffle(names)
    policies = values["policies"] = {name: values["policies"][name] for name in names}
    for policy in policies.values():
        policy["start"] = calendar.inside()
        policy["ramp"] = int(dice.integers(0, 30))
        policy["intensity"] = float(_one(dice, (1.0, dice.random())))
        policy["staff_weeks"] = float(_one(dice, (0.0, _log(dice, 0.1, 1000))))
        policy["agency"] = _one(dice, values["enforcement"]["staff"])


_SIZES = {
    "leader": (0.0, 1.0),
    "conflict": (0.0, 10.0),
    "windfall": (0.0, 50.0),
    "switch": (0.0, 1.0),
    "inflow": (0.0, 50.0),
}
_ALONG = ("territory", "oil_fields", "oil_strikes", "opportunity", "practice")


def _shocks(
    dice: Dice, values: Plain, kept: list[str], rails: list[str], appeals: list[str], calendar: _Calendar
) -> None:
    shocks = values["shocks"]
    names = list(shocks)
    dice.shuffle(names)
    chance = _one(dice, (0.2, 0.5, 1.0))
    counts = {kind.name.lower(): values["intermediaries"][kind.name.lower()]["count"] for kind in IntermediaryKind}
    firms = [f"{kind}_{n + 1}" for kind, count in counts.items() for n in range(count)]
    for name in names:
        shock = shocks[name] = shocks.pop(name)
        what = shock["type"]
        shock["enabled"] = bool(dice.random() < chance)
        shock["at"] = calendar.inside()
        shock["half_life"] = _log(dice, 1, 60)
        if what in _ALONG:
            shock["path"] = calendar.path(0.0, 1.0 if what != "opportunity" else 3.0)
        if what in _SIZES:
            shock["size"] = float(dice.uniform(*_SIZES[what]))
        if what in ("campaign", "switch"):
            shock["enabled"] = shock["enabled"] and bool(appeals)
            shock["target"] = _one(dice, appeals) if appeals else None
            shock["rail"] = _one(dice, rails)
            shock["mode"] = _one(dice, [mode.name.lower() for mode in SwitchMode])
            shock["size"] *= shock["mode"] == "full"
        elif what == "inflow":
            shock["rail"] = _one(dice, rails)
            shares = sorted(calendar.path(0.0, 1.0).items())
            shock["path"] = dict(zip((day for day, _ in shares), sorted(share for _, share in shares), strict=True))
            if dice.random() < 0.3:
                shock["path"] = {}
            else:
                shock["at"] = _one(dice, (None, min(shock["path"]) - timedelta(days=int(dice.integers(0, 60)))))
        elif what == "practice":
            shock["target"] = _one(dice, ("issuer_freezing", *POLICIES))
            shock["rail"] = _one(dice, (None, *rails)) if shock["target"] == "issuer_freezing" else None
        elif what == "closure":
            shock["target"] = _one(dice, firms)
        else:
            shock["target"] = _one(dice, (None, *kept))


# --- a world ---------------------------------------------------------------------------------------------------------


def random_values(number: int, *, small: bool = False) -> Plain:
    """Plain values of a random valid scenario."""
    dice = np.random.default_rng(number)
    profile, vendor = _one(dice, PROFILES), _one(dice, VENDORS)
    everything = [f"{group}=[{','.join(options(group))}]" for group in ("policy", "shock")]
    values = base(f"group={profile}", f"vendor={vendor}", *everything)
    values["seed"] = int(dice.integers(0, 2**63 - 1))
    values["horizon"]["weeks"] = int(dice.integers(1, 17 if small else 61))
    values["horizon"]["start"] = date(2014, 1, 6) + timedelta(weeks=int(dice.integers(0, 420)))
    values["population"]["donors"] = int(_one(dice, (0, *dice.integers(1, 61 if small else 301, 9).tolist())))
    calendar = _Calendar(dice, values)
    for kind in IntermediaryKind:
        values["intermediaries"][kind.name.lower()]["count"] = int(dice.integers(0, 3 if small else 5))
    _vary(dice, values)
    giving = values["giving"]
    giving["public_rate"], giving["network_rate"] = float(dice.uniform(0, 5)), float(dice.uniform(0, 10))
    giving["large_from"] = min(giving["large_from"], giving["cap"])
    values["combat"]["kernel"] = dice.dirichlet(np.ones(5)).tolist()
    values["combat"]["severe_from"] = min(values["combat"]["severe_from"], float(values["combat"]["deaths_cap"]))
    values["inspiration"]["by_deaths"] = bool(dice.random() < 0.5)
    values["observer"]["enabled"] = bool(dice.random() < 0.5)
    _stir(dice, values)
    kept = _theatres(dice, values, calendar)
    rails = _rails(dice, values, kept, calendar)
    _cells(dice, values, kept, 3 if small else 12)
    appeals = _appeals(dice, values, rails, calendar)
    _policies(dice, values, calendar)
    _shocks(dice, values, kept, rails, appeals, calendar)
    campaigns = [name for name in appeals if values["appeals"][name]["public"]]
    adapts = bool(campaigns) and dice.random() < 0.4
    values["adaptation"]["mode"] = "logit" if adapts else "none"
    values["adaptation"]["appeal"] = _one(dice, campaigns) if campaigns else "nobody"
    values["adaptation"]["every"] = int(dice.integers(1, 12))
    _rules(dice, values, calendar)
    _tame(dice, values)
    return values


@cache
def random_scenario(number: int, *, small: bool = False) -> Scenario:
    """A random valid scenario, the same for the same number; small ones take little time even uncompiled."""
    return scenario_of(random_values(number, small=small))


def run_of(scenario: Scenario) -> Model:
    """A model that has run to its end."""
    model = Model(scenario)
    model.run()
    return model


# --- what a model holds ----------------------------------------------------------------------------------------------

POPULATIONS = (*(name for name in KINDS if name != "luck"), "parameters")


def content(model: Model, name: str) -> np.ndarray:
    """The rows of a population that are in use; of donors, all by identity."""
    rows: np.ndarray = model.all_donors() if name == "donors" else getattr(model, name)
    return rows[: int(model.book["last_gift"][max(0, model.week)])] if name == "ledger" else rows


def gifts_of(model: Model) -> np.ndarray:
    """The gifts of a run."""
    return content(model, "ledger")


def digest(rows: np.ndarray) -> str:
    """A short hash of the bytes of an array."""
    return hashlib.blake2b(rows.tobytes(), digest_size=6).hexdigest()


def digests(model: Model) -> list[str]:
    """Hashes of all populations, as they are now."""
    return [digest(content(model, name)) for name in POPULATIONS]


def without_nan(rows: np.ndarray) -> bool:
    """True if no number of an array of records is NaN."""
    return all(rows.dtype[name].base.kind != "f" or not np.isnan(rows[name]).any() for name in rows.dtype.names or ())


def history(scenario: Scenario) -> list[list[str]]:
    """Hashes of all populations, before the first week and after each."""
    model = Model(scenario)
    seen = [digests(model)]
    for _ in range(scenario.horizon.weeks):
        model.step()
        seen.append(digests(model))
    for name in POPULATIONS[:-1]:
        if not without_nan(getattr(model, name)):
            raise FloatingPointError(f"{name} holds what is not a number")
    return seen


def main() -> None:
    """Print the histories of small worlds; a warning is an error."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    random_scenario(first, small=True)
    warnings.simplefilter("error")
    np.seterr(all="raise", under="ignore")
    print(json.dumps({number: history(random_scenario(number, small=True)) for number in range(first, last)}))


if __name__ == "__main__":
    main()
