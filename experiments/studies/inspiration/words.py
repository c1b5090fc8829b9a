"""What the report of the study of inspiration says: sentences made of rows, the opposite where the rows say it."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from experiments.figures.words import group_heading, group_words, idle, policy_words, profiles_of, within
from experiments.stats import estimates
from experiments.study.design import Plan
from experiments.study.tables import aligned, as_text, drawn_from, held, policies_of
from sim.engine.constants import POLICIES
from sim.engine.parameters import table
from sim.engine.text import listed, number, paragraph
from sim.scenario import Scenario

SHORT, LONG = "52 weeks", "fifth year"
INSPIRATION, FINANCE = "counter_inspiration", "counter_finance"
FORCE = ("kinetic_pressure", "revenue_strikes", "decapitation")

_WHEN = {"26 weeks": "in the first 26 weeks", "52 weeks": "in the first 52 weeks", "5 years": "over five years"}
_SAME = "the same"
_OPEN: tuple[str, ...] = estimates.UNDECIDED


def text(tables: dict[str, pd.DataFrame], plan: Plan) -> str:
    """The findings as a user reads them first."""
    parts = [
        "Change of the attack rate at full strength, loop on, per cent of the same luck without a policy",
        as_text(families(tables["effects"]), _keys(tables["effects"], "policy", "window")),
        *cannot_act(tables["effects"]),
    ]
    for title, lines in (
        ("Money first, inspiration later? (Kiser 2004)", answers(tables)),
        ("Core and network: change of the attack rate by counter-inspiration", core_and_network(tables)),
        ("What the loop adds: effect with the loop on less with it cut, same luck", what_the_loop_adds(tables["loop"])),
        ("Inspired attacks abroad a week, mean difference", inspired(tables["effects"])),
        ("Up to which price a family averts more for the money", prices(tables["breakeven"])),
        ("Which parameters go with the order (rank correlation over draws)", going_with(tables["drivers"])),
    ):
        parts += ["", title, *(_folded(line) for line in lines)] if lines else []
    return "\n".join([*parts, "", *(_folded(line) for line in basis(plan))])


def _folded(line: str) -> str:
    return line if line.startswith(" ") or "  " in line else paragraph(line)


def _keys(rows: pd.DataFrame, *more: str) -> list[str]:
    return [*(["profile"] if "profile" in rows else []), *more]


def _held(rows: pd.DataFrame, **where: Any) -> pd.DataFrame:
    """Rows of some levels; a column that is not there holds."""
    for name, level in where.items():
        rows = rows[rows[name] == level] if name in rows else rows
    return rows


def _by_group(rows: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    """Rows by profile, in the order of the headline study."""
    if "profile" not in rows:
        return [("", rows)] if len(rows) else []
    return [(name, rows[rows["profile"] == name]) for name in profiles_of(rows)]


def full(effects: pd.DataFrame, outcome: str = "rate") -> pd.DataFrame:
    """Effects of policies at full strength, loop on, on one outcome."""
    rows = _held(effects, contrast="policy", outcome=outcome, loop="on")
    return rows[rows["intensity"] == rows.groupby("policy")["intensity"].transform("max")]


def families(effects: pd.DataFrame) -> pd.DataFrame:
    """The rows that are printed: each policy alone and all together, soon and late, where they can act."""
    rows = full(effects)
    most = rows["policy"].str.count(r"\+").max()
    rows = rows[rows["policy"].str.count(r"\+").isin([0, most]) & rows["window"].isin([SHORT, LONG])]
    rows = rows[~idle(rows)]
    rows = rows.assign(parts=rows["policy"].str.count(r"\+"))
    return rows.sort_values(_keys(rows, "parts", "policy"), key=_rank, kind="stable")


def _rank(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Profiles in the order of the headline study; all else as it is."""
    known = profiles_of(column.to_frame()) if column.name == "profile" else []
    return column.map({name: place for place, name in enumerate(known)}) if known else column


def cannot_act(effects: pd.DataFrame) -> list[str]:
    """Which policies change nothing at all in which group, in any window."""
    rows = full(effects)
    still = rows[idle(rows).groupby([rows[name] for name in _keys(rows, "policy")]).transform("all")]
    return [
        f"{group_heading(group)}, no change at all, for it cannot act there: {listed(_names(some['policy']))}."
        for group, some in _by_group(still)
    ]


