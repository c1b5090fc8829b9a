"""A study whose runs are made up: outcomes that hang on two drawn parameters, and no model."""

from pathlib import Path

import numpy as np
import pandas as pd

from experiments.findings import Answers
from experiments.study.design import Plan
from experiments.study.store import Folder
from tests.study import answers as made_up
from tests.study_helpers import planned

GROUPS = ("is_core", "donor_funded")
POLICIES = ("status_quo", "hawala_licensing", "privacy_delisting", "kinetic_pressure")


def study(path: Path, draws: int = 20) -> tuple[Folder, Plan, Answers]:
    """Write runs.parquet and weekly.parquet of a study of two groups; return its folder, plan and answers."""
    seeds = f"replications={2 * draws}"
    plan = planned("study=privacy_switch", seeds, f"profile={','.join(GROUPS)}", f"policy={','.join(POLICIES)}")
    rng = np.random.default_rng(0)
    noise = dict(zip(plan.rank, rng.normal(size=(draws, 4)), strict=True))
    rows = []
    for run in plan.runs():
        levels, drawn = plan.cells[run.cell].levels, plan.drawn(plan.group_of[run.cell], run.draw)
        base = 70.0 if levels["profile"] == "is_core" else 1.1
        policy = POLICIES.index(str(levels["policy"]))
        gap, money = drawn.get("rails.monero.gap", 4.0), drawn["combat.money"]
        switch = (levels["arm"] in ("announcement", "full")) * (4.0 - gap) * money * (base < 2.0)
        change = switch - (0.0, 1.2, 0.3, 20.0)[policy] * (1.0 + 0.3 * noise[run.draw][policy]) * levels["intensity"]
        rows.append(
            {
                "run": run.id,
                "replication": run.seed,
                "draw": run.draw,
                "seed": run.seed,
                **levels,
                "error": None,
                **drawn,
            }
            | {f"rate{window}": base * (1.0 + change / 100.0) for window in ("", "_13", "_79")}
            | {"capacity": base, "delivered": 8000.0 * (1.0 + switch / 100.0), "lawful_frozen": 0.0}
            | {"lawful_hindered": 1e6 * (1.0 + (0.0, 0.1, 6.0, 0.0)[policy] * float(levels["intensity"]))}
        )
    runs = pd.DataFrame(rows)
    runs.to_parquet(path / "runs.parquet")
    days = pd.date_range("2020-01-06", periods=104, freq="7D")
    quo = runs[runs["policy"] == "status_quo"]
    weekly = quo[["draw", "replication", *plan.factors, "rate"]].merge(
        pd.DataFrame({"week": range(104), "date": days.date}), how="cross"
    )
    weekly.to_parquet(path / "weekly.parquet")
    return Folder(path), plan, made_up.answers(draws)
