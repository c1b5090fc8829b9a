"""Sentences on the credibility of the model follow from the rows, in both directions."""

import json
import math
import re

import pandas as pd
import pytest

from experiments.evidence import cases, credibility, patterns
from sim.config.own_folder import FOUND
from sim.config.own_tables import texts_in, using
from tools import keep

FACTS = {"command": "python -m experiments study=validation", "version": "1.2.3", "commit": "0123456789abcdef"}
FACTS |= {"date": "2026-01-02", "replications": 100}
GROWTH = {"all": 0.9, "men": -0.3, "money": 0.05, "know-how": 0.45, "opportunity": 0.7}


def table(median=5.0, verdict="agrees", says="best year of the largest campaign", **more):
    row = {"case": cases.CORE, "pattern": says, "tag": "emergent", "unit": "USD", "fact": "some-fact"}
    row |= {"published_low": 2e6, "published_high": 2e6, "grade": "B", "low": 1.6e6, "high": 2.5e6}
    row |= {"median": median, "draws_low": 0.5 * median, "draws_high": 2 * median, "draws": 50}
    row |= {"verdict": verdict, "counts": True, "reason": ""}
    return pd.DataFrame([row | more])


def growth(**parts):
    return pd.DataFrame([{"part": part, "median": value} for part, value in (GROWTH | parts).items()])


def said(*rows, **parts):
    return credibility.standing(pd.concat(rows, ignore_index=True), growth(**parts), FACTS)


def test_the_summary_counts_what_can_support_the_model():
    found = said(table(), table(verdict="possible"), table(verdict="disagrees"), table(counts=False, tag="calibrated"))
    # agree, patterns, limits of those that agree, in some draws, disagree, figures, inside the published range
    assert re.findall(r"\d+", found.summary) == ["1", "3", "0", "1", "1", "1", "1", "0"]
    limit = said(table(), table(published_low=0.0), table(case="khorasan", published_low=0.0))
    assert (
        "(1 of these 2 is a limit only, which" in limit.summary and "khorasan 1 of 1 (1 a limit only)" in limit.summary
    )
    assert found.open.endswith("only: best year of the largest campaign.")
    assert said(table()).open == ""
    other = said(table(), table(case="khorasan", verdict="possible"))
    assert "Other cases: khorasan 0 of 1 (0 limits only), 1 in some draws only, 0 contradicted." in other.summary
    assert other.summary.endswith("All cases together rest on 1 published figure.")  # which judges twice
    assert other.open.endswith("best year of the largest campaign (khorasan).")
    assert found.source == (
        "python -m experiments study=validation (version 1.2.3, commit 0123456789, 2026-01-02, 100 replications)"
    )


def test_a_pattern_that_disagrees_is_named_with_its_direction_and_meaning():
    low, high = (said(table(median, "disagrees")).gaps[0] for median in (5e3, 9e6))
    (pattern,) = [one for one in cases.load(cases.CORE).patterns if one.says == "best year of the largest campaign"]
    assert "too low" in low and "5,000 (2,500 to 10,000) USD" in low and "2 million" in low
    assert "too high" in high and "9 million (4.5 million to 18 million) USD" in high
    assert pattern.if_low[1:] in low and pattern.if_high[1:] in high
    assert said(table()).gaps == ()
    assert "in some draws" in said(table(2e6, "disagrees")).gaps[0]
    assert "(calibrated): too low" in said(table(verdict="disagrees", tag="calibrated", counts=False)).gaps[0]


def test_every_emergent_pattern_says_what_it_would_mean_to_fail():
    for pattern in cases.load(cases.CORE).patterns:
        low, high, _ = cases.published(pattern)
        if pattern.counts:
            assert pattern.if_low or low == -math.inf, pattern.says
            assert pattern.if_high or high == math.inf, pattern.says


def test_what_is_outside_is_named_with_its_reason():
    found = said(table(verdict=patterns.OUTSIDE, median=math.nan, draws=0, counts=False, reason="no rails drift"))
    assert found.outside == ("Best year of the largest campaign: no rails drift.",) and not found.gaps


def test_a_mind_changes_beyond_both_the_draws_and_the_record():
    elasticity = "elasticity of attacks to income (% for 1 %), large group"
    row = {"says": elasticity, "unit": math.nan, "published_low": 0.08, "published_high": 0.25}
    (mind,) = said(table(0.1, **row)).minds
    assert mind.startswith(elasticity.capitalize()[:20]) and "0.05 to 0.25" in mind
    assert "0.25" not in said(table(0.1, "disagrees", **row)).minds[0]
    assert said(table()).minds == ()  # no answer turns on it


def test_the_rise_is_put_in_by_date_or_not():
    assert re.findall(r"\d\.\d+", said(table()).rise) == ["3.16", "0.779"]
    assert said(table()).rise.startswith("Most") and said(table(), men=1.5).rise.startswith("Less than half")
    assert said(table(), men=math.nan).rise == ""


def test_the_stored_tables_are_whole_and_of_this_versions_patterns():
    kept = credibility.kept()
    assert kept.summary and kept.minds and kept.outside and kept.source.startswith("python -m experiments study=")
    rows = pd.read_csv(credibility.FOUND / "validation.csv")
    for name, own in rows.groupby("case"):
        assert own["pattern"].tolist() == [pattern.says for pattern in cases.load(str(name)).patterns]


def test_without_stored_tables_there_is_nothing_to_say():
    with using({FOUND[0]: ""}):
        assert credibility.kept() == credibility.Standing()


def test_only_a_finished_study_of_a_commit_is_stored(tmp_path):
    study = tmp_path / "study"
    (study / "figures" / "analyst").mkdir(parents=True)
    table().to_csv(study / "validation.csv", index=False)
    growth().to_csv(study / "growth.csv", index=False)
    (study / "figures" / "analyst" / "validation.png").write_bytes(b"picture")
    whole = {"state": "finished", "study": {"report": "validation"}, "failed": 0, "dirty": False, "replications": 100}
    whole |= {"commit": FACTS["commit"], "model": "1.2.3", "command": FACTS["command"], "started": "2026-01-02T03:04"}
    unfit = [{"state": "running"}, {"dirty": True}, {"commit": None}, {"failed": 3}, {"study": {"report": "sweep"}}]
    for error in unfit:
        (study / "provenance.json").write_text(json.dumps(whole | error), encoding="utf-8")
        with pytest.raises(ValueError, match="study"):
            keep.validation(study, tmp_path / "found", tmp_path / "pages")
    assert not (tmp_path / "found").exists()
    (study / "provenance.json").write_text(json.dumps(whole), encoding="utf-8")
    keep.validation(study, tmp_path / "found", tmp_path / "pages")
    assert json.loads((tmp_path / "found" / "provenance.json").read_text(encoding="utf-8")) == FACTS
    with using(texts_in(tmp_path)):
        assert credibility.kept() == said(table())
    assert (tmp_path / "pages" / "validation.png").read_bytes() == b"picture"