def _names(policies: Iterable[str]) -> list[str]:
    return [_name(one) for one in dict.fromkeys(policies)]


def _name(policy: str) -> str:
    """A policy in a sentence: counter-finance for counter_finance."""
    return within(policy_words(policy))


def when(window: str) -> str:
    """A window in a sentence."""
    return _WHEN.get(window, f"in the {window}")


def figures(row: Any, middle: str = "median") -> str:
    """The middle draw, or the mean, with the interval that counts and the verdict of a row."""
    unit = " %" if row["unit"] == "%" else ""
    return f"{number(row[middle])}{unit} ({number(row['low'])} to {number(row['high'])}; {row['verdict']})"


def share(row: Any, name: str) -> str:
    """A share of draws with its interval."""
    low, high = (f"{100 * row[f'{name}_{end}']:.0f}" for end in ("low", "high"))
    return f"{100 * row[name]:.0f} % of draws ({low} to {high})"


# --- Kiser's question ------------------------------------------------------------------------------------------------


def side(row: Any) -> str:
    """The family that a row of kiser.csv shows to leave fewer attacks; the same, or open."""
    if row["verdict"] == "practically none":
        return _SAME
    if row["verdict"] != "effect":
        return str(row["verdict"])
    return str(row["policy"] if row["mean"] < 0 else row["against"])


def found(soon: str, late: str, rival: str) -> str:
    """What two verdicts, soon and late, say of the order; Kiser (2004) spoke of money and ideology alone."""
    if soon == late:
        same = "no difference that matters, soon or late"
        return soon if soon in _OPEN else same if soon == _SAME else f"{_name(soon)} does more throughout"
    if rival not in FORCE and {soon, late} == {rival, INSPIRATION}:
        return "as Kiser found" if late == INSPIRATION else "the reverse of what Kiser found"
    words = {_SAME: "no difference that matters"} | dict(zip(_OPEN, _OPEN, strict=True))
    return ", ".join(
        f"{words.get(one, f'{_name(one)} does more')} {when_}" for one, when_ in ((soon, "soon"), (late, "late"))
    )


def answers(tables: dict[str, pd.DataFrame]) -> list[str]:
    """In which share of draws counter-inspiration leaves fewer attacks, soon and late, by rival; then the verdict."""
    kiser, turns = (_held(tables[name], loop="on") for name in ("kiser", "turns"))
    lines: list[str] = []
    shares: dict[str, list[str]] = {}
    verdicts: dict[str, dict[str, list[str]]] = {}
    for group, rows in _by_group(kiser):
        lines += _largest(group, tables["effects"])
        for rival in dict.fromkeys(rows["against"]):
            here = rows[rows["against"] == rival].set_index("window")
            if not {SHORT, LONG} <= {*here.index}:
                continue
            soon, late = here.loc[SHORT], here.loc[LONG]
            told = found(side(soon), side(late), rival)
            shares.setdefault(rival, []).append(
                f"{100 * soon['fewer']:.0f} % and {100 * late['fewer']:.0f} %"
                + (f" ({group_words(group)})" if group else "")
            )
            verdicts.setdefault(rival, {}).setdefault(told, []).append(group_words(group))
            windows = ((SHORT, soon), (LONG, late))
            words = f"{_head(group)}, counter-inspiration leaves fewer attacks than {_name(rival)} in "
            words += " and in ".join(f"{share(row, 'fewer')} {when(window)}" for window, row in windows)
            words += f": {told}. The difference: "
            words += "; ".join(f"{when(window)} {figures(row)}" for window, row in windows)
            lines.append(f"{words}. {_turning(turns, group, rival)}".rstrip())
    return [*(_leaning(rival, shares[rival], told) for rival, told in verdicts.items()), *lines]


def _leaning(rival: str, shares: list[str], verdicts: dict[str, list[str]]) -> str:
    """The shares of draws of all groups against one rival, then what is shown."""
    told = [words + (f" ({listed(groups)})" if len(verdicts) > 1 else "") for words, groups in verdicts.items()]
    return (
        f"Counter-inspiration leaves fewer attacks than {_name(rival)}, {when(SHORT)} and {when(LONG)}, in "
        f"{listed(shares)} of draws. Verdict: {'; '.join(told)}."
    )


