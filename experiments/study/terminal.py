"""The summary of a study for the terminal, from its findings alone: at most `LINES` lines with those on its files."""

import textwrap
from collections.abc import Collection, Iterator, Sequence

from experiments import text
from experiments.brief.content import firsts, on_record, only_harm
from experiments.findings import KINDS, Answers, Finding
from experiments.messages import say
from experiments.stats import decision
from sim.output.columns import terminal_width

LINES = 25
"""Lines of a summary."""
_ROWS, _POLICIES = 6, 3  # of a table
_WIDE = 116
_LARGE = "is_core"
_ABOUT = ("title", "runs", "draws", "planned")


def summary(answers: Answers, after: Sequence[str] = (), python: bool = False) -> list[str]:
    """Return what a study found: bottom line, the switch by group, policies, and what the answer depends on.

    ``after``: lines that will follow, on a sample that is too small and on files, for which room is left; ``python``:
    what is left out is found there, not by the command.
    """
    switch, policies = _main(answers, "switch"), _main(answers, "policy")
    moved = {one.group for one in switch if one.answer != "no"}
    turns = [one for one in _main(answers, "turn") if one.group in moved]
    rest = [*turns[:1], *_main(answers, decision.TABLES[1])[:1], *_main(answers, "value")[:1], *_own(answers)]
    draws, never = answers.about.get("draws", 0), only_harm(answers)
    parts = [
        _folded(say("terminal-head", **{name: answers.about.get(name, "") for name in _ABOUT})),
        *map(_sentence, switch[:1]),
        _switch(switch),
        _best(policies, draws),
        _policies("never", never, draws, len({one.group for one in on_record(policies)})),
        _unsure(policies, {one.policy for one in never}),
        *map(_sentence, rest),
    ]
    return [*_fitting([part for part in parts if part], LINES - len(lines_of(after)), python)]


def lines_of(every: Sequence[str]) -> list[str]:
    """Return texts as lines, without empty ones."""
    return [line for one in every for line in one.split("\n") if line]


def _main(answers: Answers, kind: str) -> list[Finding]:
    """Findings of a kind in the main window, those on the large group first."""
    found = [one for one in answers.of(kind) if one.window in (0, answers.about.get("window", 0))]
    return sorted(found, key=lambda one: one.group != _LARGE)


def _own(answers: Answers) -> list[Finding]:
    """Findings of a study's own kinds: the first of each kind, then the others."""
    found = [one for one in answers.findings if one.kind not in KINDS]
    firsts = list({one.kind: one for one in reversed(found)}.values())[::-1]
    return [*firsts, *(one for one in found if one not in firsts)]


def _fitting(parts: Sequence[Sequence[str]], most: int, python: bool) -> Iterator[str]:
    """Yield the lines of as many whole parts as there is room for, and how many parts are left out."""
    room = most if sum(map(len, parts)) <= most else most - 1
    for number, part in enumerate(parts):
        if len(part) > room:
            yield say("terminal-more", count=len(parts) - number, python="yes" if python else "no")
            return
        room -= len(part)
        yield from part


def _folded(words: str, indent: str = "") -> list[str]:
    width = min(_WIDE, terminal_width() or _WIDE)
    return textwrap.wrap(words, width, initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False)


def _sentence(one: Finding) -> list[str]:
    return _folded(text.capital(one.sentence()))


def _switch(found: Sequence[Finding]) -> list[str]:
    """The switch by group and arm: in how many sets of assumptions attacks fall, hardly change, and rise."""
    arms = list(dict.fromkeys(one.arm for one in found))
    found = [one for one in found if len(found) <= _ROWS or one.arm == arms[0]]
    if not found:
        return []
    every = found[0].below + found[0].within + found[0].above
    head = say("terminal-switch", counts=found[0].counts, of=every, margin=found[0].values["margin"])
    names = [text.heading(one.group) for one in found]
    cells = {head: [f"  {name}" for name in names], "": [text.arm(one.arm) for one in found]}
    counts = {name: [f"{getattr(one, name)}" for one in found] for name in ("below", "within", "above")}
    cells |= {say(f"terminal-{name}"): column for name, column in counts.items()}
    cells |= {say("terminal-median"): [_change(one) for one in found]}
    return text.table(cells, [head, ""]).split("\n")


def _change(one: Finding) -> str:
    return text.brief_quantity(one.median, one.unit, one.margin, sign=True)


def _side(one: Finding) -> str:
    """Its answer; where runs are too few, the side on which most of them lie so far."""
    return one.side if one.answer == "few" else one.answer


def _best(found: Sequence[Finding], draws: int) -> list[str]:
    """The policies that lower attacks most, those against groups on record first; so far, if runs are too few."""
    lowering = [one for one in found if one.answer == "lowers"]
    lowering = lowering or [one for one in found if _side(one) == "lowers"]
    return _policies("best", sorted(lowering, key=lambda one: (one.group in text.HYPOTHETICAL, one.median)), draws)


def _policies(message: str, every: Sequence[Finding], draws: int, recorded: int = 0) -> list[str]:
    """A heading, a line for each of the first policies, and the names of the rest; ``recorded``: groups on record."""
    found, rest = firsts(every)[:_POLICIES], [text.policy(one.policy) for one in firsts(every)[_POLICIES:]]
    few = any(one.answer == "few" for one in found)
    fewer = max((len(one.changes) for one in found), default=0) if any(one.draws < draws for one in found) else 0
    lines = [say(f"terminal-{message}", few="yes" if few else "no", fewer=fewer)]
    for one in found:
        values = {
            "policy": text.policy_heading(one.policy),
            "group": text.group(one.group),
            "recorded": recorded,
            "change": say("terminal-averted", **one.values) if one.averted else _change(one),
            "below": one.below,
            "of": one.below + one.within + one.above,
            "harm": text.brief_quantity(one.hindered, "USD"),
            "modelled": "no" if one.harm is None else "yes" if one.hindered else "none",
        }
        lines += _folded(say(f"terminal-{message}.policy", **values), "  ")
    lines += _folded(say("terminal-rest", count=len(rest), names=text.listed(rest)), "  ") if rest else []
    return lines if found else []


def _unsure(found: Sequence[Finding], never: Collection[str]) -> list[str]:
    """The policies that are in neither list: shown to lower attacks of no group, nor to change hardly any."""
    every = {one.policy: {each.answer for each in found if each.policy == one.policy} for one in found}
    open_ = [name for name, told in every.items() if "lowers" not in told and told != {"no"}]
    names = [text.policy(name) for name in open_ if name not in never]
    return _folded(say("terminal-unsure", names=text.listed(names))) if names else []


def files_of(folder: str, files: Sequence[str], python: bool = False) -> list[str]:
    """Return where brief and explorer of a study lie, and how many other files there are."""
    shown = [name for name in files if name.startswith(("brief", "explorer"))]
    words = "yes" if python else "no"
    counts = {
        "tables": sum(name.endswith((".csv", ".parquet")) for name in files),
        "figures": len({name.rsplit(".", 1)[0] for name in files if name.startswith("figures/")}),
    }
    return _folded(say("terminal-files", folder=folder, names=", ".join(shown) or "none", python=words, **counts))
