"""Titles and captions of figures, from findings and rows; their words are in en.ftl."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from experiments import text
from experiments.figures import pick
from experiments.figures.pick import About
from experiments.findings import Finding, say, together
from experiments.stats.estimates import is_held


def title(found: Sequence[Finding]) -> str:
    """Return the title that findings make; or that draws or seeds are too few for any, and what was counted.

    Findings that differ in nothing but their group are one item, in the form ``item`` of their message, which is given
    ``groups`` and their number ``count``.
    """
    if found and all(one.shortage for one in found):
        counted = {one.group: one.values for one in reversed(found) if one.counted and one.policy == pick.STATUS_QUO}
        names = [say("with-tally", **one | {"name": one["group"], "item": ""}) for one in reversed(counted.values())]
        why = say("why-inconclusive", **found[0].values | {"tallied": "no"})
        return say("title-few", why=why, names=text.listed_to(names) or "none")
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for one in found:
        item = one.sentence("item", groups="", count=0)
        alike.setdefault((one.verdict, one.depends_on, item), []).append(one)
    every = len({one.group for one in found})
    items = []
    for some in alike.values():
        listed = text.listed_to([text.group(one.group) for one in some])
        groups = say("every", over="group") if len(some) == every > 1 else listed
        item = some[0].sentence("item", groups=groups, count=len(some))
        items.append(replace(some[0], more={**some[0].more, "item": item}))
    return together(items, over="item")


def leaders(every: Sequence[Finding]) -> list[Finding]:
    """Return of policies, sorted from the best on, the first that lowers attacks and the last that raises them.

    If none lowers them, the best of those that depend stands for it, else the verdict on all: negligible if each is,
    else inconclusive.
    """
    lowers, raises = ([one for one in every if one.verdict == verdict] for verdict in ("lowers", "raises"))
    negligible = all(one.verdict == "negligible" for one in every)
    none = replace(every[0], verdict="negligible" if negligible else "inconclusive")
    depends = [one for one in every if one.verdict == "depends"]
    return [*(lowers or depends or [none])[:1], *raises[-1:]]


def caption(kind: str, rows: pd.DataFrame, about: About, **values: Any) -> str:
    """Return the method of a figure in its message's form ``caption``; for the value ``shape`` see `sample`."""
    arms, counted = pick.arms_of(rows), "n" in rows
    common: dict[str, Any] = {"weeks": about.window, "day": about.day}
    common |= {"pairs": count(rows["n"]), "sample": sample(rows, str(values.get("shape", "bar")))} if counted else {}
    common |= {"main-arm": say("plot-arm", arm=text.short_arm(pick.main_arm(arms))) if len(arms) > 1 else ""}
    return " ".join(say(f"{kind}.caption", **common | values).split())


def sample(rows: pd.DataFrame, shape: str = "bar") -> str:
    """Return how many runs and draws rows rest on, and what is drawn of them.

    ``shape`` is that of intervals: a ``bar`` or a ``band``, or ``none`` where effects are colours.
    """
    held = "mc_share" in rows and all(map(is_held, rows["draws"], rows["mc_share"]))
    median = not held and "median" in rows and rows["median"].notna().any()
    return say(
        "plot-sample",
        pairs=count(rows["n"]),
        draws=count(rows["draws"]) if "draws" in rows else "",
        parameters="held" if held else "drawn",
        marker="median" if median else "mean",
        shape=shape,
    )


def count(numbers: "pd.Series[Any]") -> str:
    """Return a count, or its range over rows: 40, or 38 to 40."""
    return " to ".join(f"{number:,.0f}" for number in dict.fromkeys([numbers.min(), numbers.max()]))


def folded(words: str, width: int, lines: int = 2) -> str:
    """Return a label in at most so many lines of a width; what is over is cut."""
    return "\n".join(textwrap.wrap(words, width, max_lines=lines, placeholder=" …", break_on_hyphens=False))