def _head(group: str) -> str:
    return group_heading(group)


def _turning(turns: pd.DataFrame, group: str, rival: str) -> str:
    where = {"window": SHORT, "against": rival} | ({"profile": group} if "profile" in turns else {})
    rows = _held(turns, **where)
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return (
        f"The order turns, {_name(rival)} first and counter-inspiration later, in {share(row, 'turns')}; the other way "
        f"round in {share(row, 'back')}."
    )


def _largest(group: str, effects: pd.DataFrame) -> list[str]:
    """The family alone with the largest fall of attacks soon and late, by the middle draw, with its verdict."""
    rows = full(effects)
    rows = _held(rows, profile=group) if group else rows
    rows = rows[~rows["policy"].str.contains("+", regex=False)]
    words = []
    for window in (SHORT, LONG):
        here = rows[(rows["window"] == window) & rows["median"].notna()].sort_values("median", kind="stable")
        if len(here):
            first = here.iloc[0]
            words.append(f"{when(window)} {_name(first['policy'])}, {figures(first)}")
    return [f"{_head(group)}, largest fall by the middle draw: {'; '.join(words)}."] if words else []


# --- the other questions ---------------------------------------------------------------------------------------------


def core_and_network(tables: dict[str, pd.DataFrame]) -> list[str]:
    """What counter-inspiration does to core and network, and whether the two differ, late and soon."""
    lines = []
    effects = full(tables["effects"], "rate_core"), full(tables["effects"], "rate_network")
    for group, _ in _by_group(full(tables["effects"])):
        for window in (SHORT, LONG):
            where = {"policy": INSPIRATION, "window": window} | ({"profile": group} if group else {})
            rows = [_held(one, **where) for one in effects]
            there = [
                (part, one.iloc[0])
                for part, one in zip(("core", "network"), rows, strict=True)
                if len(one) and one["n"].iloc[0] > 0
            ]
            words = ", ".join(f"{part} {figures(row)}" for part, row in there)
            apart = _held(tables["apart"], loop="on", **where)
            if len(apart):
                words += f"; network less core {figures(apart.iloc[0])}: {_which(apart.iloc[0])}"
            if there:
                lines.append(f"{_head(group)}, {when(window)}: {words}.")
    return lines


def _which(row: Any) -> str:
    """In which of the two a policy does more, by the verdict on their difference."""
    if row["verdict"] == "practically none":
        return "no difference that matters"
    if row["verdict"] != "effect":
        return f"which falls more: {row['verdict']}"
    return "the network falls more" if row["mean"] < 0 else "the core falls more"


def what_the_loop_adds(loop: pd.DataFrame) -> list[str]:
    """How much of each effect is there only with the loop, late: below zero the loop adds to the fall."""
    lines = []
    for group, rows in _by_group(loop):
        rows = _held(rows, window=LONG)
        rows = rows[~idle(rows)]
        words = [f"{_name(row['policy'])} {figures(row)}" for row in rows.to_dict("records")]
        lines += [f"{_head(group)}, {when(LONG)}: {'; '.join(words)}."] if words else []
    return lines


def inspired(effects: pd.DataFrame) -> list[str]:
    """What each family does to inspired attacks abroad, late: means, for the middle of rare counts is mostly zero."""
    lines = []
    for group, rows in _by_group(full(effects, "inspired")):
        rows = _held(rows, window=LONG)
        rows = rows[~idle(rows) & ~rows["policy"].str.contains("+", regex=False)]
        words = [f"{_name(row['policy'])} {figures(row, 'mean')}" for row in rows.to_dict("records")]
        without = f" (without a policy {number(rows['reference'].iloc[0], False)})" if len(rows) else ""
        lines += [f"{_head(group)}, {when(LONG)}{without}: {'; '.join(words)}."] if words else []
    return lines


def with_ratio(breakeven: pd.DataFrame) -> pd.DataFrame:
    """The pairs, soon and late, of which the second is shown to avert attacks and the first changes any."""
    return breakeven[(breakeven["ratio"].abs() > 0.0) & breakeven["window"].isin([SHORT, LONG])]


