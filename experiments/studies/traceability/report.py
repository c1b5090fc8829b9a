"""The report of the traceability sweep: a surface over traceability and followers, and the share that must follow."""

import numpy as np
import pandas as pd

from experiments.findings import where
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.spec import STATUS_QUO
from experiments.study.store import Folder
from experiments.study.tables import effects_of, runs_of
from experiments.text import effects_table, table, word

QUESTION = say("traceability-question")
_OUTCOMES = ("capacity", "delivered", "campaign_given", "seized", "frozen", "lawful_frozen")
_SURFACE = ("capacity", "delivered", "seized")
_KEYS = ("profile", "policy", "link")
_COLUMNS = (
    "profile", "policy", "follow", "link", "outcome", "unit", "median", "mean", "low", "high", "mc_low", "mc_high",
    "margin", "verdict", "n",
)  # fmt: skip


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """All effects, those on the surface, and the thresholds."""
    runs = runs_of(folder, plan, ["campaign_delivered", *_OUTCOMES])
    effects = effects_of(plan, runs, _OUTCOMES)
    return {"effects": effects, "surface": surface(effects), "threshold": thresholds(runs)}


def surface(effects: pd.DataFrame) -> pd.DataFrame:
    """The effect of a full switch over link and followers, a row a point, policy, profile and outcome."""
    rows = effects[(effects["contrast"] == "switch") & effects["outcome"].isin(_SURFACE)]
    return rows[[name for name in _COLUMNS if name in rows]].reset_index(drop=True)


def thresholds(runs: pd.DataFrame) -> pd.DataFrame:
    """The share of donors that must follow for the campaign to receive as much as before, from its losses.

    (1 - loss_old) / (1 - loss_new): the share that a campaign loses of its gifts, without the switch and with it.
    Above 1 the switch costs money whoever follows.
    """
    good = runs[runs["error"].isna()]
    keys = [name for name in _KEYS if name in good]
    whole = good[(good["follow"] == good["follow"].max()) | (good["arm"] == "none")]
    sums = whole.groupby([*keys, "arm"], sort=True)[["campaign_given", "campaign_delivered"]].sum()
    kept = (sums["campaign_delivered"] / sums["campaign_given"].replace(0.0, np.nan)).unstack("arm")
    found = pd.DataFrame({"loss_old": 1.0 - kept["none"], "loss_new": 1.0 - kept["full"]})
    found.insert(0, "threshold", kept["none"] / kept["full"])
    return found.reset_index()


def text(plan: Plan, tables: Tables) -> str:
    """The corners of the surface, and the thresholds of the status quo."""
    points, limits = (where(tables[name], policy=STATUS_QUO) for name in ("surface", "threshold"))
    names = [name for name in ("profile", "policy", "follow", "link", "outcome") if name in points]
    corners = points["follow"].isin([0.0, 1.0]) & points["link"].isin([points["link"].min(), points["link"].max()])
    keys = [name for name in _KEYS if name in limits]
    columns = {name: limits[name].map(word if name in keys else "{:.3f}".format) for name in [*keys, *limits]}
    parts = [say("traceability-corners"), effects_table(points[corners], names)]
    return "\n".join([*parts, "", say("traceability-thresholds"), table(columns, keys)])
