"""Store what a finished study found, for the pages, the brief and later studies.

  python tools/keep.py validation FOLDER                     the tables of study=validation go to conf/found with their
                                                             origin, its figure to docs/validation
  python tools/keep.py survives PLAUSIBLE POSTERIOR NONE     folders of study=privacy_switch by uncertain=...: which
                                                             conclusions hold wherever uncertain parameters come from
                                                             (docs/calibration/survives.csv)

Then `python tools/make_docs.py` writes the pages.
"""

import json
import shutil
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("plausible", "posterior", "none")


def validation(study: Path, found: Path = ROOT / "conf" / "found", pages: Path = ROOT / "docs" / "validation") -> None:
    """Copy tables and figure of a finished validation study, and write their origin.

    Raises:
        ValueError: if the study is not a finished one of validation, or files of the model differed from its commit.
    """
    facts = json.loads((study / "provenance.json").read_text(encoding="utf-8"))
    if facts["state"] != "finished" or facts["study"]["report"] != "validation" or facts["failed"]:
        raise ValueError(f"{study}: not a finished validation study without failed runs")
    if facts["dirty"] or not facts["commit"]:
        raise ValueError(f"{study}: its runs belong to no commit; commit, and type the study again")
    for folder in (found, pages):
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("validation.csv", "growth.csv"):
        shutil.copyfile(study / name, found / name)
    shutil.copyfile(study / "figures" / "analyst" / "validation.png", pages / "validation.png")
    about = {"command": facts["command"], "version": facts["model"], "commit": facts["commit"]}
    about |= {"date": facts["started"][:10], "replications": facts["replications"]}
    (found / "provenance.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def survives(*folders: Path) -> None:
    """Write the effect of the switch and of each policy on attack capacity by the source of uncertain parameters."""
    found = {name: _effects(folder) for name, folder in zip(SOURCES, folders, strict=True)}
    rows = []
    for key in found["plausible"].index:
        contrast, profile, arm, policy = key
        subject = f"switch ({arm})" if contrast == "switch" else policy.replace("_", " ")
        row = {"conclusion": f"{profile.replace('_', ' ')}: {subject}"}
        if all((table.loc[key, ["low", "high"]] == 0).all() for table in found.values()):
            continue  # a policy that cannot act on this group
        for name, table in found.items():
            one = table.loc[key]
            median = one["mean" if name == "none" else "median"]  # of noise alone the interval is the mean's
            row |= {name: one["verdict"], f"{name}_low": one["low"], f"{name}_high": one["high"]}
            row[f"{name}_median"] = median
        changed = row["plausible"] != row["posterior"]
        row["survives"] = "verdict changes" if changed else "open" if row["plausible"] == "inconclusive" else "yes"
        rows.append(row)
    pd.DataFrame(rows).to_csv(ROOT / "docs" / "calibration" / "survives.csv", index=False)


def _effects(folder: Path) -> pd.DataFrame:
    """Switch and policy effects on capacity in the base world, by contrast, profile, arm and policy."""
    rows = pd.read_csv(folder / "effects.csv")
    base = (rows["group.routing"].astype(float) == 0.1) & (rows["world"] == "as_it_was") & (rows["loop"] == "on")
    arms = rows["arm"].isin(["announcement", "full"])
    switch = (rows["contrast"] == "switch") & (rows["policy"] == "status_quo") & arms
    policy = (rows["contrast"] == "policy") & (rows["arm"] == "announcement") & (rows["intensity"] == 1)
    chosen = rows[base & (rows["outcome"] == "capacity") & (switch | policy)]
    return chosen.set_index(["contrast", "profile", "arm", "policy"])


if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["validation", folder]:
                validation(Path(folder))
            case ["survives", _, _, _]:
                survives(*map(Path, sys.argv[2:]))
            case _:
                sys.exit(__doc__)
    except (OSError, ValueError) as error:
        sys.exit(f"Nothing was stored: {error}")
