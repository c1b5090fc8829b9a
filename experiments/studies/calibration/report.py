"""The report of the calibration study: what the record leaves open, what it is silent on, and a test of the method."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import posterior
from experiments.evidence.posterior import RULED_OUT, Calibration
from experiments.study import saved_posterior
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import aligned, held, write_csv
from sim.engine.text import number, span
from sim.output import provenance

_FEW = 50  # draws that a posterior should be worth
_PAIRS = 12  # lines


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Weigh the draws, write the posterior and its tables, and draw the figures."""
    runs = pq.read_table(folder.path / "runs.parquet").to_pandas()
    found = posterior.calibration(runs, plan.study.base, quantiles_of(plan, runs))
    tables = {"evidence": evidence(found)}
    files = ["runs.parquet"]
    if held(plan):
        files.append(write_csv(folder, "evidence.csv", tables["evidence"]))
        return Said(_of_one_point(tables["evidence"]), files)
    recovered = posterior.recover(found)
    tables["parameters"] = posterior.learned(found)
    tables["pairs"] = posterior.traded(found)
    tables["predictive"] = posterior.predicted(found, runs, plan.study.base)
    informed = tables["parameters"].query("says == 'narrowed'")["parameter"].tolist()
    tables["recovery"] = posterior.coverage(recovered.fine, informed)
    tables["worth"] = posterior.by_worth(recovered)
    fine = recovered.fine
    tables["trials"] = fine.places.assign(effective=fine.effective).rename_axis("draw").reset_index()
    files += [write_csv(folder, f"{name}.csv", table) for name, table in tables.items()]
    folder.write("posterior.csv", posterior_of(plan, found, facts))
    files.append("posterior.csv")
    said = [text(found, tables, recovered), ""]
    if settings.figures:
        from experiments.studies.calibration import figures

        small = provenance.small_print(facts)
        drawn = figures.save_calibration(tables, summary(found), folder.path / "figures", small)
        files += [str(path.relative_to(folder.path)) for path in drawn]
    return Said("\n".join(said).rstrip(), files)


