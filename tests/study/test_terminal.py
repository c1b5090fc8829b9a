"""The summary of a study in the terminal: short, of all that was found, and never at odds with the findings."""

from dataclasses import replace

import pytest

from experiments import text
from experiments.findings import Finding, Row
from experiments.study import terminal
from sim.output import columns
from tests.study.answers import answers

FILES = ["runs.parquet", "effects.csv", "findings.csv", "findings.json", "brief.html", "brief.pdf", "explorer.html",
         "figures/analyst/1_forest.svg", "figures/analyst/1_forest.png"]  # fmt: skip


@pytest.mark.parametrize("width", [None, 80, 120, 200])
@pytest.mark.parametrize("draws", [4, 20, 50, 200])
def test_a_summary_has_at_most_25_lines(draws, width, monkeypatch):
    monkeypatch.setattr(columns, "terminal_width", lambda: width)
    monkeypatch.setattr(terminal, "terminal_width", lambda: width)
    after = ["Too few draws\nfor a verdict", "", *terminal.files_of("results/made_up", FILES)]
    lines = [*terminal.summary(answers(draws), after), *terminal.lines_of(after)]
    assert lines[-len(after) :] == after[0].split("\n") + after[2:]
    assert 8 < len(lines) <= terminal.LINES and "" not in lines
    assert max(map(len, lines)) <= (width or 130)


def test_a_summary_says_what_was_found():
    found = answers(200)
    words = "\n".join(terminal.summary(found))
    first, *_ = found.of("switch", group="is_core")
    assert " ".join(first.sentence().split()) in " ".join(words.split())
    best = [line for line in words.splitlines() if line.startswith("  ") and "fewer by" in line]
    assert 1 <= len(best) <= 3 and "Military pressure" in best[0]
    assert "Policies that hardly change attacks in the model" in words


def test_the_switch_is_shown_as_counts():
    found = answers(20)
    rows = [line.split() for line in terminal._switch(found.of("switch")) if line.startswith("  ")]
    assert [[int(one) for one in row if one.isdigit()][:3] for row in rows] == [
        [one.below, one.within, one.above] for one in found.of("switch")
    ]


def test_a_policy_of_which_harm_is_all_is_never_among_the_best():
    found = answers(200)
    idle = [replace(one, verdict="negligible") if one.policy == "exchange_kyc" else one for one in found.findings]
    words = terminal.summary(replace(found, findings=tuple(idle)))
    start = next(
        n for n, line in enumerate(words) if line.startswith("Policies that hardly change attacks in the model")
    )
    assert any("Checking identities" in line for line in words[start:])
    assert not any("Checking identities" in line for line in words[:start])


def test_a_policy_of_no_effect_on_a_group_that_is_hypothetical_is_not_said_to_be_on_record():
    found = answers(200)
    alone = [one for one in found.findings if one.group == "donor_funded"]
    idle = [replace(one, verdict="negligible") if one.policy == "exchange_kyc" else one for one in alone]
    words = " ".join(terminal.summary(replace(found, findings=tuple(idle))))
    assert "Checking identities at exchanges: attacks by the donor-funded group hardly change" in words


def test_no_policy_is_left_out_in_silence():
    found = answers(200)
    open_ = [
        replace(one, verdict="depends", changes=()) if one.policy == "kinetic_pressure" else one
        for one in found.findings
    ]
    for every in (found.findings, open_):
        words = " ".join(" ".join(terminal.summary(replace(found, findings=tuple(every)))).split()).lower()
        for one in found.of("policy"):
            assert text.policy(one.policy) in words, one.policy


def test_a_study_without_a_switch_prints_its_own_findings():
    count = {"agree": "all", "about": "no", "count": 20, "of": 20, "unit": "sets"}
    rows = (Row("attribution", 2, "a"),)
    own = [
        Finding("attribution-hit", f"attribution-hit/{one}", rows=rows, more={"vendor": one, **count})
        for one in ("eager", "careful")
    ]
    head, *lines = terminal.summary(replace(answers(20), findings=tuple(own)))
    assert head.startswith("Which policy is good") and len(lines) == 2 and "The switch" not in head
    assert all("more likely false than true" in line for line in lines)
    many = [replace(own[0], id=f"attribution-hit/{number}") for number in range(40)]
    lines = terminal.summary(replace(answers(20), findings=tuple(many)))
    assert len(lines) == terminal.LINES and lines[-1].startswith("17 more findings")


def test_files_are_counted_and_brief_and_explorer_named():
    [line] = terminal.files_of("results/made_up", FILES)
    for word in ("results/made_up", "brief.html", "explorer.html", "3 tables", "1 figure;", "--full"):
        assert word in line
    assert "figure" not in terminal.files_of("x", FILES[:2])[0]


def test_no_policy_is_left_out_without_a_word():
    every = [one for one in answers(200).of("policy") if one.group == "is_core"]
    words = " ".join(" ".join(terminal._policies("best", every, 200)).split())
    assert "And 3 more: prosecuting donors, taking down channels and military pressure" in words
    assert "more:" not in " ".join(terminal._policies("best", every[:3], 200))


def test_in_python_what_is_left_out_is_found_in_python():
    rest = terminal.files_of("results/made_up", FILES, python=True)
    many = [
        replace(
            answers(20).findings[0],
            kind="attribution-hit",
            id=f"attribution-hit/{number}",
            more={"vendor": "eager", "agree": "all"},
        )
        for number in range(40)
    ]
    lines = [*terminal.summary(replace(answers(20), findings=tuple(many)), rest, python=True), *rest]
    assert "study.files names" in rest[-1] and "--full" not in " ".join(lines)
