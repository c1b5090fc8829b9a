"""What a study found, as sentences filled from rows of its tables; where a row is missing its sentence is left out."""

import math
from collections.abc import Callable, Iterable
from typing import Any

from experiments.brief.phrases import (
    AVERTED,
    HARM,
    Columns,
    beside,
    effect,
    finding,
    in_profile,
    interval,
    judged,
    measure,
    sound,
    stated,
)
from experiments.brief.rows import arms, by_profile, effects, helping, home, largest, profiles, ranked, surface, told
from experiments.brief.words import (
    Clause,
    Finding,
    Piece,
    Row,
    Source,
    Tables,
    Verdict,
    decimals,
    plain,
    profile,
    quantity,
    quoted,
)
from sim.engine.text import capital

MOST = 10
"""Findings that a brief holds at most."""

_ARMS = {"announcement": "If donors choose", "full": "If every gift follows"}
_STAFF = Columns(
    "averted_per_staff_week", "averted_per_staff_week_low", "averted_per_staff_week_high", "", "", plus=False
)


def findings(tables: Tables, failed: int = 0, runs: int = 0) -> list[Finding]:
    """What was found, the most important first: at most ten.

    Args:
        tables: The tables of the study.
        failed: How many runs failed.
        runs: How many runs there were in all.
    """
    sweep = bool(tables.rows("surface"))  # it says what the switch does for every share that follows
    found = [*_surface(tables), _threshold(tables)] if sweep else _study(tables)
    lost = _failed(failed, runs)
    return [*[one for one in found if one][: MOST - len(lost)], *lost]


def _study(tables: Tables) -> list[Finding | None]:
    """Findings on the switch and on policies."""
    return [
        *_switch(tables),
        _privacy(tables),
        _policies(tables),
        _undone(tables),
        _compared(tables),
        _routing(tables),
        _world(tables),
        _loop(tables),
        _staff(tables),
    ]


# --- the switch ------------------------------------------------------------------------------------------------------


def _switch(tables: Tables) -> list[Finding | None]:
    found: list[Finding | None] = []
    for arm in arms(tables):
        rows = by_profile(tables, bare=True, contrast="switch", arm=arm, policy=home(tables))
        lead = _ARMS.get(arm, f"The switch, arm {quoted(arm)}")
        found.append(finding(lead, [effect(row, [in_profile(row)], "the switch", judged(row)) for row in rows]))
    return found


def _privacy(tables: Tables) -> Finding | None:
    rows = by_profile(tables, contrast="privacy", policy=home(tables))
    lead = "All that tells Monero from bitcoin: the full switch minus one to a twin of bitcoin"
    return finding(lead, [beside(f"{_group(row)}:", [([], row)]) for row in rows])


def _group(row: Row) -> str:
    return capital(profile(row.text("profile")).removeprefix("the "))


def _varied(tables: Tables, factor: str, words: Callable[[Row], list[Piece]]) -> list[Clause]:
    """The switch where one factor has another value than in the cell that counts, a clause a profile."""
    clauses: list[Clause] = []
    for arm in arms(tables)[:1]:
        every = tables.names("effects", factor, contrast="switch")
        values = [value for value in every if value != tables.cell.get(factor)]
        cell: dict[str, Any] = {"contrast": "switch", "arm": arm, "policy": home(tables)}
        for group in profiles(tables):
            rows = [row for value in values for row in effects(tables, **cell, profile=group, **{factor: value})]
            clauses += [beside(f"{_group(rows[0])}:", [(words(row), row) for row in rows])] if rows else []
    return clauses


def _routing(tables: Tables) -> Finding | None:
    known = {0.0: "if none does", 0.5: "if half does", 1.0: "if all does"}

    def words(row: Row) -> list[Piece]:
        share = row.value("group.routing")
        return [f"{known[share]}, "] if share in known else ["if a share of ", plain(row, "group.routing"), " does, "]

    lead = "The switch, by how much of the campaign money goes straight to cells"
    return finding(lead, _varied(tables, "group.routing", words))


