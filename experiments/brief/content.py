"""The content of a brief: which findings of a study it shows, in which order and in which words, as blocks.

Page one holds the bottom line, the picture of the switch, and what to do, not to do and ask for. Page two says who can
act at which price, and what that depends on; a study without policies shows its own figures there. Page three holds
what changes with time, limits, the model against the record, what would change our mind, how to reproduce, and words. A
section that has nothing to show is left out.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import inf, isfinite
from operator import attrgetter
from pathlib import Path
from typing import Literal

from babel import Locale

from experiments import text
from experiments.brief import figures
from experiments.brief.blocks import (
    Block,
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Point,
    Points,
    Table,
    Terms,
    Tiles,
)
from experiments.brief.sections_file import Part
from experiments.findings import KINDS, Answers, Finding
from experiments.messages import has, say, speaking, with_marks
from experiments.stats.decision import FORCE
from experiments.stats.estimates import MIN_DRAWS
from sim.engine.text import capital
from sim.scenario import REAL

__all__ = ["SECTIONS", "document"]

MOST_WORDS = 14
"""Words of a title."""
LITTLE = 0.05
"""Share of the largest harm of a policy below which that of another is not shown."""
MOST_GROUPS = 3
"""Groups of one table."""
MOST_ROWS, MOST_TILES, MOST_ADVICE = 8, 12, 3
"""Policies of a table, tiles of a tally, and points of a box."""
MOST_REFUSED = 2
"""Policies that only do harm, of a box."""
SELDOM = 0.05
"""Share of draws up to which a fall is not said."""
ON_RAIL = {"stablecoin": "issuer_freezing"}
"""The policy that acts on a rail; on another coin it is `DELISTING`."""
DELISTING = "privacy_delisting"
_PLACES = {
    "is_core": ("core", "iraq", "syria", "large group", "local revenue"),
    "donor_funded": ("on gifts",),
    "external_network": ("external network",),
    "khorasan": ("khorasan",),
}
"""Words of patterns on record that are on a group."""
_LIMITS = ("judgement", "date", "campaign", "cost", "civilians", "hypothetical", "forecast")
_TERMS = {
    "": ("set", "no-change", "confidence"),
    "switch": ("switch", "privacy-coin", "traceability", "hypothetical"),
    "policy": ("delisting", "hawala", "hindered"),
}
_BRACKETS = re.compile(r" *\([^()]*\)")
_FROM_GUESSES = ("C", "M")
"""Grades of evidence that are judgement or memory."""


# --- what a study has -------------------------------------------------------------------------------------------------


def _groups(answers: Answers) -> list[str]:
    """Groups in the order of the study, the large one first."""
    names = dict.fromkeys(one.group for one in answers.findings if one.kind in ("switch", "policy"))
    return sorted(names, key=lambda name: name != "is_core")


def _switches(answers: Answers) -> list[Finding]:
    """The switch in each group, in the first arm that the study compares."""
    found = answers.of("switch")
    return [one for group in _groups(answers) for one in found if one.group == group and one.arm == found[0].arm]


def _by_policy(answers: Answers) -> dict[str, dict[str, Finding]]:
    """Findings on each policy by group."""
    found: dict[str, dict[str, Finding]] = {}
    for one in answers.of("policy"):
        found.setdefault(one.policy, {}).setdefault(one.group, one)
    return found


def _largest_harm(policies: Sequence[Finding]) -> Finding | None:
    """The policy that hinders most lawful money, in the first group in which that is shown."""
    worst = max(policies, key=attrgetter("hindered"), default=None)
    return next((one for one in policies if worst and one.policy == worst.policy and one.hindered), None)


def on_record(found: Sequence[Finding]) -> list[Finding]:
    """Findings on groups on record; all if there are none."""
    return [one for one in found if one.group not in text.HYPOTHETICAL] or [*found]


def firsts(found: Sequence[Finding]) -> list[Finding]:
    """The first finding on each policy, in their order."""
    by_policy: dict[str, Finding] = {}
    for one in found:
        by_policy.setdefault(one.policy, one)
    return [*by_policy.values()]


def only_harm(answers: Answers) -> list[Finding]:
    """Policies that hinder lawful payments and hardly change attacks by any group on record, each once.

    The policy that acts on the coin that is asked for comes first, the others by their harm; of those, one with little
    harm beside the largest of any policy is left out.
    """
    real = on_record(answers.of("policy"))
    useful = {one.policy for one in real if one.answer != "no"}
    asked = next((str(one.more.get("rail")) for one in answers.of("switch")), "")
    first, little = (
        ON_RAIL.get(asked, DELISTING),
        LITTLE * max((one.hindered for one in answers.of("policy")), default=0.0),
    )
    harmful = [one for one in real if one.policy not in useful and one.hindered > little * (one.policy != first)]
    return firsts(sorted(harmful, key=lambda one: (one.policy != first, -one.hindered)))


def _futile(answers: Answers) -> list[Finding]:
    """Policies that hardly change attacks in any group."""
    changing = {one.policy for one in answers.of("policy") if one.answer != "no"}
    return [one for one in answers.of("policy") if one.policy not in changing]


def _lowering(answers: Answers) -> list[Finding]:
    """Policies that lower attacks, those against groups on record first, each where it does so most."""
    found = [one for one in answers.of("policy") if one.answer == "lowers"]
    return firsts(sorted(found, key=lambda one: (one.group in text.HYPOTHETICAL, one.median)))


def _shown(answers: Answers) -> list[str]:
    """Policies of the table: those chosen, those of no use, the most harmful, and those that change attacks most."""
    every, largest = answers.of("policy"), _largest_harm(answers.of("policy"))
    real = on_record(every)
    change = {name: max(abs(one.median) for one in real if one.policy == name) for name in {one.policy for one in real}}
    ranked = sorted(firsts(every), key=lambda one: -change.get(one.policy, 0.0))
    moving = [one for one in ranked if any(each.answer != "no" for each in every if each.policy == one.policy)]
    found = [*_chosen(answers), *only_harm(answers)[:MOST_REFUSED], *([largest] if largest else []), *moving]
    return list(dict.fromkeys(one.policy for one in found))[:MOST_ROWS]


def _choices(answers: Answers) -> list[Finding]:
    """The least regretted policies with any staff, of all and without force, by group."""
    known = [one for one in answers.of("choice") if one.more.get("staff") == "any"]
    return [one for group in _groups(answers) for one in known if one.group == group]


def _chosen(answers: Answers) -> list[Finding]:
    """The choices in the first group, of a study that is about them; without force first, for its harm is known."""
    found = _choices(answers) if answers.about.get("report") == "choice" else []
    found = [one for one in found if one.group == found[0].group]
    return sorted(found, key=lambda one: one.more.get("among") == "all")


def _point(one: Finding, words: str = "") -> Point:
    return Point(words or capital(one.with_marks()), one.with_marks("confidence"), one)


def _sentences(found: Sequence[Finding]) -> list[Block]:
    return [Points([Point(capital(one.with_marks()), finding=one) for one in found])] if found else []


def _titled(section: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """A heading and its blocks, if there are any."""
    if blocks:
        yield Heading(say(f"brief-{section}"))
        yield from blocks


# --- page one ---------------------------------------------------------------------------------------------------------


def _title(answers: Answers) -> str:
    """The headline of a study, at most 14 words: its choice, or its switch, or its first finding, or its title."""
    chosen, switches = _chosen(answers), _switches(answers)
    first = next(iter([*chosen, *switches, *answers.findings]), None)
    titles = [*([_headline(first)] if first else []), _study(answers)]
    differing = [one for one in switches[1:] if one.answer != switches[0].answer]
    if differing and not chosen:
        made_up = all(one.group in text.HYPOTHETICAL for one in differing)
        all_ = "yes" if len(differing) == len(switches) - 1 else "no"
        titles.insert(0, say("brief-title", title=titles[0], hypothetical="yes" if made_up else "no", all=all_))
    fitting = [one for one in titles if 0 < len(one.split()) <= MOST_WORDS]
    return capital(fitting[0] if fitting else say("brief-title.none"))


def _headline(one: Finding) -> str:
    """The title of a finding, or its sentence without brackets."""
    if any(has(f"{kind}.title") for kind in (one.kind, f"finding-{one.kind}")):
        return one.sentence("title")
    return _BRACKETS.sub("", one.sentence()).rstrip(".")


def _head(answers: Answers) -> Iterator[Block]:
    about = answers.about
    yield Paragraph(say("brief-kicker", title=_study(answers), date=_day(answers)), "kicker")
    yield Heading(_title(answers), 1)
    if asked := str(about.get("question") or ""):
        yield Paragraph(say(asked) if has(asked) else asked, "note")  # that of a study is a message
    if planned := about.get("planned"):
        made = about.get("draws") or about.get("replications")
        unit = "sets" if about.get("draws") else "seeds"
        yield Paragraph(say("brief-partial", made=made, of=planned, unit=unit), "note")
    if (levels := about.get("levels")) and "studies" not in about:
        yield Paragraph(say("brief-at", levels=text.levels(levels)), "note")


def _counts(answers: Answers) -> str:
    """What a study counts: ``sets`` of assumptions, or ``seeds`` if parameters are held."""
    return "seeds" if answers.about.get("draws") == 0 else "sets"


def _study(answers: Answers) -> str:
    return text.study(answers.study, str(answers.about.get("title", "")))


def _day(answers: Answers) -> str:
    return text.day(date.fromisoformat(found)) if (found := answers.about.get("date")) else "–"


def _bottom_line(answers: Answers) -> Iterator[Block]:
    """Three points: the switch in the first group, the policy that lowers attacks most, and the largest harm.

    A study of the choice has the choices and their price instead of policies, and the switch after them.
    """
    switches, chosen, policies = _switches(answers), _chosen(answers), answers.of("policy")
    points = [_switched(one) for one in switches[:1]]
    best, largest = next(iter(_lowering(answers)), None), _largest_harm(policies)
    if chosen:
        points = [*(_choice(answers, one) for one in chosen[:2]), *points]
    elif best:
        points.append(_point(best, _effective(answers, best)))
    if largest and largest.policy not in {name for one in chosen for name in one.policy.split("+")}:
        points.append(_point(largest, _hindering(largest)))
    if not points[MOST_ADVICE - 1 :] and switches[1:]:
        points.append(_least(switches))
    if not switches:
        points = [*points, *map(_point, answers.findings)]
    yield from _titled("bottom-line", [Points(points[:MOST_ADVICE], role="bottom_line")] if points else [])


def _switched(one: Finding) -> Point:
    """What the switch does; of no change in the large group, with what is on record and outside the model."""
    beyond = f" {say('limit-campaign')}" if one.group == "is_core" and one.answer == "no" else ""
    return _point(one, f"{capital(one.with_marks())}{beyond}")


def _least(switches: Sequence[Finding]) -> Point:
    """The first group whose answer differs from that of the first, or that all others have the same.

    Where runs are too few there is no answer that others could have too.
    """
    others = [one for one in switches[1:] if one.answer != switches[0].answer or one.answer == "few"]
    if others:
        return _point(others[0])
    least = min(switches[1:], key=lambda one: _CONFIDENCES.index(one.confidence))
    names = text.listed([text.group(one.group) for one in switches[1:]])
    return _point(least, with_marks("brief-same", {"groups": names}))


def _effective(answers: Answers, one: Finding) -> str:
    """A policy that lowers attacks, how much, and its price, or that it is no recommendation without one."""
    known = one.harm_modelled != "no"
    tried = "all" if "studies" in answers.about else answers.about.get("tried", "all")
    return f"{_words('brief-most', one, tried=tried)} {one.with_marks('price') if known else say('finding-unpriced')}"


def _hindering(one: Finding) -> str:
    """A policy that does harm, its range, and what it buys."""
    low, high = (one.harm.low, one.harm.high) if one.harm else (inf, inf)
    ends = {"low": text.brief_number(low), "high": text.brief_number(high)}
    beyond = "yes" if one.averted and one.averted.median * 100.0 >= one.margin * one.base else "no"
    return _words("brief-harm", one, beyond=beyond, ranged="yes" if isfinite(high) else "no", **ends)


def _choice(answers: Answers, one: Finding) -> Point:
    """A choice, and the price and confidence of its policy."""
    known = next(iter(answers.of("policy", policy=one.policy, group=one.group)), None)
    if known is None:
        return Point(capital(one.with_marks()), finding=one)
    price = "" if one.harm_modelled == "no" else f" {known.with_marks('price')}"
    return Point(f"{capital(one.with_marks())}{price}", known.with_marks("confidence"), known)


_CONFIDENCES = ("none", "low", "moderate", "high")


def _words(message: str, one: Finding, **values: str | int) -> str:
    return capital(with_marks(message, {**one.values, **values}))


def _dots(answers: Answers) -> Iterator[Block]:
    picture = figures.switch_dots(_switches(answers), answers.about)
    if picture:
        yield picture
        asked = [say("brief-asking", **one.values) for one in _switches(answers)[:1]]
        known = {group: f"group-{group.replace('_', '-')}.what" for group in _groups(answers)}
        named = {text.heading(group): say(what) for group, what in known.items() if has(what)}
        words = [
            say("brief-key", unit=_counts(answers)),
            *_when(answers),
            *asked,
            *(say("brief-group", group=group, what=what) for group, what in named.items()),
        ]
        yield Paragraph(" ".join(words), "note")


def _when(answers: Answers) -> Iterator[str]:
    """Which weeks attacks are of, and what today is; of several studies nothing, for they may differ in it."""
    about = answers.about
    if about.get("switch") and "studies" not in about:
        weeks = text.with_unit(str(about["window"]), "weeks")
        yield say("brief-when", weeks=weeks, day=text.day(date.fromisoformat(about["switch"])))


def _advice(answers: Answers) -> Iterator[Block]:
    """What to do, or to consider with low confidence, not to do, and ask for: only where rows carry it.

    A policy that hardly changes attacks has *no effect*; *do not* asks that it hinders more than users bear today.
    """
    if answers.about.get("draws", 0) < MIN_DRAWS:
        return
    best = _best_without_force(answers)
    title, do = "brief-consider", []
    if best and best.policy in {one.policy for one in _chosen(answers)}:
        pass  # page one begins with it
    elif best and best.median <= -best.margin:
        title = "brief-consider" if best.confidence == "low" else "brief-do"
        words = f"{_words('brief-do-point', best)} {best.with_marks('price')}"
        do = [_point(best, words)] if best.answer in ("lowers", "depends") else []
    elif best and isfinite(best.median):
        title, do = "brief-do", [Point(_words("brief-do-none", best), finding=best)]
    known: list[Finding] = list({str(one.values.get("parameter", one.id)): one for one in answers.of("value")}.values())
    refused = only_harm(answers)[:MOST_REFUSED]
    harmful = any(one.harm_verdict == "raises" for one in refused)
    boxes: list[tuple[Literal["do", "do_not", "ask"], str, list[Point]]] = [
        ("do", title, do),
        ("do_not", "brief-do-not" if harmful else "brief-no-use", [_refused(answers, one) for one in refused]),
        ("ask", "brief-ask", [Point(capital(one.with_marks()), finding=one) for one in known]),
    ]
    yield from (Points(points[:MOST_ADVICE], say(title), role) for role, title, points in boxes if points)


def _best_without_force(answers: Answers) -> Finding | None:
    """The policy without force that averts most attacks by the first group on record, if some of its harm is known."""
    some = [one for one in on_record(answers.of("policy")) if one.changes]
    known = [
        one for one in some if one.group == some[0].group and FORCE not in one.agency and one.harm_modelled != "no"
    ]
    return min(known, key=lambda one: one.median, default=None)


def _refused(answers: Answers, one: Finding) -> Point:
    """A policy that only does harm, and how often it lowers attacks by a hypothetical group."""
    made_up = [each for each in answers.of("policy", policy=one.policy) if each.group in text.HYPOTHETICAL]
    most = max(made_up, key=lambda each: each.below, default=one)
    words = [_words("brief-do-not-point", one)]
    if most is not one and most.below > SELDOM * len(most.changes):
        words.append(_words("brief-made-up", most, group=text.group(most.group, hypothetical=True)))
    return _point(one, " ".join(words))


# --- page two ---------------------------------------------------------------------------------------------------------


def _decisions(answers: Answers) -> Iterator[Block]:
    """Tables of policies by who acts, three groups each, and in a line those that do less."""
    every, groups = _by_policy(answers), _groups(answers)
    shown = {name: by_group for name, by_group in every.items() if name in _shown(answers)}
    blocks: list[Block] = []
    for place in range(0, len(groups), MOST_GROUPS):
        some = groups[place : place + MOST_GROUPS]
        blocks += [_table(answers, shown, some)] if shown else []
    futile = {one.policy: one.harm_modelled != "no" for one in _futile(answers)}
    left = [name for name in every if name not in shown]
    rest = {
        "idle": [name for name in left if futile.get(name)],
        "unknown": [name for name in left if futile.get(name) is False],
        "less": [name for name in left if name not in futile],
    }
    lines = [_rest(f"brief-rest-{which}", names) for which, names in rest.items() if names]
    if shown:
        first = next(iter(next(iter(shown.values())).values()))
        lines.append(say("brief-dots", **first.values))
        if first.draws < answers.about.get("draws", 0):
            lines.append(say("brief-fewer", count=first.draws, of=answers.about["draws"]))
    blocks += [Paragraph(" ".join(lines), "note")] if lines else []
    civil = [one for one in _choices(answers) if one.group == groups[0] and one.more.get("among") != "all"]
    choices = [] if _chosen(answers) else civil
    yield from _titled("policies", [*blocks, *_sentences(choices[:2])])


def _rest(message: str, names: Sequence[str]) -> str:
    """Policies that have no row: single ones by name, and how many mixes of them."""
    single = [text.policy(name) for name in names if "+" not in name]
    mixes = [say("brief-mixes", count=len(names) - len(single))] if len(names) > len(single) else []
    return say(message, policies=text.listed([*single, *mixes]))


def _table(answers: Answers, every: Mapping[str, Mapping[str, Finding]], groups: Sequence[str]) -> Table:
    ordered = _by_agency({name: by_group for name, by_group in every.items() if any(one in by_group for one in groups)})
    first = next((one for one in answers.of("policy", group=groups[0])), None)
    base = str(first.values["base"]) if first else ""
    head = [
        say("brief-head-policy"),
        *(text.heading(group) for group in groups),
        with_marks("brief-head-averted", {"base": base, "group": text.group(groups[0])}),
        *(say(f"brief-head-{name}") for name in ("soonest", "harm", "cost", "harmed")),
    ]
    rows = [_row(name, every[name], groups) for name in ordered]
    numbers = [len(groups) + place for place in (1, 2, 3, 4)]
    return Table(
        head, rows, numbers=numbers, ranks=[ordered.index(name) for name in _shown(answers) if name in ordered]
    )


def _by_agency(every: Mapping[str, Mapping[str, Finding]]) -> list[str]:
    """Policies by who acts: agencies by their best policy, and policies of an agency by what they lower or hinder."""

    def worth(name: str) -> tuple[bool, bool, float]:
        found = every[name].values()
        return "+" in name, all(one.answer == "no" for one in found), min(one.median for one in found)

    ranked = sorted(every, key=worth)
    agencies = list(dict.fromkeys(_agency(every[name]) for name in ranked))
    return sorted(ranked, key=lambda name: agencies.index(_agency(every[name])))


def _agency(by_group: Mapping[str, Finding]) -> str:
    return next(iter(by_group.values())).agency


def _row(name: str, by_group: Mapping[str, Finding], groups: Sequence[str]) -> list[Cell]:
    one = by_group.get(groups[0]) or next(iter(by_group.values()))
    harmful = next((each for each in by_group.values() if each.hindered), one)
    soonest = one.soonest if one.group == groups[0] else 0
    return [
        Cell(capital(_strength(say("brief-policy", **one.values), one)), finding=one),
        *(_cell(by_group.get(group)) for group in groups),
        Cell(_averted(one) if one.group == groups[0] else say("brief-averted.none")),
        Cell(say("brief-soonest", weeks=soonest)),
        Cell(_hindered(harmful), modelled=one.harm_modelled != "no"),
        Cell(with_marks("brief-cost", one.values)),
        Cell(_harmed(name)),
    ]


def _strength(words: str, one: Finding) -> str:
    """Words on a policy, with its intensity if that is not full."""
    intensity = float(one.more.get("intensity", 1.0))
    if intensity == 1.0:
        return words
    return say("brief-strength", policy=words, share=text.with_unit(text.brief_number(100.0 * intensity), "%"))


def _averted(one: Finding) -> str:
    """Attacks that a policy averts in the first group; no change if that is below the margin."""
    if one.averted is None:
        return say("brief-averted.none")
    return say("no-change") if 100.0 * abs(one.averted.median) < one.margin * one.base else str(one.values["averted"])


def _cell(one: Finding | None) -> Cell:
    """What a policy does in a group: dots and their count; in words if it was not run or changes nothing at all."""
    if one is None:
        return Cell(say("brief-cell.missing"))
    if one.because and one.because.kind == "idle" and not one.hindered:
        return Cell(say("brief-cell.idle"), finding=one)
    return Cell(with_marks("brief-cell", one.values), one.changes, one)


def _hindered(one: Finding) -> str:
    if one.harm_modelled != "no" and not one.hindered:
        return say("brief-harm-cell.none")
    return with_marks("brief-harm-cell", {**one.values, "modelled": one.harm_modelled})


def _harmed(mix: str) -> str:
    """Who else is harmed by a policy, or by each of a mix."""
    names = [f"brief-harmed-{name.replace('_', '-')}" for name in mix.split("+")]
    every = dict.fromkeys(say(name if has(name) else "brief-harmed-other") for name in names)
    named = [one for one in every if one != say("brief-harmed-counter-inspiration")]  # not modelled
    return text.listed(named or [*every])


def _depends(answers: Answers) -> Iterator[Block]:
    """The map of two conditions of the first group whose answer depends on them, and sentences on the others."""
    open_ = [one.group for one in answers.of("switch") if one.answer not in ("no", "few")]
    turns = [one for one in answers.of("turn") if one.group in open_] or answers.of("turn")[:1]
    pictures = [picture for one in turns if (picture := figures.conditions(one, answers.about))][:1]
    yield from _titled("depends", [*_sentences(turns[:2]), *pictures])


def _traceability(answers: Answers) -> Iterator[Block]:
    laws = answers.of("law")
    picture = figures.traceability(laws, answers.about) if laws else None
    yield from _titled("traceability", [*_sentences(laws[:2]), *([picture] if picture else [])])


def _soon(answers: Answers) -> Iterator[Block]:
    found = answers.of("soon")
    picture = figures.soon(found, answers.about) if found else None
    yield from _titled("soon", [picture] if picture else [])


def _figures(answers: Answers) -> Iterator[Block]:
    """The study's own figures, of which ``about`` names file and finding, and its own findings."""
    blocks: list[Block] = []
    known = {one.id: one for one in answers.findings}
    for one in answers.about.get("figures", ()):
        files = [Path(one["file"]).with_suffix(kind) for kind in (".svg", ".png")]
        finding = known.get(one.get("finding", ""))
        if finding and all(file.exists() for file in files):
            svg, png = (file.read_bytes() for file in files)
            blocks.append(Picture(files[0].stem, finding.sentence(), svg, png, _headline(finding)))
    own = [one for one in answers.findings if one.kind not in KINDS]
    others = {one.group for one in _chosen(answers)}
    blocks += _sentences([one for one in _choices(answers) if others and one.group not in others])
    rest = own if answers.of("switch") else own[3:]
    blocks += [Points([_point(one) for one in rest[:6]])] if rest else []
    yield from _titled("own", blocks)


