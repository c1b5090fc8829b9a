"""The whole in a few words: the headline and a line for each profile, without numbers."""

from experiments.brief.phrases import OPEN
from experiments.brief.rows import arms, by_profile, effects, helping, home, profiles, ranked, surface
from experiments.brief.words import HYPOTHETICAL, Row, Tables, policy, profile, quoted
from experiments.stats import estimates
from sim.engine.text import capital, listed

_ARMS = {"announcement": "if donors choose", "full": "if every gift follows"}
_NONE = "practically none"


def headline(tables: Tables, subject: str = "the switch") -> str:
    """The finding of the study in one line: what the switch does to attack capacity, by profile."""
    by_verdict: dict[str, list[str]] = {}
    for name, says in _main(tables):
        words = profile(name).replace("the ", "the hypothetical ", 1) if name in HYPOTHETICAL else profile(name)
        by_verdict.setdefault(says, []).append(words)
    if not by_verdict:
        return f"What {subject} does to attack capacity: there is no row to judge it by"
    if len(by_verdict) == 1 and next(iter(by_verdict)) in OPEN:
        ((says, groups),) = by_verdict.items()
        return f"These runs {says} what {subject} does to attack capacity{_in(groups, True, 'any')}"
    does: list[str] = []
    whole = len(by_verdict) == 1
    for says, groups in by_verdict.items():
        if says not in OPEN:
            does.append(_predicate(says, *(["", "it"] if does else [])) + _in(groups, whole))
    ending = "".join(f"; it stays open{_why(one)}{_in(by_verdict[one], False)}" for one in OPEN if one in by_verdict)
    return capital(f"{subject} {listed(does)}{ending}")


def _why(verdict: str) -> str:
    """Of what there are too few, if that is why nothing can be told."""
    return verdict.removeprefix(estimates.OPEN)


def _in(groups: list[str], whole: bool, each: str = "every") -> str:
    return f" in {each} group tried" if whole and len(groups) > 1 else f" in {listed(groups)}"


def _predicate(says: str, to: str = " to attack capacity", what: str = "attack capacity") -> str:
    return f"makes practically no difference{to}" if says == _NONE else f"{says} {what}"


def _says(row: Row) -> str:
    """What a row says in a word: practically none, cannot tell, raises or lowers."""
    word = row.text("verdict")
    return word if word != "effect" else "raises" if row.value("mean") > 0 else "lowers"


def _main(tables: Tables) -> list[tuple[str, str]]:
    """What the headline rests on: each profile, and what it says in a word."""
    if tables.rows("surface"):
        points = {group: surface(tables, group, "capacity") for group in profiles(tables)}
        return [(group, _at_all(rows)) for group, rows in points.items() if rows]
    for arm in arms(tables):
        rows = by_profile(tables, bare=True, contrast="switch", arm=arm, policy=home(tables))
        if rows:
            return [(row.text("profile"), _says(row)) for row in rows]
    return []


def _at_all(rows: list[Row]) -> str:
    """What all points of a surface say together, in a word: may raise, if it does so at some."""
    says = {_says(row) for row in rows}
    does = [word for word in ("raise", "lower") if f"{word}s" in says]
    return f"may {' or '.join(does)}" if does else next((one for one in OPEN if one in says), _NONE)


def in_short(tables: Tables) -> list[tuple[str, str, str]]:
    """For each profile its name in words, its name in conf/, and the verdict in plain words."""
    found = []
    for group in profiles(tables):
        words = profile(group) + (" (hypothetical)" if group in HYPOTHETICAL else "")
        said = [text for text in (_switch(tables, group), _policies(tables, group)) if text]
        if said:
            found.append((capital(words), group, " ".join(said)))
    return found


def _switch(tables: Tables, group: str) -> str:
    by_verdict: dict[str, list[str]] = {}
    for arm in arms(tables):
        for row in effects(tables, bare=True, contrast="switch", arm=arm, policy=home(tables), profile=group):
            by_verdict.setdefault(_says(row), []).append(_ARMS.get(arm, f"in the arm {quoted(arm)}"))
    if tables.rows("surface") or not by_verdict:
        return _sweep(surface(tables, group, "capacity"))
    both = [*_ARMS.values()]
    told = [
        ("whether donors choose or every gift follows" if which == both else listed(which), _sentence(says))
        for says, which in by_verdict.items()
    ]
    return capital("; ".join(f"{when}, {what}" for when, what in told)) + "."


def _sentence(says: str) -> str:
    return f"these runs {says} what the switch does" if says in OPEN else f"the switch {_predicate(says)}"


def _sweep(rows: list[Row]) -> str:
    """What all points of a surface say together."""
    if not rows:
        return ""
    says = _at_all(rows)
    if says == _NONE:
        return "Whatever share of donors follows, the switch makes practically no difference to attack capacity."
    if says in OPEN:
        return f"These runs {says} what the switch does at some shares that follow; at none can an effect be told."
    return f"The switch {says} attack capacity: an effect can be told at some of the shares and links tried."


def _policies(tables: Tables, group: str) -> str:
    rows = [] if tables.rows("surface") else ranked(tables, group)
    helps = helping(rows)
    if helps:
        return f"Of the policies tried, the largest effect is that of {policy(helps[0].text('policy'))}."
    few = next((row.text("verdict") for row in rows if row.text("verdict") in estimates.REFUSED), estimates.OPEN)
    return f"No policy tried can be told to lower attacks{_why(few)}." if rows else ""
