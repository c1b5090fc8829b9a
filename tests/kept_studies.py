"""Small runs of every study, and digests of their tables that do not depend on last bits."""

import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.study import cli

STUDIES: dict[str, tuple[str, ...]] = {
    "privacy_switch": (
        "study=privacy_switch", "replications=40", "profile=donor_funded",
        "policy=status_quo,exchange_kyc,kinetic_pressure", "intensity=1",
    ),
    "structures": ("study=structures", "replications=8", "structure=default,former,rivals", "profile=donor_funded"),
    "traceability_sweep": ("study=traceability_sweep", "replications=2"),
    "validation": ("study=validation", "replications=4"),
    "calibrate": ("study=calibrate", "replications=24"),
    "claims": ("study=claims", "replications=6"),
    "attribution": ("study=attribution", "replications=6"),
    "answer": (
        "study=answer", "replications=4", "profile=donor_funded,khorasan", "year=2020,2026", "structure=default,former",
        "policy=exchange_kyc,kinetic_pressure",
    ),
    "choice": (
        "study=choice", "replications=8", "profile=donor_funded", "structure=default,rivals", "arm=none,announcement",
        "policy=status_quo,hawala_licensing,channel_takedown+counter_inspiration,kinetic_pressure",
    ),
    "inspiration": ("study=inspiration", "replications=4"),
    "sweep": ("study=sweep", "combat.money=0.05,0.45", "policy=exchange_kyc,status_quo", "replications=20"),
}  # fmt: skip
"""What is typed for each study."""
_LISTED = 8  # different words of a column that are counted one by one


def run(name: str, folder: Path) -> int:
    """Run a study small, with tables alone; returns the exit code."""
    return cli.run([*STUDIES[name], f"folder={folder}", "workers=1", "--no-figures"])


def digests(folder: Path) -> dict[str, dict[str, list[Any]]]:
    """A digest of every column of every CSV table: of numbers their count and two sums, of words how often each is.

    The second sum weighs each number by its line, so that rows that change places are seen.
    """
    return {
        file.name: {str(name): _digest(table[name]) for name in table}
        for file in sorted(folder.glob("*.csv"))
        if file.name not in ("codebook.csv", "posterior.csv")
        for table in [read(file)]
    }


def read(file: Path) -> pd.DataFrame:
    """A table of a study; an empty file is an empty table."""
    try:
        return pd.read_csv(file, low_memory=False)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _digest(column: "pd.Series[Any]") -> list[Any]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        lines = range(1, len(column) + 1)
        good = [(line, float(one)) for line, one in zip(lines, column, strict=True) if math.isfinite(one)]
        return [len(good), math.fsum(one for _, one in good), math.fsum(line * one for line, one in good)]
    counts = column.dropna().astype(str).value_counts(sort=False)
    words = sorted(counts.items()) if len(counts) <= _LISTED else [("different words", len(counts))]
    return [f"{word}: {count}" for word, count in words]