# --- page three -------------------------------------------------------------------------------------------------------


def _limits(answers: Answers) -> Iterator[Block]:
    about = answers.about
    grades = {grade: drawn for grade, (_, drawn) in about.get("evidence", {}).items()}
    made_up = [text.group(name) for name in _groups(answers) if name in text.HYPOTHETICAL]
    policies = answers.of("policy")
    holds = {
        "judgement": sum(grades.values()) > 0,
        "date": "is_core" in _groups(answers),
        "campaign": bool(answers.of("switch")),
        "cost": any(one.priced != "yes" for one in policies),
        "civilians": any(FORCE in one.agency for one in policies),
        "hypothetical": bool(made_up),
        "forecast": True,
    }
    values = {
        "judged": f"{sum(grades.get(one, 0) for one in _FROM_GUESSES):,}",
        "of": f"{sum(grades.values()):,}",
        "groups": text.listed(made_up),
    }
    points = [Point(say(f"limit-{name}", **values)) for name in _LIMITS if holds[name]][:5]
    ruled = [one.with_marks("rules") for one in _switches(answers) if one.more.get("rules")]
    points += [Point(" ".join(ruled[:2]))] if ruled else []
    caveat = str(about.get("caveat", "")).replace(REAL, say("limit-caveat"))
    points += [Point(capital(caveat).rstrip(".") + ".")] if caveat else []
    yield from _titled("limits", [Points(points)])


