"""Rows become findings, findings become sentences, and every message of every room can be read."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from experiments import text
from experiments.findings import Finding, base_levels, finding, findings, together, where
from experiments.messages import has, linked, marked, say, with_marks

ROW: dict[str, Any] = {"id": "switch/x", "contrast": "switch"}
ROW |= {"arm": "full", "policy": "status_quo", "profile": "donor_funded"}
ROW |= {"outcome": "capacity", "unit": "%", "n": 80, "draws": 40, "reference": 2.0, "mean": 2.5, "median": 3.0}
ROW |= {"below": 0.1, "within": 0.25, "above": 0.65, "low": 1.0, "high": 5.0, "margin": 1.0, "verdict": "raises"}
ROW |= {"mc_share": 0.2, "lower": 0.05, "higher": 0.95, "runs_needed": math.nan}


def test_a_finding_holds_its_row():
    one = findings("switch", pd.DataFrame([ROW | {"median": math.nan}, ROW]))[1]
    assert (one.group, one.arm, one.median, one.low, one.high, one.base) == ("donor_funded", "full", 3.0, 1.0, 5.0, 2.0)
    assert (one.below, one.within, one.above, one.draws, one.n) == (4, 10, 26, 40, 80)
    assert (one.lower, one.higher, one.counted) == (2, 38, 40)
    assert (one.rows[0].table, one.rows[0].line, one.rows[0].id) == ("effects", 3, "switch/x")
    first = finding("switch", ROW | {"median": math.nan})
    assert first.median == 2.5 and first.columns[0] == "mean"
    other = finding("x", {"harm": 4.0, "harm_low": 1.0, "harm_high": 6.0}, "frontier", 7, "harm", unit="USD/week")
    assert (other.median, other.low, other.unit, other.verdict) == (4.0, 1.0, "USD/week", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"draws": 5}, "draws"),
        ({"draws": 1, "n": 5, "mc_share": 1.0}, "seeds"),
        ({"draws": 1, "n": 30, "mc_share": 1.0}, "mean"),
        ({"low": -2.0, "runs_needed": 160.0}, "noise"),
        ({"low": -2.0, "mc_share": math.nan}, "single"),
    ],
)
def test_the_reason_why_it_is_inconclusive(changes, reason):
    one = finding("switch", ROW | {"verdict": "inconclusive"} | changes)
    assert one.reason == reason
    numbers = linked(one.with_marks(), lambda source, _: f"<{source.split(':')[2]}>")
    assert ("<low>" in numbers) is (reason in ("noise", "single", "mean"))
    assert ("<runs_needed>" in numbers) is ("runs_needed" in changes)
    assert numbers.count("<higher>") == 1


def test_findings_of_one_verdict_share_a_clause():
    one = finding("switch", ROW)
    every = [replace(one, group=group, verdict=verdict) for group, verdict in
             [("a", "raises"), ("b", "negligible"), ("c", "negligible"), ("d", "inconclusive"),
              ("e", "depends")]]  # fmt: skip
    clauses = together(every).split("; ")
    assert [[name for name in "ABCDE" if name in clause] for clause in clauses] == [["A"], ["E"], ["B", "C"], ["D"]]
    assert together(every).count("higher in 38 of 40 draws") == 5
    assert say("every", over="group") in together(every[1:3]) and together([]) == ""
    assert say("more", count=1) in together([one, *[replace(one, group=name) for name in "abc"], every[1]])


def test_what_an_effect_depends_on_is_named_where_it_is_known():
    row = ROW | {"verdict": "depends", "low": -4.0, "id": "x"}
    known, unknown = (finding("switch", row | {"depends_on": on}) for on in ("gifts_kept", ""))
    assert f"depends on {text.parameter('gifts_kept')}: +3" in known.sentence()
    assert say("on-what", **unknown.values) in unknown.sentence()
    assert known.reason == "" and f"{text.parameter('gifts_kept')} in" in together([known])


def test_a_finding_beside_another_names_both_rows():
    one, other = finding("switch", ROW, line=2), finding("harm", ROW, "frontier", 9)
    both = one.beside(harm=other)
    assert [row.table for row in both.rows] == ["effects", "frontier"]
    assert both.more["harm"] == "yes" and one.beside(harm=None).more == {"harm": "no"}
    assert linked(both.values["harm-effect"], lambda source, _: source.split(":")[0]) == "frontier"


def test_marks_are_for_links_alone():
    words = marked("effects:2:mean", "3%")
    assert say("draws", count=1) == "1 draw" and say("interval", low=words, high="5%") == "3% to 5%"
    assert linked(with_marks("interval", {"low": words, "high": "5%"}), "[{} {}]".format) == "[effects:2:mean 3%] to 5%"


def test_a_message_that_is_not_there_or_lacks_a_value_is_an_error():
    assert has("switch.title") and not has("switch.nothing") and not has("nothing")
    with pytest.raises(LookupError):
        say("nothing")
    with pytest.raises(ValueError, match="message interval"):
        say("interval", low="1")


def test_rows_by_levels():
    table = pd.DataFrame({"arm": ["a", "b", "a"], "link": [0.1, 0.1, 0.2], "outcome": "x"})
    assert where(table, arm="a", link=0.1, absent=1).index.tolist() == [0]
    assert base_levels(table, {"link": 0.2, "arm": "a"}) == {"link": 0.2}
    assert base_levels(table, {"link": 7}) == {"link": 0.1} and base_levels(pd.DataFrame(), {}) == {}


def test_numbers_keep_their_digits_and_no_more():
    def shown(value, *interval, sign=False):
        return text.number(value, text.decimals(value, *interval), sign)

    assert shown(0.0014, -0.0003, 0.0031, sign=True) == "+0.0014"
    assert shown(-12.345, -14.6, -10.1) == "−12.3" and shown(1_234_567.0, 1.1e6, 1.4e6) == "1,230,000"
    assert shown(0.000_012, -0.5, 0.5) == "0.00001"  # never shown as zero
    assert text.number(0.0, 2) == "0" == shown(0.0, 0.0, 0.0, sign=True)
    assert shown(1.0, 1.0 - 1e-9, 1.0 + 1e-9) == "1.0000" and text.number(math.nan, 2) == "–"
    assert text.amount(4.2, 1.0, 8.3) == "+4.2% (+1.0% to +8.3%)"
    values = [3226.4, 724.0, 0.0190, 0, -1.0, 31_527_029, 0.00123]
    assert [text.short(one) for one in values] == ["3,230", "724", "0.019", "0", "−1", "31.5 million", "0.00123"]


def test_names_of_conf_and_of_users():
    assert text.policy("exchange_kyc+counter_inspiration") == "checking identities at exchanges with counter-messaging"
    assert text.group("donor_funded", hypothetical=True) == "the hypothetical donor-funded group"
    assert text.group("my_group") == "My Group" and text.heading("is_core") == "Large group"
    assert text.short_arm("full") == "full switch" and text.arm("my_arm") == "my arm"
    assert text.outcome("capacity") == "attack capacity" and text.outcome("my_own") == "my own"


def test_a_table_of_effects_has_the_columns_of_its_head():
    lines = text.effects_table(pd.DataFrame([ROW | {"mc_low": 2.0, "mc_high": 3.0}]), ["arm"]).splitlines()
    assert lines[0].split() == ["arm", "median", "95", "%", "interval", "mean", "±", "n", "count", "verdict"]
    cells = "full +3.00 % +1.00 to +5.00 +2.50 0.500 80 higher in 38 of 40 raises"
    assert lines[1].split() == cells.split()
    assert isinstance(finding("switch", ROW), Finding)
