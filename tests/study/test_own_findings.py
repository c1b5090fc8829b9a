"""Findings of a study's own: what is counted, and how sure an answer is."""

import pandas as pd
import pytest

from experiments.findings import Because, Finding, Row
from experiments.messages import say
from experiments.study.own_findings import in_per_cent, large_first, rows_of, sure, tallied

ROW = (Row("even", 2),)
MEASURED = Because("record", grade="measured")


@pytest.mark.parametrize(
    ("part", "draws", "agree", "count", "of"),
    [
        (40, 40, "all", 40, 40), (0, 40, "none", 0, 40), (37, 40, "nearly-all", 37, 40), (25, 40, "most", 25, 40),
        (20, 40, "split", 20, 40), (2, 40, "few", 2, 40), (199, 200, "nearly-all", 199, 200), (1, 200, "few", 1, 200),
    ],
)  # fmt: skip
def test_what_agrees_is_counted(part, draws, agree, count, of):
    one = tallied(Finding("attribution-hit", draws=draws, rows=ROW), "eager", part=part, vendor="eager")
    assert [one.more[name] for name in ("agree", "count", "of")] == [agree, count, of]
    assert one.id == "attribution-hit/eager"
    assert f"{count} of {of}" in one.sentence()


def test_other_things_are_counted_exactly():
    one = tallied(Finding("calibration-moved", draws=500, verdict="", rows=ROW), part=11, of=106, because=MEASURED)
    assert one.sentence() == f"The record narrows some assumptions (11 of 106). The reason: {say('because-record')}."


@pytest.mark.parametrize(
    ("about", "share", "confidence", "reasons"),
    [
        ({"draws": 10}, 1.0, "none", ("few",)),
        ({"draws": 40, "group": "donor_funded"}, 1.0, "low", ("hypothetical",)),
        ({"draws": 40}, 0.5, "low", ("split",)),
        ({"draws": 30, "because": MEASURED}, 1.0, "moderate", ("few-draws",)),
        ({"draws": 40}, 1.0, "moderate", ("judgement",)),
        ({"draws": 40, "because": MEASURED}, 0.95, "high", ("agree", "measured")),
        ({"draws": 40, "because": MEASURED}, 0.0, "high", ("measured",)),
        ({"draws": 1, "n": 40, "mc_share": 1.0, "because": MEASURED}, 1.0, "low", ("one-set",)),
    ],
)
def test_how_sure_an_answer_is(about, share, confidence, reasons):
    found = sure(Finding("attribution-hit", rows=ROW, **about), share)
    assert (found.confidence, found.reasons) == (confidence, reasons)
    assert "onfidence" not in tallied(found, part=10, of=20, vendor="eager").sentence()


def test_helpers_of_rows():
    rows = large_first(pd.DataFrame({"profile": ["donor_funded", "is_core"]}))
    assert list(rows["profile"]) == ["is_core", "donor_funded"]
    assert [row.line for row in rows_of("even", rows.index)] == [3, 2]
    assert in_per_cent(Finding("claims-cashed", median=0.5)).median == 50.0
