"""Write which conclusions of the headline study hold wherever the uncertain parameters come from.

  python -m tools.survives PLAUSIBLE POSTERIOR NONE

The arguments are folders of study=privacy_switch with uncertain=plausible, posterior and none. Writes
docs/calibration/survives.csv: what the switch and each policy at full strength do to attack capacity, by profile.
"""

import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("plausible", "posterior", "none")
_KEYS = ["contrast", "profile", "arm", "policy"]


def effects(folder: Path) -> pd.DataFrame:
    """Switch and policy effects on capacity in the base world, by contrast, profile, arm and policy."""
    rows = pd.read_csv(folder / "effects.csv")
    base = (rows["group.routing"].astype(float) == 0.1) & (rows["world"] == "as_it_was") & (rows["loop"] == "on")
    switch = (
        (rows["contrast"] == "switch") & (rows["policy"] == "status_quo") & rows["arm"].isin(["announcement", "full"])
    )
    policy = (rows["contrast"] == "policy") & (rows["arm"] == "announcement") & (rows["intensity"] == 1)
    return rows[base & (rows["outcome"] == "capacity") & (switch | policy)].set_index(_KEYS)


def words(contrast: str, profile: str, arm: str, policy: str) -> str:
    """A conclusion's subject in words."""
    about = f"{profile.replace('_', ' ')}: "
    return about + (f"switch ({arm})" if contrast == "switch" else policy.replace("_", " "))


def table(folders: dict[str, Path]) -> pd.DataFrame:
    """Return a row a conclusion: median, 95 % uncertainty interval and verdict by where parameters come from."""
    found = {name: effects(folder) for name, folder in folders.items()}
    rows = []
    for key in found["plausible"].index:
        row = {"conclusion": words(*key)}
        if all((some.loc[key, ["low", "high"]] == 0).all() for some in found.values()):
            continue  # a policy that cannot act on this group
        for name, some in found.items():
            one = some.loc[key]
            row |= {name: one["verdict"], f"{name}_low": one["low"], f"{name}_high": one["high"]}
            row |= {
                f"{name}_median": one["mean" if name == "none" else "median"]
            }  # of noise alone the interval is the mean's
        rows.append(row | {"survives": survives(str(row["plausible"]), str(row["posterior"]))})
    return pd.DataFrame(rows)


def survives(before: str, after: str) -> str:
    """What becomes of a verdict over plausible ranges once the record is heard."""
    if before == after:
        return "open" if before == "inconclusive" else "yes"
    return "verdict changes"


if __name__ == "__main__":
    made = table(dict(zip(SOURCES, map(Path, sys.argv[1:4]), strict=True)))
    (ROOT / "docs" / "calibration").mkdir(exist_ok=True)
    made.to_csv(ROOT / "docs" / "calibration" / "survives.csv", index=False)
    print(made["survives"].value_counts().to_string())