def _validation(answers: Answers) -> Iterator[Block]:
    """Patterns on record, those that the model contradicts and those on groups of the brief first; all are counted."""
    every = answers.about.get("standing", {}).get("tiles", ())
    words = [word for group in _groups(answers) for word in _PLACES.get(group, ())]
    ours = {says for says, _ in every if any(word in says.lower() for word in words)}
    first = sorted(every, key=lambda one: (one[1] != "disagrees", one[0] not in ours, one[1] == "possible"))
    tiles = [(_pattern(says), verdict) for says, verdict in first[:MOST_TILES]]
    counts = {f"{name}s": sum(verdict == f"{name}s" for _, verdict in every) for name in ("agree", "disagree")}
    counts["possible"] = len(every) - sum(counts.values())
    caption = say("brief-record-counts", **counts, count=len(every), shown=len(tiles)) if tiles else ""
    yield from _titled("record", [Tiles(tiles, caption)] if tiles else [])


def _pattern(says: str) -> str:
    """The short name of a pattern on record, or its words in conf/case."""
    slug = "-".join("".join(one if one.isascii() and one.isalnum() else " " for one in says.lower()).split())
    return capital(say(f"pattern-{slug}") if has(f"pattern-{slug}") else says)


def _minds(answers: Answers) -> Iterator[Block]:
    """Measurements that would change our mind, of patterns to which nothing was tuned."""
    standing, points = answers.about.get("standing", {}), []
    untuned = {says for says, _ in standing.get("tiles", ())}
    for one in [each for each in standing.get("minds", ()) if each["pattern"] in untuned][:3]:
        unit, scale = ("%", 100.0) if one.get("unit") == "share" else (one.get("unit", ""), 1.0)
        low, high = (text.brief_number(scale * float(one[end])) for end in ("low", "high"))
        high = text.with_unit(high, unit)
        disagrees = "yes" if one["disagrees"] else "no"
        points.append(
            Point(say("brief-mind", pattern=_pattern(one["pattern"]), low=low, high=high, disagrees=disagrees))
        )
    yield from _titled("minds", [Points(points)] if points else [])