def _world(tables: Tables) -> Finding | None:
    """What another world changes by itself, and what the switch does in it."""
    worlds = [str(name) for name in tables.names("effects", "world") if name != tables.cell.get("world")]
    oil = worlds == ["no_oil_loss"]
    clauses: list[Clause] = []
    for world in worlds:
        rows = by_profile(tables, contrast="world", policy=home(tables), world=world)
        subject = "that" if oil else f"the world {quoted(world)}"
        clauses += [effect(row, [f"{in_profile(row)}, without a switch,"], subject, judged(row)) for row in rows]

    def words(row: Row) -> list[Piece]:
        return ["the switch, " if oil else f"the switch in the world {quoted(row.text('world'))}, "]

    return finding("Had no oil been lost" if oil else "In other worlds", [*clauses, *_varied(tables, "world", words)])


def _loop(tables: Tables) -> Finding | None:
    """The switch without the loop from attacks over sympathy back to attacks."""

    def words(row: Row) -> list[Piece]:
        return ["" if row.text("loop") == "cut" else f"loop {quoted(row.text('loop'))}, "]

    return finding("The switch, with the loop of attacks and sympathy cut", _varied(tables, "loop", words))


# --- policies --------------------------------------------------------------------------------------------------------


def _policies(tables: Tables) -> Finding | None:
    """The strongest policy of each profile with its lawful harm, the one that backfires most; or that none is told."""
    clauses: list[Clause] = []
    for group in profiles(tables):
        rows = ranked(tables, group)
        hurts = [row for row in told(rows) if row.value("mean") > 0]
        for row in helping(rows)[:1]:
            clauses.append(_with_harm(tables, row))
        rest = [row for row in rows if row not in hurts]
        if rest and not helping(rows):
            text = f"{in_profile(rest[0])} no policy can be told to lower attacks; the largest difference is "
            text += f"that of {measure(rest[0])}, "
            clauses.append((Verdict(rest[0].text("verdict")), text, *stated(rest[0]), "."))
        clauses += [effect(row, [in_profile(row)], measure(row), judged(row)) for row in hurts[:1]]
    return finding("Policies against the status quo", clauses)


def _with_harm(tables: Tables, row: Row) -> Clause:
    """The effect of a policy and, where the frontier has it, the lawful money that it freezes or hinders."""
    said = effect(row, [f"{in_profile(row)} the largest effect is that of {measure(row)}:"], "it", judged(row))
    same = {key: row.values[key] for key in ("profile", "arm", "policy", "intensity") if key in row.values}
    for harm in tables.rows("frontier", **same)[:1]:
        more = _harm(harm)
        return (*said[:-1], "; ", *more, Source(harm), ".") if more else said
    return said


def _harm(row: Row) -> list[Piece]:
    """The lawful money that a policy freezes or hinders, where the row of the frontier has it."""
    if not row.has("harm", "harm_low", "harm_high"):
        return []
    if not any(row.value(column) for column in ("harm", "harm_low", "harm_high")):
        return ["lawful money frozen or hindered does not change"]
    value, ends = interval(row, HARM)
    return ["lawful money frozen or hindered changes by ", value, " (", *ends, ")"]


def _undone(tables: Tables) -> Finding | None:
    """What policies undo of the switch: a difference of effects."""
    clauses: list[Clause] = []
    for arm in arms(tables)[:1]:
        for group in profiles(tables):
            rows = largest(effects(tables, contrast="interaction", arm=arm, profile=group))
            switch = effects(tables, contrast="switch", arm=arm, policy=home(tables), profile=group)
            clauses += [_undone_in(rows, switch[0])] if rows and switch else []
    return finding("What policies undo of the switch", clauses)


def undoing(rows: list[Row], switch: Row) -> list[Row]:
    """Rows of `undone` that can be told and work against an effect of the switch that can be told."""
    against = [row for row in told(rows) if row.value("mean") * switch.value("mean") < 0]
    return against if switch.text("verdict") == "effect" else []


