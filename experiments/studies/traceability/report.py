"""The report of the traceability sweep: a surface over traceability and followers, and the share that must follow."""

from typing import Any

import numpy as np
import pandas as pd

from experiments.studies.privacy_switch.report import brief, draw
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import aligned, as_text, effects_of, few_words, runs_of, word, write_csv

QUESTION = (
    "How much does it matter how well a privacy coin can be traced, and how many donors follow an appeal to it? Where "
    'does "cannot be traced" begin to change what the group receives, what is seized, and what it can do?'
)
_OUTCOMES = ("capacity", "delivered", "campaign_given", "seized", "frozen", "lawful_frozen")
_SURFACE = ("capacity", "delivered", "seized")
_KEYS = ("profile", "policy", "link")
_KEPT = (
    "profile", "policy", "follow", "link", "outcome", "unit", "median", "mean", "low", "high", "mc_low", "mc_high",
    "margin", "verdict", "n",
)  # fmt: skip


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the surface and the thresholds, draw them, write the brief."""
    runs = runs_of(folder, plan, ["campaign_delivered", *_OUTCOMES])
    effects = effects_of(plan, runs, _OUTCOMES)
    tables = {"effects": effects, "surface": surface(effects), "threshold": thresholds(runs)}
    files = ["runs.parquet", *(write_csv(folder, f"{name}.csv", table) for name, table in tables.items())]
    said = [text(tables["surface"], tables["threshold"]), "", *few_words(plan)]
    if settings.figures:
        files += [str(path.relative_to(folder.path)) for path in draw(plan, folder, tables, facts)]
        if settings.brief:
            written, message = brief(plan, folder, tables, facts, QUESTION)
            files += written
            said += [message] if message else []
    return Said("\n".join(said).rstrip(), files)


def surface(effects: pd.DataFrame) -> pd.DataFrame:
    """The effect of a full switch over link and followers, a row a point, policy, profile and outcome."""
    rows = effects[(effects["contrast"] == "switch") & effects["outcome"].isin(_SURFACE)]
    return rows[[name for name in _KEPT if name in rows]].reset_index(drop=True)


def thresholds(runs: pd.DataFrame) -> pd.DataFrame:
    """The share of donors that must follow for the campaign to receive as much as before, from its losses.

    (1 - loss_old) / (1 - loss_new): what a campaign loses of what it is given, without the switch and with it. Above 1
    the switch costs money whoever follows.
    """
    good = runs[runs["error"].isna()]
    keys = [name for name in _KEYS if name in good]
    whole = good[(good["follow"] == good["follow"].max()) | (good["arm"] == "none")]
    sums = whole.groupby([*keys, "arm"], sort=True)[["campaign_given", "campaign_delivered"]].sum()
    kept = (sums["campaign_delivered"] / sums["campaign_given"].replace(0.0, np.nan)).unstack("arm")
    found = pd.DataFrame({"loss_old": 1.0 - kept["none"], "loss_new": 1.0 - kept["full"]})
    found.insert(0, "threshold", kept["none"] / kept["full"])
    return found.reset_index()


def text(points: pd.DataFrame, limits: pd.DataFrame) -> str:
    """The corners of the surface, and the thresholds of the status quo."""
    names = [name for name in ("profile", "policy", "follow", "link", "outcome") if name in points]
    ends = points["follow"].isin([0.0, 1.0]) & points["link"].isin([points["link"].min(), points["link"].max()])
    quo = points["policy"] == "status_quo" if "policy" in points else True
    parts = ["Effect of a full switch, at the corners of the surface (status quo)", as_text(points[ends & quo], names)]
    some = limits[limits["policy"] == "status_quo"] if "policy" in limits else limits
    parts += ["", "Share of donors that must follow for the campaign to receive as much as before, by link"]
    keys = [name for name in _KEYS if name in some]
    rows = [
        [word(row[name]) if name in keys else f"{row[name]:.3f}" for name in some] for row in some.to_dict("records")
    ]
    parts += aligned([list(map(str, some)), *rows], range(len(keys), len(some.columns)))
    return "\n".join(parts)
