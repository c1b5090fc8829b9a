"""One policy, group and arm has one answer on every surface: sentence, title, alternative text, cell and terminal."""

import re
from dataclasses import replace
from typing import Any

import pytest

from experiments.brief.blocks import Points, Table
from experiments.brief.content import document
from experiments.findings import (
    NOISY,
    SHOWN,
    Answers,
    Because,
    Finding,
    agreement,
    in_twentieths,
    read,
    rounded_up,
    written,
)
from experiments.messages import has, languages, say, speaking
from experiments.stats.estimates import MIN_DRAWS
from experiments.study.answering import _named, _tried, confidence_of, hangs_on_rules, table_of
from experiments.study.terminal import summary
from tests.study.answers import amount, answers
from tests.study_helpers import planned

DRAWS = (10, 20, 40, 60, 200)
MADE = [(draws, seed) for draws in DRAWS for seed in range(10)]
"""Fifty studies."""
_COUNT = re.compile(r"(\d+) (?:of|من أصل) (\d+)")


def counts(words: str) -> set[tuple[int, int]]:
    """All counts in words: 14 of 20, or all 20 repeats."""
    plain = re.sub("[\u2066-\u2069\u200e\u200f]", "", words)
    plain = re.sub(r"\ball (\d+) repeats\b", r"\1 of \1", plain)
    return {(int(part), int(of)) for part, of in _COUNT.findall(plain)}


def contradictions(one: Finding) -> list[str]:
    """What a finding says of itself on any surface that its draws do not."""
    values, found = one.values, list[str]()
    tally = {"lowers": values["below"], "no": values["within"], "raises": values["above"]}
    of = one.below + one.within + one.above
    found += ["sum"] * (of != len(one.changes) or sum(tally.values()) != values["of"])
    found += ["dots"] * ((values["dots"] == "twentieths") != (of > SHOWN))
    found += ["soonest"] * (one.kind == "policy" and bool(one.soonest) and one.answer == "no")
    found += ["side"] * (values["count"] != tally[values["side"]])
    part = {"lowers": one.below, "raises": one.above, "no": one.within}.get(one.answer, of)
    found += ["answer"] * (part < 0.45 * of)  # the median is beyond the margin without noise, counts are with it
    sign = {"lowers": -1.0, "raises": 1.0}.get(one.answer, 0.0)
    found += ["median"] * (sign * one.median < 0.0)
    own, every = (values["count"], values["of"]), {(count, values["of"]) for count in tally.values()}
    said = counts(one.sentence())
    found += ["sentence"] * (own not in said if said > {own} and one.because else said != {own})
    alt = re.sub("[\u2066-\u2069]", "", one.sentence("alt"))
    found += ["alt"] * any(not re.search(rf"\b{count}\b", alt) for count in (*tally.values(), values["of"]))
    found += ["confidence"] * ((one.answer == "few") != (one.confidence == "none"))
    found += ["cell"] * (one.kind == "policy" and not counts(say("brief-cell", **values)) <= every)
    return [f"{one.id}: {word}" for word in found]


def of_draws(study: Answers) -> list[Finding]:
    return [one for one in study.findings if one.kind in ("switch", "policy", "soon") and one.changes]


@pytest.mark.parametrize(("draws", "seed"), MADE)
def test_a_made_up_study_does_not_contradict_itself(draws: int, seed: int) -> None:
    study = answers(draws, seed)
    for language in languages() if seed == 0 else ("en",):
        with speaking(language):
            assert not [word for one in of_draws(study) for word in contradictions(one)]
    same = {(one.kind, one.policy, one.group, one.arm, one.window): one.answer for one in of_draws(study)}
    for (kind, policy, group, arm, window), answer in same.items():
        if kind == "soon" and window == study.about["window"]:
            assert same["policy" if policy else "switch", policy, group, arm, window] == answer