def _undone_in(rows: list[Row], switch: Row) -> Clause:
    against = undoing(rows, switch)
    row = [*against, *told(rows), *rows][0]
    if against:
        text = f" {measure(row)} works most against it: with that policy the effect of the switch differs by "
    elif told(rows):
        text = f" nothing undoes it; with {measure(row)} the effect of the switch differs by "
    else:
        nothing = switch.text("verdict") == "practically none"
        why = ", where there is practically nothing to undo," if nothing else ""
        text = f"{why} no policy undoes anything that can be told; the largest difference is that of {measure(row)}, "
    return (Verdict(row.text("verdict")), in_profile(row), text, *stated(row), ".")


def _compared(tables: Tables) -> Finding | None:
    """The strongest military policy and the strongest against finance, by attacks averted; and the break-even cost."""
    clauses: list[Clause] = []
    arm = (arms(tables) or [str(name) for name in tables.names("frontier", "arm")])[:1]
    for group in profiles(tables):
        rows = [row for row in tables.rows("frontier", profile=group, arm=arm[0]) if sound(row, AVERTED)] if arm else []
        rows = [row for row in rows if row.text("policy") != "status_quo" and _at_full(tables, row)]
        army, money = (
            _best(row for row in rows if tables.military(row.text("policy")) is side) for side in (True, False)
        )
        if army and money:
            clauses.append((*_two(army, money), *_break_even(tables, group, arm[0], army, money), "."))
    return finding("Attacks averted, by the military and by policies against finance", clauses)


def _at_full(tables: Tables, row: Row) -> bool:
    tried = [float(value) for value in tables.names("frontier", "intensity", policy=row.text("policy"))]
    return not tried or math.isclose(row.value("intensity"), max(tried))


def _best(rows: Iterable[Row]) -> Row | None:
    """The row that averts most, among those that can be told if any can."""
    return min(rows, key=lambda row: (not _averts(row), -row.value("averted")), default=None)


def _averts(row: Row) -> bool:
    return row.text("averted_verdict") == "effect" and row.value("averted") > 0


def _two(army: Row, money: Row) -> list[Piece]:
    sides = {"of military policies": army, "of those against finance": money}
    helps = [_averts(row) for row in sides.values()]
    said: list[Piece] = [in_profile(army), "" if any(helps) else " no policy averts any that can be told"]
    joints = (", " if any(helps) else ": ", "; ")
    for place, (side, row) in enumerate(sides.items()):
        said += [f"{joints[place]}{side} ", Verdict(row.text("averted_verdict")), measure(row)]
        *averted, source = stated(row, AVERTED)
        harm = _harm(row) if row is money and helps[1] else []
        said += [" averts most, " if helps[place] else ", ", *averted, *([" while ", *harm] if harm else []), source]
    return [piece for piece in said if piece]


def _break_even(tables: Tables, group: str, arm: str, army: Row, money: Row) -> list[Piece]:
    """Below which ratio of costs the policy against finance averts more for the money; or the other way round."""
    for a, b in ((money, army), (army, money)):
        for row in tables.rows("breakeven", profile=group, arm=arm, a=a.text("policy"), b=b.text("policy")):
            if row.text("verdict") == "effect" and row.has("ratio", "ratio_low", "ratio_high"):
                places = decimals(row.value("ratio"), row.value("ratio_low"), row.value("ratio_high"))
                ratio, low, high = (quantity(row, name, places) for name in ("ratio", "ratio_low", "ratio_high"))
                text = f"; {measure(a)} averts more for the money only below "
                return [text, ratio, " (", low, " to ", high, ") times the cost", Source(row)]
    return []


def _staff(tables: Tables) -> Finding | None:
    """Which policy averts most for a staff-week, among policies of one agency; only where it can be told."""
    said: list[Piece] = []
    for group in profiles(tables)[:1]:
        cell = {"profile": group, **({"arm": arms(tables)[0]} if arms(tables) else {})}
        for agency in tables.names("staff", "agency", **cell):
            rows = [row for row in tables.rows("staff", **cell, agency=agency) if row.has(_STAFF.mean, _STAFF.low)]
            if len({row.text("policy") for row in rows}) > 1:
                best = max(rows, key=lambda row: row.value(_STAFF.mean))
                value, ends = interval(best, _STAFF)
                where = "; " if said else f"{in_profile(best)}, most by the mean, among policies of one agency: "
                text = f"{where}{str(agency).replace('_', ' ')}, {measure(best)} "
                said += [text, value, " (", *ends, ")", Source(best)] if best.value(_STAFF.low) > 0 else []
    return finding("Attacks averted a week for a staff-week", [(*said, ".")] if said else [])


