"""What a study is: factors, blocks that cross them, replications, what is uncertain. Values stand in conf/study."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.configuration import CONF, ConfigurationError
from sim.scenario.judging import nearest

type Value = str | int | float | bool
"""A level of a factor: a number, or a word."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Block(_Frozen):
    """Cells that are crossed with each other: every combination of the levels of the factors that it varies."""

    vary: dict[str, Annotated[list[Value], Field(min_length=1)]] = {}
    every: Annotated[int, Field(ge=1)] = (
        1  # only every so many-th draw: what stands beside the main question costs less
    )
    weekly: bool = False  # whether weekly series are kept too


class Together(_Frozen):
    """Factors whose levels are walked together, row by row, instead of being crossed."""

    factors: list[str]
    rows: list[list[Value]]


class Study(_Frozen):
    """A study as conf/study/NAME.yaml declares it.

    A factor is a word of ``levels`` (each level a list of overrides), ``policy`` or ``intensity``, a group of conf/,
    or the full name of a parameter.
    """

    doc: str
    report: str  # which tables, figures and words are made of it: a module of experiments.reports
    base: dict[str, Value]  # the level of a factor in blocks that do not vary it
    keep: dict[str, Value] = {}  # levels that are always run: what others are compared with
    levels: dict[str, dict[str, list[str]]] = {}
    together: dict[str, Together] = {}
    blocks: Annotated[dict[str, Block], Field(min_length=1)]
    overrides: list[str] = []
    replications: Annotated[int, Field(ge=1, le=1_000_000)]
    seeds_per_draw: Annotated[int, Field(ge=1)]
    uncertain: Literal["plausible", "none"]  # whether each draw also draws the parameters that nobody knows
    also: dict[str, tuple[float, float]] = {}  # ranges besides the declared plausible ones
    hold: list[str] = []  # parameters with a plausible range that are held all the same


def folders(config_dir: Path | None = None) -> list[Path]:
    """Where studies are found."""
    own = [config_dir] if config_dir else []
    return [place / "study" for place in (CONF, *own) if (place / "study").is_dir()]


def names(config_dir: Path | None = None) -> list[str]:
    """The studies that there are."""
    return sorted({file.stem for folder in folders(config_dir) for file in folder.glob("*.yaml")})


def load(name: str, config_dir: Path | None = None) -> Study:
    """The study of that name.

    Raises:
        ConfigurationError: if there is none, or its file is faulty.
    """
    if name not in names(config_dir):
        raise ConfigurationError([f"study={name}: unknown study{nearest(name, names(config_dir))}"])
    file = next(
        folder / f"{name}.yaml" for folder in reversed(folders(config_dir)) if (folder / f"{name}.yaml").exists()
    )
    try:
        return Study(**plain_yaml(file))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise ConfigurationError(
            [f"{file}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in faults]
        ) from None


def plain_yaml(file: Path) -> dict[str, Any]:
    """A mapping of plain values; references such as ``${seed}`` stay as they are.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    from omegaconf import OmegaConf

    try:
        found: Any = OmegaConf.to_container(OmegaConf.load(file), resolve=False)
    except Exception as error:  # OmegaConf and YAML raise errors of many kinds
        raise ConfigurationError([f"{file}: cannot be read: {' '.join(str(error).split())}"]) from None
    if not isinstance(found, dict):
        raise ConfigurationError([f"{file}: needs keys with values"])
    return {str(key): value for key, value in found.items()}
