"""The parts of the pages on studies, from the tables that were kept of them."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from experiments.studies.attribution import words as attribution_words
from experiments.studies.inspiration import words as inspiration_text
from sim.engine.text import number
from tools.parts import ROOT, part, rows_of


@part
def inspiration(which: str) -> str:
    """A table or the sentences of the study of inspiration, from its kept tables."""
    names = ("effects", "kiser", "turns", "loop", "apart", "drivers", "breakeven")
    tables = {name: pd.read_csv(ROOT / "docs" / "inspiration" / f"{name}.csv") for name in names}
    told: dict[str, Callable[[], list[str]]] = {
        "answers": lambda: inspiration_text.answers(tables),
        "core": lambda: inspiration_text.core_and_network(tables),
        "loop": lambda: inspiration_text.what_the_loop_adds(tables["loop"]),
        "inspired": lambda: inspiration_text.inspired(tables["effects"]),
        "drivers": lambda: inspiration_text.going_with(tables["drivers"]),
    }
    if which in told:
        return "\n".join(f"- {line}" for line in told[which]())
    return _inspired_effects(tables["effects"]) if which == "effects" else _inspired_prices(tables["breakeven"])


def _inspired_effects(effects: pd.DataFrame) -> str:
    lines = [
        (row["profile"], row["policy"], row["window"], number(row["median"]), _ends(row, "low", "high"),
         number(row["mean"]), f"**{row['verdict']}**" if row["verdict"] == "effect" else row["verdict"])
        for row in inspiration_text.families(effects).to_dict("records")
    ]  # fmt: skip
    heads = "profile | policy | window | middle, % | interval that counts | mean, % | verdict"
    still = "\n".join(f"- {line}" for line in inspiration_text.cannot_act(effects))
    return (
        f"{int(effects['draws'].max())} draws of the parameters, two seeds each.\n\n{rows_of(heads, lines)}\n\n{still}"
    )


def _inspired_prices(breakeven: pd.DataFrame) -> str:
    rows = inspiration_text.with_ratio(breakeven).to_dict("records")
    lines = [
        (row["profile"], row["window"], row["a"], row["b"], number(row["ratio"], False),
         _ends(row, "ratio_low", "ratio_high", False),
         f"**{row['verdict']}**" if row["verdict"] == "effect" else row["verdict"])
        for row in rows
    ]  # fmt: skip
    heads = "profile | window | A | B | ratio of means | interval of that ratio (more draws narrow it) | what A averts"
    return f"{rows_of(heads, lines)}\n\n{inspiration_text.OF_MEANS}"


def _ends(row: Any, low: str, high: str, signed: bool = True) -> str:
    return f"{number(row[low], signed)} to {number(row[high], signed)}"


@part
def attribution(name: str) -> str:
    """A kept table of the attribution study as its report words it; ``findings`` are the sentences on all of them."""
    names = ("jumps", "even", "precision", "claims", "harm", "effects")
    tables = {one: pd.read_csv(ROOT / "docs" / "attribution" / f"{one}.csv") for one in names}
    if name == "findings":
        told = attribution_words.findings(tables).items()
        return "\n\n".join("\n".join([f"**{title}**", "", *(f"- {one}" for one in some)]) for title, some in told)
    heads, *lines = attribution_words.LINES[name](tables[name])
    return rows_of(" | ".join(heads), [tuple(line) for line in lines])