# --- the sweep of traceability ---------------------------------------------------------------------------------------


def _surface(tables: Tables) -> list[Finding | None]:
    """What the switch does most, over all shares that follow and all links, by outcome and profile; up and down."""
    found = []
    leads = {"capacity": "Whatever share follows", "delivered": "Money that arrives", "seized": "Money seized"}
    for outcome in map(str, tables.names("surface", "outcome")):
        clauses: list[Clause] = []
        for group in profiles(tables):
            rows = surface(tables, group, outcome)
            up, down = ([row for row in told(rows) if row.value("mean") * sign > 0] for sign in (1, -1))
            ends = [*up[:1], *down[:1]] or rows[:1]
            clauses += [effect(row, _point(row), "the switch", judged(row)) for row in ends]
        found.append(finding(leads.get(outcome, capital(quoted(outcome))), clauses))
    return found


def _point(row: Row) -> list[Piece]:
    still = "no effect can be told at any point; the largest difference that stays open is"
    words = {
        "effect": f"the largest {'rise' if row.value('mean') > 0 else 'fall'} that can be told is",
        "practically none": "it is practically none at every point; the largest difference is",
    }
    what = words.get(row.text("verdict"), still)
    return [f"{in_profile(row)} {what} where ", *_follow(row), " and ", *_link(row), ": there"]


def _follow(row: Row) -> list[Piece]:
    known = {0.0: "no donor follows", 1.0: "all donors follow"}
    share = row.value("follow")
    return [known[share]] if share in known else ["a share of ", plain(row, "follow"), " of donors follows"]


def _link(row: Row) -> list[Piece]:
    known = {0.0: "transfers are never linked", 1.0: "transfers are always linked"}
    link = row.value("link")
    return [known[link]] if link in known else ["transfers are linked with a chance of ", plain(row, "link")]


def _threshold(tables: Tables) -> Finding | None:
    """The share that must follow for more money to arrive, at the lowest and at the highest link."""
    clauses: list[Clause] = []
    for group in profiles(tables):
        rows = tables.rows("threshold", profile=group, policy=home(tables, "threshold"))
        rows = sorted((row for row in rows if row.has("link", "threshold")), key=lambda row: row.value("link"))
        for row in [*rows[:1], *rows[1:][-1:]]:
            never = row.value("threshold") > 1
            more = "less arrives whoever follows: the share would have to exceed" if never else (
                "more money arrives only if the share of donors that follows exceeds")  # fmt: skip
            text = f"{in_profile(row)}, where "
            clauses.append((text, *_link(row), f", {more} ", plain(row, "threshold"), Source(row), "."))
    return finding("The share that must follow", clauses)


# --- what failed -----------------------------------------------------------------------------------------------------


def _failed(failed: int, runs: int) -> list[Finding]:
    if failed <= 0:
        return []
    row = Row("runs.parquet", 0, "rows whose column error is not empty", {"failed": failed, "runs": runs})
    lost: list[Piece] = [plain(row, "failed"), " of ", plain(row, "runs"), " runs failed"]
    return [Finding("Runs that failed", ((*lost, Source(row), "; their pairs are left out of every number above."),))]


def sources(found: list[Finding]) -> list[Row]:
    """Every row that some findings name, by file and line, effects.csv first."""
    pieces = [piece for one in found for clause in one.clauses for piece in clause if isinstance(piece, Source)]
    rows = {(piece.row.file != "effects.csv", piece.row.file, piece.row.line): piece.row for piece in pieces}
    return [rows[key] for key in sorted(rows)]