def _reproduce(answers: Answers) -> Iterator[Block]:
    yield from _titled("again", [Paragraph(words, role) for words, role in _made(answers)])  # type: ignore[arg-type]


def _made(answers: Answers) -> Iterator[tuple[str, str]]:
    """How the runs were made: command, version and commit, numbers of runs."""
    about = {name: f"{one:,}" if isinstance(one, int) else str(one) for name, one in answers.about.items()}
    if about.get("command"):
        yield about["command"], "command"
    names = ("model", "commit", "runs", "draws", "replications", "seed", "failed")
    values = {name: about.get(name, "–") for name in names} | {"unit": _counts(answers)}
    first, _, last = values["seed"].partition(" to ")
    values["seed"] = say("interval", low=first, high=last) if last else first
    yield f"{say('brief-made', **values, date=_day(answers))} {say('brief-runs', **values)}", "text"
    if answers.about.get("failed"):
        yield say("brief-failed", **values), "text"


def _terms(answers: Answers) -> Iterator[Block]:
    names = [name for kind, some in _TERMS.items() if not kind or answers.of(kind) for name in some]
    names = [name for name in names if name != "set" or _counts(answers) != "seeds"]
    margin = next((one.values["margin"] for one in answers.findings if isfinite(one.margin)), "")
    terms = [
        (say(f"term-{name}"), say(f"term-{name}.meaning", margin=margin, unit=_counts(answers)))
        for name in names
        if margin or name != "no-change"
    ]
    yield from _titled("terms", [Terms(terms)])
    named = [name for name in dict.fromkeys([*_shown(answers), *_by_policy(answers)]) if "+" not in name]
    yield from _titled(
        "measures", [Terms([(capital(text.policy(name)), text.policy_what(name)) for name in named])] if named else []
    )


