"""The parts of docs/inspiration.md: sentences and tables of the study of inspiration, from its stored tables."""

from typing import Any

import pandas as pd

from experiments.studies.inspiration import words as inspiration_text
from sim.config import CONF
from sim.engine.text import number


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    names = ("effects", "kiser", "turns", "loop", "apart", "drivers", "breakeven")
    tables = {name: pd.read_csv(CONF.parent / "docs" / "inspiration" / f"{name}.csv") for name in names}
    sentences = {
        "answers": inspiration_text.answers(tables),
        "core": inspiration_text.core_and_network(tables),
        "loop": inspiration_text.what_the_loop_adds(tables["loop"]),
        "inspired": inspiration_text.inspired(tables["effects"]),
        "drivers": inspiration_text.going_with(tables["drivers"]),
    }
    parts: dict[str, Any] = {f"inspiration {name}": _items(lines) for name, lines in sentences.items()}
    draws = f"{int(tables['effects']['draws'].max())} draws of the parameters, two seeds each."
    still = _items(inspiration_text.cannot_act(tables["effects"]))
    parts["inspiration effects"] = [draws, _effects(tables["effects"]), still]
    parts["inspiration prices"] = [_prices(tables["breakeven"]), inspiration_text.OF_MEANS]
    return parts


def _items(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _effects(effects: pd.DataFrame) -> pd.DataFrame:
    rows = inspiration_text.families(effects)
    return pd.DataFrame({
        "profile": rows["profile"],
        "policy": rows["policy"],
        "window": rows["window"],
        "middle, %": rows["median"].map(number),
        "interval that counts": rows["low"].map(number) + " to " + rows["high"].map(number),
        "mean, %": rows["mean"].map(number),
        "verdict": rows["verdict"].replace("effect", "**effect**"),
    })  # fmt: skip


def _prices(breakeven: pd.DataFrame) -> pd.DataFrame:
    rows = inspiration_text.with_ratio(breakeven)
    ratio, low, high = (rows[name].map(lambda one: number(one, False)) for name in ("ratio", "ratio_low", "ratio_high"))
    return pd.DataFrame({
        "profile": rows["profile"],
        "window": rows["window"],
        "A": rows["a"],
        "B": rows["b"],
        "ratio of means": ratio,
        "interval of that ratio (more draws narrow it)": low + " to " + high,
        "what A averts": rows["verdict"].replace("effect", "**effect**"),
    })  # fmt: skip
