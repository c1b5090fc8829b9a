"""The report of a sweep: the run table, and every effect that its cells allow."""

from typing import Any

from experiments.plan import Plan
from experiments.reports import Said
from experiments.reports.common import as_text, effects_of, runs_of, write_csv
from experiments.request import Settings
from experiments.store import Folder

_SHOWN = 40  # lines


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the effects; say those of the switch and of policies on capacity."""
    effects = effects_of(plan, runs_of(folder, plan))
    files = ["runs.parquet", write_csv(folder, "effects.csv", effects)]
    shown = effects[(effects["outcome"] == "capacity") & effects["contrast"].isin(["switch", "policy"])]
    varied = [name for name in shown.columns[: list(shown.columns).index("outcome")] if name != "id"]
    names = [name for name in varied if name == "contrast" or shown[name].nunique() > 1]
    parts = []
    if len(shown):
        parts += ["Effects on attack capacity, 52 weeks after the switch, per cent", as_text(shown.head(_SHOWN), names)]
    if len(shown) > _SHOWN:
        parts.append(f"... {len(shown) - _SHOWN} more in effects.csv")
    parts += ["", f"Files in {folder.path}: {', '.join(files)}, provenance.json"]
    return Said("\n".join(parts), files)