# --- the whole --------------------------------------------------------------------------------------------------------

SECTIONS: Mapping[str, Callable[[Answers], Iterator[Block]]] = {
    "bottom_line": _bottom_line,
    "dots": _dots,
    "advice": _advice,
    "decisions": _decisions,
    "depends": _depends,
    "traceability": _traceability,
    "soon": _soon,
    "figures": _figures,
    "limits": _limits,
    "validation": _validation,
    "minds": _minds,
    "reproduce": _reproduce,
    "words": _terms,
}
"""Sections by name, in the order of a brief."""
_PAGES = (
    ("bottom_line", "dots", "advice"),
    ("decisions", "depends", "traceability"),
    ("soon", "limits", "validation", "minds", "reproduce", "words"),
)


def document(answers: Answers, language: str, chosen: Sequence[Part] | None = None, slide: bool = True) -> Document:
    """Return the brief of a study, or of several together.

    Args:
        answers: findings and facts; ``about["figures"]`` names files of figures by their whole path.
        language: of its words.
        chosen: its parts after the title, if a user chose them; else three pages.
        slide: whether its slide is wanted.
    """
    with speaking(language), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a user's own names may be in any script
        blocks = [*_head(answers)]
        for part in chosen or map(Part, _order(answers)):
            blocks += _part(part, answers)
        title = next(one.words for one in blocks if isinstance(one, Heading))
        return Document(
            title,
            language,
            "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr",
            [one for one, after in pairwise([*blocks, PageBreak()]) if not isinstance(one, PageBreak) or one != after],
            [*_slide(answers)] if slide else [],
            [words for words, _ in _made(answers)],
            str(answers.about.get("date", "")),
        )