def quantiles_of(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """At which quantile of its range each draw has each parameter that it draws; a row a draw."""
    draws = sorted(runs["draw"].unique())
    if held(plan):
        return pd.DataFrame(index=pd.Index(draws, name="draw"))
    used = sorted({one.dimension for group in plan.groups for one in group.ranges if not _idle(plan, one.name)})
    rows = [plan.known[draw][used] for draw in draws]
    return pd.DataFrame(np.array(rows), pd.Index(draws, name="draw"), [plan.declared_at[place] for place in used])


def _idle(plan: Plan, name: str) -> bool:
    """Whether a parameter can act in no run: what policies do, where there are none (a leader's death is a shock)."""
    policies = any(cell.scenario.policies for cell in plan.cells)
    return name.startswith("effects.") and name != "effects.leader_recovery" and not policies


def posterior_of(plan: Plan, found: Calibration, facts: dict[str, Any]) -> bytes:
    """The file of the posterior: the draws that weigh anything."""
    weights = posterior.kept(found.weights)
    about = {
        "command": facts["command"],
        "model": facts["model"],
        "commit": facts["commit"],
        "date": facts["started"][:10],
        "draws": len(found.weights),
        "seeds_per_draw": plan.study.seeds_per_draw,
        "effective": round(posterior.effective(found.weights), 1),
    }
    quantiles = found.quantiles.loc[weights.index]
    return saved_posterior.written(
        weights.index.tolist(), weights.to_numpy(), quantiles.to_numpy(), list(quantiles), dict(plan.also), about
    )


def evidence(found: Calibration) -> pd.DataFrame:
    """Each piece of evidence: its figure and error, and how far it alone narrows the draws; a row each."""
    rows = []
    for one, measure in found.pieces:
        far = found.implausibility[one.pattern.of]
        alone = posterior.normalised(found.log_likelihood[one.pattern.of])
        rows.append(
            {
                "pattern": one.pattern.says,
                "unit": one.pattern.unit,
                "fact": one.pattern.fact or "",
                "grade": one.grade,
                "published_low": one.low,
                "published_high": one.high,
                "spread": one.spread,
                "luck": float(np.sqrt(measure.luck)),
                "ruled_out": float((far > RULED_OUT).mean()),
                "effective_share": posterior.effective(alone) / len(alone),
                "implausibility": float(far.mean()),
            }
        )
    return pd.DataFrame(rows)


def summary(found: Calibration) -> str:
    """What is left of the draws."""
    size = posterior.effective(found.weights)
    return (
        f"Of {len(found.weights):,} draws of the parameters, {int(found.open.sum()):,} are not ruled out by any "
        f"calibrated pattern (within {RULED_OUT:g} standard deviations); weighed by all together they are worth "
        f"{size:,.0f} equal draws"
    )


def _of_one_point(table: pd.DataFrame) -> str:
    """Whether the held point is ruled out."""
    worst = table.loc[table["implausibility"].idxmax()]
    out = worst["implausibility"] > RULED_OUT
    lines = [
        f"The held parameters are {'' if out else 'not '}ruled out: farthest is {worst['pattern']}, "
        f"{worst['implausibility']:.2f} standard deviations outside of what is published (limit {RULED_OUT:g})",
        "",
    ]
    rows = [(row["pattern"], f"{row['implausibility']:.2f}") for row in table.to_dict("records")]
    return "\n".join([*lines, *aligned([("calibrated pattern", "standard deviations outside"), *rows], (1,))])


def text(found: Calibration, tables: dict[str, pd.DataFrame], recovered: posterior.Recovery) -> str:
    """What the record leaves, what it narrows, what it cannot tell apart, and whether planted values are found."""
    parameters, pairs = tables["parameters"], tables["pairs"]
    narrowed = parameters[parameters["says"] == "narrowed"]
    lines = [f"{summary(found)}.", ""]
    if posterior.effective(found.weights) < _FEW:
        lines += ["That is few: intervals below are coarse. replications=N makes more draws.", ""]
    lines += [
        f"Parameters that the record narrows ({len(narrowed)} of {len(parameters)}; quantiles of the plausible range)"
    ]
    rows = [
        (row["parameter"], f"{row['middle']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}", f"{row['narrowed']:.2f}")
        for row in narrowed.to_dict("records")
    ]
    lines += aligned([("parameter", "middle", "90 %", "variance taken away"), *rows], (1, 2, 3))
    lines += ["", f"Of the other {len(parameters) - len(narrowed)} no shift is shown (parameters.csv)."]
    lines += ["", "Pairs that the record cannot tell apart (correlation of quantiles; one makes up for the other)"]
    rows = [
        (row["parameter"], row["other"], f"{row['correlation']:+.2f}", f"{row['low']:+.2f} to {row['high']:+.2f}")
        for row in pairs.head(_PAIRS).to_dict("records")
    ]
    lines += aligned([("parameter", "other", "correlation", "95 %"), *rows], (2, 3)) if rows else ["none"]
    lines += [f"... {len(pairs) - _PAIRS} more in pairs.csv"] if len(pairs) > _PAIRS else []
    lines += ["", "Patterns before and after the record was heard: middle draw [middle 90 % of draws]"]
    lines += aligned(
        [("pattern", "published", "prior", "posterior", "verdict"), *_before_and_after(tables["predictive"])]
    )
    lines += ["", *_recovery(tables["recovery"], recovered)]
    return "\n".join(lines)


def _before_and_after(table: pd.DataFrame) -> list[tuple[str, ...]]:
    rows = []
    for pattern, some in table.groupby("pattern", sort=False):
        prior, after = (some[some["draws"] == name].iloc[0] for name in ("prior", "posterior"))
        ranges = [
            f"{number(row['middle'], False)} [{span(row['draws_low'], row['draws_high'])}]" for row in (prior, after)
        ]
        verdicts = dict.fromkeys([prior["verdict"], after["verdict"]])
        rows.append(
            (str(pattern), span(prior["published_low"], prior["published_high"]), *ranges, ", then ".join(verdicts))
        )
    return rows


def _recovery(table: pd.DataFrame, recovered: posterior.Recovery) -> list[str]:
    groups = table[~table["parameter"].isin(recovered.places.columns)]
    lines = [
        f"Recovery: {len(recovered.places):,} draws played the truth, and the others looked for it; {recovered.counted}"
    ]
    return lines + [
        f"  90 % intervals of {row['parameter']} hold the planted value in {100 * row['covered']:.1f} % of trials "
        f"[{100 * row['low']:.1f} to {100 * row['high']:.1f}]"
        for row in groups.to_dict("records")
    ]