def prices(breakeven: pd.DataFrame) -> list[str]:
    """Break-even ratios of unit costs of pairs of which the second is shown to avert attacks; the first, as judged."""
    rows = with_ratio(breakeven)
    if rows.empty:
        return ["No family is shown to avert attacks alone, so no ratio can be told."] if len(breakeven) else []
    head = (*_keys(rows), "window", "a", "averts more than b if it costs less than", "times b (of means)", "a averts")
    lines = [
        (*(row[name] for name in (*_keys(rows), "window", "a")), row["b"], _ratio(row), row["verdict"])
        for row in rows.to_dict("records")
    ]
    return [*aligned([head, *lines]), OF_MEANS]


OF_MEANS = (
    "The interval is that of the ratio of two means over draws, and more draws would narrow it; elsewhere an interval "
    "holds the middle 95 % of draws, and this one does not. The verdict is on what A averts, over draws: at *cannot "
    "tell* a few draws may carry the mean, and the ratio tells no order."
)


def _ratio(row: Any) -> str:
    return f"{number(row['ratio'], False)} ({number(row['ratio_low'], False)} to {number(row['ratio_high'], False)})"


def going_with(drivers: pd.DataFrame) -> list[str]:
    """The strongest parameters of each order whose adjusted p is below 0.05, of how many; or that none is."""
    lines, tried = [], []
    for group, rows in _by_group(drivers):
        for (window, rival), some in rows.groupby(["window", "against"], sort=False):
            sure = some[some["p_adjusted"] < 0.05]
            words = [
                f"{row['parameter']} {row['correlation']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f})"
                for row in sure.to_dict("records")
            ]
            told = f"goes with {', '.join(words)}" if words else "goes with none that is shown"
            tried.append(int(some["tried"].iloc[0]))
            lines.append(f"{_head(group)}, {when(window)}, less {_name(rival)}: {told} ({tried[-1]} tried).")
    if lines:
        lines.append(
            "Above zero: the larger the parameter, the better for the other policy. Parameters that cannot act, of "
            f"policies in neither of the two, are left out; each list tries {span_of(tried)} parameters on "
            f"{int(drivers['draws'].max())} draws, and each name is given those before it. Chance is held to about 5 % "
            f"within a list, not over all {len(tried)}: with so many tried some names may be there by chance. What "
            "goes with the order need not decide it: a name is a hint and not a proof."
        )
    return lines


def span_of(counts: list[int]) -> str:
    """One count, or from the smallest to the largest."""
    return f"{min(counts)}" if len({*counts}) == 1 else f"{min(counts)} to {max(counts)}"


def basis(plan: Plan) -> list[str]:
    """What the numbers rest on: what each policy does is judgement, staff differ, nothing later is put in."""
    policies = policies_of(plan)
    money = [name for name in policies if name not in (INSPIRATION, *FORCE)]
    effects = {row.name.removeprefix("effects."): row for row in table(Scenario) if row.name.startswith("effects.")}
    ours = [effects[name] for name in (INSPIRATION, "kinetic_pressure", "kinetic_opportunity") if name in effects]
    drawn = ", ".join(f"{row.name} {row.plausible} (grade {row.grade})" for row in ours)
    staff = [f"{_name(name)} {policies[name][1]:g}" for name in policies if name not in money]
    staff += [f"counter-finance {sum(policies[name][1] for name in money):g}"] if money else []
    lines = [f"Counter-finance: {', '.join(money)}."] if money else []
    left = _names(name for name in POLICIES if name not in policies)
    lines += [f"Not asked, so nothing is told of it: {listed(left)}."] if left else []
    lines += [
        "What a policy does at full strength is judgement, not measurement"
        + (": held here." if held(plan) else f"; drawn from {drawn}."),
        f"Staff-weeks a week at full strength differ ({', '.join(staff)}), and no source says what a policy costs: "
        "equal strength is not equal cost.",
        "Middle: half of the draws lie on either side. The interval holds the middle 95 % of draws from "
        f"{drawn_from(plan)}. Nothing that happened after the policies start is put in: the fifth year is what the "
        "rules do by themselves.",
    ]
    return lines