def _order(answers: Answers) -> list[str]:
    """Sections of three pages; a study of policies has its own findings after them, which print leaves out."""
    first, second, third = _PAGES
    own = ("figures",)
    return (
        [*first, "", *second, *own, "", *third]
        if not answers.of("policy")
        else [*first, "", *second, "", *third, "", *own]
    )


def _part(part: Part, answers: Answers) -> Iterator[Block]:
    if part == Part():
        yield PageBreak()
    if part.name:
        yield from SECTIONS[part.name](answers)
    if part.findings:
        yield Points([_point(one) for one in part.findings])
    if part.markdown:
        yield Paragraph(part.words(), "markdown")


def _slide(answers: Answers) -> Iterator[Block]:
    """One slide: the picture of the switch, five policies in the first group, and what they rest on."""
    switches = _switches(answers)
    if not switches:
        return
    yield Heading(_title(answers), 1)
    yield from [block for block in _dots(answers) if isinstance(block, Picture)]
    every, lowering = _by_policy(answers), _lowering(answers)
    cheapest = min(lowering, key=lambda one: one.cost if isfinite(one.cost) else inf, default=None)
    finance = [one for one in lowering if FORCE not in one.agency]
    rest = sorted(answers.of("policy", group=switches[0].group), key=lambda one: one.median)
    worst = [*only_harm(answers)[:1], _largest_harm(answers.of("policy"))]
    named = [*lowering[:1], *finance[:1], *worst, cheapest, *lowering, *rest]
    names = list(dict.fromkeys(one.policy for one in named if one))[:5]
    if names:
        group = switches[0].group
        whole = _table(answers, {name: every[name] for name in names}, [group])
        kept = (0, 1, 2, 4)  # policy, group, attacks averted, payments hindered
        yield Table(
            [whole.head[one] for one in kept], [[row[one] for one in kept] for row in whole.rows], numbers=(2, 3)
        )
    yield Paragraph(switches[0].with_marks("confidence"), "note")
    yield from [Paragraph(one.with_marks(), "note") for one in answers.of("turn")[:1]]
    made_up = text.listed([text.group(one) for one in _groups(answers) if one in text.HYPOTHETICAL])
    yield Paragraph(
        f"{say('brief-not-modelled')} {say('brief-slide', date=_day(answers), groups=made_up or 'none')}", "note"
    )