@pytest.mark.parametrize("draws", DRAWS)
def test_a_brief_and_the_terminal_show_the_counts_of_findings(draws: int) -> None:
    study = answers(draws, 3)
    known = {one.id: one for one in study.findings}
    whole: Any = document(study, "en")
    shown = [point for block in whole.blocks if isinstance(block, Points) for point in block.points if point.finding]
    cells = [cell for block in whole.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    assert shown and any(cell.finding for cell in cells)
    for one in (*shown, *(cell for cell in cells if cell.finding)):
        every = [each.values for each in study.findings if each.kind == "policy" and each.policy == one.finding.policy]
        values = [known[one.finding.id].values, *every]  # a policy that only does harm names a hypothetical group, too
        allowed = {(each[name], each["of"]) for each in values for name in ("count", "below", "above")}
        assert counts(re.sub("[\ue000-\ue002]", " ", one.words)) <= allowed, one.words
    assert len(summary(study)) <= 25


@pytest.mark.parametrize(("draws", "seed"), MADE[::5])
def test_sentences_are_short(draws: int, seed: int) -> None:
    for one in answers(draws, seed).findings:
        every = [one.sentence(form) for form in ("", "confidence", *(["price"] if one.kind == "policy" else []))]
        for sentence in re.split(r"(?<=[.:]) (?=[A-Z])", " ".join(every)):
            assert len(sentence.split()) <= 22, sentence
        if has(f"finding-{one.kind}.title") and one.arm != "full":
            assert len(one.sentence("title").split()) <= 14


def test_counts_in_words_are_true_and_dots_are_twentieths() -> None:
    assert in_twentieths((1, 198, 1)) == [[0.1], [1.0] * 19 + [0.8], [0.1]]
    assert in_twentieths((200, 0, 0)) == [[1.0] * 20, [], []]
    assert in_twentieths((3, 47, 0)) == [[1.0] * 3, [1.0] * 47, []]
    assert [sum(one) for one in in_twentieths((67, 67, 66))] == pytest.approx([6.7, 6.7, 6.6])
    assert agreement(199, 200) == {"agree": "nearly-all", "count": 199, "of": 200}
    words = [agreement(part, 20)["agree"] for part in (0, 1, 2, 3, 11, 12, 17, 18, 19, 20)]
    assert words == ["none", "few", "few", "split", "split", "most", "most", "nearly-all", "nearly-all", "all"]


def test_counts_answer_where_draws_are_too_few_for_a_verdict() -> None:
    one = next(one for one in answers(20).of("policy", group="is_core", policy="kinetic_pressure"))
    assert one.verdict == "inconclusive" and one.draws < MIN_DRAWS and one.answer == "lowers"
    assert replace(one, changes=one.changes[:19]).answer == "few"
    assert replace(one, below=17, within=3).answer == "depends"
    assert replace(one, below=18, within=2, above=0).answer == "lowers"
    assert replace(one, below=18, within=1, above=1).answer == "depends"
    assert replace(one, below=0, within=20, mc_share=1.0).answer == "no"
    assert replace(one, below=2, within=18).answer == "depends", "18 of 20 within are not all"
    assert {replace(one, mc_share=noise).answer for noise in (2 * NOISY, float("nan"))} == {"few"}


def test_more_draws_answer_no_less_than_few() -> None:
    one = next(one for one in answers(40).of("policy", group="is_core", policy="kinetic_pressure"))
    depends = replace(one, verdict="depends")
    assert replace(depends, below=39, within=1, above=0).answer == "lowers"
    assert replace(depends, below=39, within=0, above=1).answer == "depends"
    assert replace(depends, below=1, within=39, above=0).answer == "depends"
    near = replace(one, verdict="inconclusive")  # two words are as near, whatever is run
    assert replace(near, below=20, within=20, above=0).answer == "depends"
    assert replace(near, below=39, within=1, above=0).answer == "lowers"
    assert replace(near, below=20, within=20, above=0, runs_needed=160.0).answer == "few", "more runs would tell"
    assert replace(near, below=39, within=1, above=0, mc_share=2 * NOISY).answer == "few", "noise hides it"
    assert replace(near, mc_share=float("nan")).answer == "few"
    assert replace(near, draws=1, mc_share=1.0).answer == "few", "of seeds, the mean is judged"


def test_luck_force_rules_and_an_assumed_market_lower_confidence() -> None:
    study = answers(40)
    force = next(iter(study.of("policy", group="is_core", policy="kinetic_pressure")))
    assert confidence_of(force) == ("low", ("size-assumed",))
    assert confidence_of(replace(force, below=20, within=20, mc_share=0.5))[1] == ("luck", "size-assumed")
    assert confidence_of(replace(force, below=20, within=20, mc_share=0.3))[1] == ("split", "size-assumed")
    civil = replace(force, policy="hawala_licensing", agency="regulator", harm_verdict="raises")
    assert confidence_of(civil) == ("low", ("harm-assumed",))
    assert confidence_of(replace(civil, policy="privacy_delisting"))[1] == ("harm-assumed", "one-assumption")
    rules = {"default": [26, 14, 0], "cash": [27, 13, 0], "rivals": [5, 34, 1]}
    hanging = replace(force, agency="regulator", more={"rules": rules})
    assert confidence_of(hanging) == ("low", ("rules",)) and counts(hanging.sentence("rules")) == {(27, 40)}
    assert "fall in 5 to 27 of 40 sets, and under the usual ones in 26; they rise in up to 1." in hanging.sentence(
        "rules"
    )
    assert not hangs_on_rules({"default": [26, 14, 0], "cash": [27, 13, 0]})
    assert hangs_on_rules({"default": [26, 14, 0], "former": [20, 17, 3]}), "most, then split"


def test_the_only_group_of_a_study_is_named_as_hypothetical_where_it_is() -> None:
    plan = planned("study=sweep", "replications=1", "group=donor_funded", "combat.money=0.1,0.2")
    assert plan.only_group == "donor_funded" and _tried(plan) == 0
    assert planned("study=headline", "replications=1").only_group == ""
    for one in answers(40).of("switch", group="khorasan"):
        there = _named(replace(one, group=""), plan.only_group)
        assert there.group == "donor_funded" and there.reasons[0] == "hypothetical" and there.confidence == "low"
        assert "attacks by the hypothetical donor-funded group" in there.sentence()
        assert _named(one, plan.only_group) == one


def test_harm_has_a_verdict_and_a_share_of_its_own() -> None:
    one = next(iter(answers(40).of("policy", group="is_core", policy="hawala_licensing")))
    harm: dict[str, Any] = {"harm": amount("harm", 257_123.0, "USD/week")}
    harm["harm_share"] = amount("harm_share", 6.31, "%")
    said = {
        verdict: replace(one, harm_verdict=verdict, **harm).sentence("price")
        for verdict in ("raises", "negligible", "depends")
    }
    assert "hinders about 6.3% more lawful payments than today (260,000 USD a week), in a market" in said["raises"]
    assert said["negligible"].startswith("It hinders hardly more") and said["depends"].startswith("It is not shown")


def test_a_reason_is_a_bound_or_a_range() -> None:
    assert [rounded_up(value) for value in (0.352, 7.6, 12.1, 0.4)] == [0.4, 8.0, 13.0, 0.4]
    one = next(iter(answers(40).of("switch", group="is_core", arm="announcement")))
    assert "less than 0.3% of the money that the group spends in any set" in one.sentence()
    spread = replace(one, because=Because("spread", {"low": 0.001, "high": 0.076}))
    assert "what campaigns bring, 0.1% to 7.6% of the money" in spread.sentence()


def test_answers_come_back_from_their_file_and_each_number_has_a_row() -> None:
    study = answers(40)
    assert written(read(written(study))) == written(study)
    table = table_of(study)
    assert table["id"].is_unique and len(table) == len(study.findings)
    assert table.loc[table["kind"] == "policy", "confidence"].isin(["none", "low", "moderate", "high"]).all()
