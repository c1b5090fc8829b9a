"""Models from keyword arguments, as Mesa's tools create them: keywords are overrides as on the command line."""

import warnings
from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from numbers import Integral
from typing import Any

from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.config import ConfigurationError, load
from sim.config.keywords import line, lines_of
from sim.scenario import Scenario

NOT_GIVEN: Any = object()
"""Default of ``rng`` for a call without it; Mesa passes ``rng=None`` if the user gives no seed."""


class Settings(MesaScenario):  # type: ignore[type-arg, no-untyped-call]  # of Mesa 3; of its __init_subclass__
    """A scenario as a Mesa scenario; the class holds it, because a reset of SolaraViz creates another instance.

    Attributes:
        config: the scenario.
        whole: True if the model was created from a scenario, not from keywords.
    """

    config: Scenario
    whole: bool

    def __bool__(self) -> bool:
        return True  # also where Mesa counts no parameter in it

    def __getattr__(self, name: str) -> Any:
        if name in ("config", "whole") or name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.config, name)


def settings_from(config: Scenario, whole: bool) -> Settings:
    """Return a scenario as a Mesa scenario."""
    own = {"config": config, "whole": whole, "_ids": defaultdict(count)}  # numbers of its own: Mesa's keep every class
    made: type[Settings] = type("Settings", (Settings,), own)
    return made(rng=config.seed)


def scenario_from_arguments(given: Any, rng: Any, overrides: Mapping[str, Any]) -> Scenario:
    """Return the scenario for the arguments of a model.

    Args:
        given: a scenario, a Mesa scenario (its parameters are keywords too), or None.
        rng: the seed by Mesa's name for it.
        overrides: keywords by name, as in `sim.load`.

    Raises:
        ConfigurationError: with every error, also if two arguments contradict each other.
    """
    keywords = dict(overrides)
    if isinstance(given, MesaScenario) and not isinstance(given, Settings):
        own = dict(given)
        theirs = own.pop("rng", None)
        if theirs is None and "seed" not in own | keywords:  # Mesa 4 keeps the state that its generator begins with
            theirs = getattr(given, "_stdlib_seed", None)
        if theirs is not None:
            rng = _one("rng", theirs, theirs if rng in (None, NOT_GIVEN) else rng)
        keywords |= {name: _one(name, value, keywords.get(name, value)) for name, value in own.items()}
    elif given is not None and not isinstance(given, Scenario | Settings):
        kind = type(given).__name__
        raise ConfigurationError([f"scenario={given!s:.60}: a {kind}; give sim.load(...), or overrides by keyword"])
    name, seed = _seed(rng, keywords)
    if isinstance(given, Scenario):
        return _whole(given, name, seed, keywords)
    if isinstance(given, Settings) and not keywords:
        config = given.config
        return config if seed is None else config.model_copy(update={"seed": _loaded(name, seed, []).seed})
    lines = lines_of(keywords)
    if isinstance(given, Settings) and given.whole:
        text = "a reset creates the model from its model_params alone; pass every override of the first model there"
        warnings.warn(text, UserWarning, stacklevel=3)
    if rng is None and seed is None:
        if tuple(lines) in _repeated:
            text = "rng=None: this repeats the run with the seed of the configuration; give rng=[1, 2, 3]"
            warnings.warn(text, UserWarning, stacklevel=3)
        _repeated.add(tuple(lines))
    return _loaded(name, seed, lines)


_repeated: set[tuple[str, ...]] = set()
"""Overrides of earlier models without a seed; batch_run creates one for each of its iterations."""


def _one(name: str, one: Any, other: Any) -> Any:
    """Return the value of a keyword that is given twice; refuse two different values."""
    if one is not other and one != other:
        raise ConfigurationError([f"{name}={line(other)}: contradicts {name}={line(one)} of the scenario"])
    return one


def _seed(rng: Any, keywords: dict[str, Any]) -> tuple[str, Any]:
    """Return the name and value of the keyword that sets the seed; the value is None if none does."""
    seed = keywords.pop("seed", None)
    if rng is None or rng is NOT_GIVEN:
        return "seed", seed
    if not isinstance(rng, Integral):
        text = "must be a whole number; all random numbers are a function of the seed"
        raise ConfigurationError([f"rng={rng!s:.60}: {text}"])
    if seed is not None and str(seed) != str(rng):
        raise ConfigurationError([f"seed={seed}, rng={rng}: two seeds; give one"])
    return "rng", rng


def _whole(scenario: Scenario, name: str, seed: Any, keywords: Mapping[str, Any]) -> Scenario:
    """Return a given scenario; refuse arguments that contradict it."""
    complete = "a scenario is complete; pass overrides to sim.load"
    errors = [f"{key}={line(value)}: {complete}" for key, value in keywords.items()]
    if seed is not None and str(seed) != str(scenario.seed):
        errors.append(f"{name}={seed}: contradicts seed={scenario.seed} of the scenario; sim.load(..., 'seed={seed}')")
    if errors:
        raise ConfigurationError(errors)
    return scenario


def _loaded(name: str, seed: Any, lines: list[str]) -> Scenario:
    """Return the scenario for overrides and a seed; an error of the seed names the keyword that the user gave."""
    try:
        return load(*lines, *([] if seed is None else [f"seed={line(seed)}"]))
    except ConfigurationError as error:
        typed = [f"{name}{one.removeprefix('seed')}" if one.startswith("seed=") else one for one in error.errors]
        raise ConfigurationError(typed) from None
