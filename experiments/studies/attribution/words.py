"""What the attribution study says of its tables, in plain words; its page and figures say it with the same words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.study.tables import aligned, as_text, label
from sim.engine.text import number, paragraph, plural, span

NONE = "practically none"

type Lines = list[tuple[str, ...]]
"""Lines of a table in words, the heads first."""


_TITLES = {
    "jumps": "Pooled wallets without any money of the group, and what vendors read into them",
    "precision": "Hits of a vendor by how rare the group's money is, where nobody else attributes",
    "even": "Base rate below which a hit is more likely false than true",
    "claims": "Largest claim about a pooled wallet against the crypto that truly came",
    "harm": "What each vendor finds, freezes and wastes, means a week",
}


def text(tables: Mapping[str, pd.DataFrame]) -> str:
    """All that was found, as a user reads it."""
    parts = []
    for name, title in _TITLES.items():
        if len(tables[name]):
            made = LINES[name](tables[name])
            title += f" over {weeks_of(tables['effects'])}" if name == "harm" and len(tables["effects"]) else ""
            parts += [title, *aligned(made, range(words_of(made), len(made[0])), max(1, words_of(made))), ""]
    told = effect_rows(tables["effects"])
    if len(told):
        extra = _before(told, "vendor")[2:]  # beside id and contrast
        rows = told[told["verdict"] != NONE]
        over = f"means over {weeks_of(told)}"
        parts += [f"What a vendor changes against the one that is always run, on the same luck, {over}"]
        parts += [as_text(rows, [*extra, "vendor", "profile", "outcome"]), *_idle(told)]
    for title, told_ in findings(tables).items():
        parts += ["", title, *(paragraph(one) for one in told_)]
    return "\n".join([*parts, "", paragraph(LEGEND)])


def weeks_of(effects: pd.DataFrame) -> str:
    """The weeks over which the outcomes in a table of effects are means, in words."""
    weeks = sorted({int(one) for one in effects["window"]})
    return f"the {' or '.join(map(str, weeks))} weeks after the switch"


def _idle(effects: pd.DataFrame) -> list[str]:
    """What practically does not change, by vendor and group."""
    none = effects[effects["verdict"] == NONE].groupby(["vendor", "profile"], sort=False)["outcome"]
    return [paragraph(f"{vendor}, {profile}, practically none: {', '.join(dict.fromkeys(some))}")
            for (vendor, profile), some in none]  # fmt: skip


LEGEND = (
    "Jump: from about 0.5 to about 4.5 million USD and back within a week, told from the balance; about: within a "
    "factor of two. [ ]: middle 95 % of draws of the parameters; ( ): 95 % interval that more runs would narrow. Base "
    "rate: share of right links to the group among all leads. Bayes: recall and false-positive rate alone; then, one "
    "after the other, with staff that examines only so much, with wrong links, with pooled wallets. inf: no crypto "
    "came in the year of a claim. Cases are counted in the runs, whole ones on each rail in each week; those on lawful "
    "money are expected, for lawful transfers are a flow and not single agents: parts of cases count, so they may be a "
    "little more than all cases. Verdicts go by a margin of 1 % of capacity; of another outcome, of 1 % of its mean "
    "with the vendor that is always run."
)


def words_of(lines: Lines) -> int:
    """How many columns, from the left, hold words."""
    for place, cell in enumerate(lines[1]):
        if cell[:1].isdigit() or cell[:1] in "-+.":
            return place
    return len(lines[1])


def near(value: float, low: float, high: float, brackets: str = "()", digits: int | None = None, unit: str = "") -> str:
    """A number with an interval: 0.91 (0.88 to 0.95)."""
    shown = [number(one, False) if digits is None else f"{one:.{digits}f}" for one in (value, low, high)]
    if any(one in ("-", "nan") for one in shown[1:]):
        return f"{shown[0]}{unit}"
    return f"{shown[0]}{unit} {brackets[0]}{shown[1]} to {shown[2]}{brackets[1]}"


def of(row: Mapping[str, Any], name: str, brackets: str = "()") -> str:
    """A column with the interval that stands beside it."""
    return near(row[name], row[f"{name}_low"], row[f"{name}_high"], brackets)


def percent(share: float) -> str:
    """A share in per cent, with as many digits as it needs."""
    return "-" if pd.isna(share) else f"{100.0 * share:.3g} %"


def of_percent(row: Mapping[str, Any], name: str, brackets: str = "[]") -> str:
    """A share in per cent with the interval that stands beside it."""
    middle, low, high = (percent(row[one]).removesuffix(" %") for one in (name, f"{name}_low", f"{name}_high"))
    return f"{middle} {brackets[0]}{low} to {high}{brackets[1]} %" if low != "-" else f"{middle} %"


def jump_lines(table: pd.DataFrame) -> Lines:
    """Jumps and claims by vendor and rate of transfers, each beside its formula."""
    extra = _before(table, "vendor")
    heads = (*extra, "vendor", "transfers a processor-year", "jumps a processor-year", "formula", "a year, all of them",
             "formula", "share read as the group's", "formula", "weeks a year with a claim", "formula")  # fmt: skip
    lines = [
        (
            *(str(row[name]) for name in extra), row["vendor"], f"{row['intermediaries.pool_jumps']:g}",
            of(row, "a_processor"), number(row["a_processor_formula"], False),
            of(row, "a_year"), number(row["a_year_formula"], False),
            of(row, "read"), number(row["read_formula"], False),
            of(row, "claims"), number(row["claims_formula"], False),
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


def rate_lines(table: pd.DataFrame) -> Lines:
    """Precision by base rate, beside Bayes and the whole formula."""
    extra = _before(table, "vendor")
    heads = (*extra, "vendor", "profile", "lawful money x", "base rate", "true, false hits a run", "precision", "Bayes",
             "+ staff", "+ links", "+ pools", "true hits / formula", "false hits / formula")  # fmt: skip
    lines = [
        (
            *(str(row[name]) for name in extra), row["vendor"], row["profile"], f"{row['lawful']:g}",
            of_percent(row, "base"), f"{number(row['true'], False)}, {number(row['false'], False)}",
            of(row, "precision", "[]"),
            *(number(row[name], False) for name in ("bayes", "with_staff", "with_links", "with_pools")),
            of(row, "true_ratio"), of(row, "false_ratio"),
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


def even_lines(table: pd.DataFrame) -> Lines:
    """The base rate of even odds by vendor."""
    extra = _before(table, "vendor")
    heads = (*extra, "vendor", "as written", "over draws", "in the runs", "draws without any",
             "false likelier if the base rate were the published illicit share of volume: low end",
             "high end")  # fmt: skip
    lines = [
        (
            *(str(row[name]) for name in extra), row["vendor"], percent(row["even"]), of_percent(row, "formula"),
            of_percent(row, "measured"), percent(row["never"]),
            f"{percent(row['false_at_low'])} of draws", f"{percent(row['false_at_high'])} of draws",
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


def claim_lines(table: pd.DataFrame) -> Lines:
    """Claims against the truth by vendor and group."""
    extra = _before(table, "vendor")
    heads = (*extra, "vendor", "profile", "runs with a claim", "largest claim, times the truth", "claimed, USD a year",
             "crypto received, USD a year", "all claims, times the truth", "published")  # fmt: skip
    lines = [
        (
            *(str(row[name]) for name in extra), row["vendor"], row["profile"], of_percent(row, "with_claim", "()"),
            of(row, "overstated", "[]"), number(row["claimed"], False), number(row["crypto"], False), of(row, "times"),
            span(row["published_low"], row["published_high"]),
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


def harm_lines(table: pd.DataFrame) -> Lines:
    """What each vendor finds, freezes and wastes."""
    extra = _before(table, "vendor")
    heads = (*extra, "vendor", "profile", "true attributions a week", "false attributions a week",
             "group's USD frozen a week", "lawful USD frozen a week", "cases a week", "expected a week on lawful money",
             "expected staff-weeks a week on it", "cases for one true", "attack capacity, attacks a week")  # fmt: skip
    names = ("true_attributions", "false_attributions", "frozen", "lawful_frozen", "cases", "wasted_cases",
             "wasted_staff", "cases_for_one", "capacity")  # fmt: skip
    lines = [
        (
            *(str(row[name]) for name in extra), row["vendor"], row["profile"],
            *(number(row[name], False) for name in names),
        )
        for row in table.to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


def effect_lines(effects: pd.DataFrame) -> Lines:
    """What each vendor changes, with the interval that counts and the verdict."""
    heads = ("vendor", "profile", "outcome", "middle draw", "interval that counts", "unit", "verdict")
    lines = [
        (row["vendor"], row["profile"], row["outcome"], number(row["median"]),
         f"{number(row['low'])} to {number(row['high'])}", row["unit"], row["verdict"])
        for row in effect_rows(effects).to_dict("records")
    ]  # fmt: skip
    return [heads, *lines]


LINES: dict[str, Callable[[pd.DataFrame], Lines]] = {
    "jumps": jump_lines,
    "precision": rate_lines,
    "even": even_lines,
    "claims": claim_lines,
    "harm": harm_lines,
    "effects": effect_lines,
}
"""What puts each table into words."""

_WORDS = {"wasted_cases": "expected cases on lawful money", "wasted_staff": "expected staff-weeks on lawful money"}


def outcome_words(outcome: str) -> str:
    """An outcome as tables have it."""
    return _WORDS.get(outcome, label(outcome))


def effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects of vendors with their outcomes in words, the large group first."""
    rows = effects[effects["outcome"] != "rate"]
    return rows.assign(outcome=[outcome_words(one) for one in rows["outcome"]])


def _before(table: pd.DataFrame, column: str) -> Sequence[str]:
    """Factors of the user's own, which stand before a column."""
    return list(table.columns[: list(table.columns).index(column)])


# --- findings --------------------------------------------------------------------------------------------------------


def findings(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """What was found, by heading: a sentence a vendor and question, composed of rows."""
    shown = dict(tables)
    known = set(tables["even"]["vendor"]) if len(tables["even"]) else set()
    if known and len(tables["claims"]):  # those beside them err as often as one of these
        shown["claims"] = tables["claims"][tables["claims"]["vendor"].isin(known)]
    makers: dict[str, dict[str, Callable[[pd.DataFrame], list[str]]]] = {
        "Jumps of pooled wallets": {"jumps": jump_sentences},
        "When a hit is more likely false than true": {"even": even_sentences, "precision": agreement},
        "What vendors change": {"effects": lambda table: effect_sentences(table, known)},
        "How large claims are": {"claims": claim_sentences},
    }
    found = {
        title: [one for name, make in some.items() if len(shown[name]) for one in make(shown[name])]
        for title, some in makers.items()
    }
    return {title: told for title, told in found.items() if told}


def usual(jumps: pd.DataFrame) -> pd.DataFrame:
    """Jumps at the middle rate of transfers, a row a vendor."""
    rates = sorted(jumps["intermediaries.pool_jumps"].unique())
    return jumps[jumps["intermediaries.pool_jumps"] == rates[(len(rates) - 1) // 2]]


def jump_sentences(table: pd.DataFrame) -> list[str]:
    """How often wallets jump without any money of the group, and what vendors read into it."""
    rows = usual(table)
    one = rows.iloc[0]
    often = f"{one['intermediaries.pool_jumps']:g} {plural(one['intermediaries.pool_jumps'], 'transfer')}"
    told = [
        f"Without any money of the group, the wallet of a processor that makes {often} of its own a year jumps "
        f"{of(one, 'a_processor')} times a year, all {one['processors']:.0f} wallets together {of(one, 'a_year')} "
        f"times (formula {number(one['a_processor_formula'], False)} and {number(one['a_year_formula'], False)})."
    ]
    return told + [
        f"{_named(row)} reads {of_percent(row, 'read', '()')} of such jumps as the group's (formula "
        f"{percent(row['read_formula'])}): such a claim in {of(row, 'claims')} weeks a year (formula "
        f"{number(row['claims_formula'], False)})."
        for row in rows.to_dict("records")
    ]


def even_sentences(table: pd.DataFrame) -> list[str]:
    """Below which base rate a hit of a vendor is more likely false than true."""
    return [
        f"{_named(row)}: below a base rate of {percent(row['even'])} a hit is more likely false than true "
        f"({of_percent(row, 'formula')} over draws; {of_percent(row, 'measured')} in the runs). If the base rate among "
        "leads, which may be lower or higher, were the published illicit share of crypto, a share of all volume and "
        f"not of leads, it would be so in {percent(row['false_at_low'])} of draws at its low end "
        f"({percent(row['published_low'])}) and in {percent(row['false_at_high'])} at its high end "
        f"({percent(row['published_high'])})."
        for row in table.to_dict("records")
    ]


_STEPS = {"with_staff": "staff that examines only so much", "with_links": "wrong links", "with_pools": "pooled wallets"}


def agreement(table: pd.DataFrame) -> list[str]:
    """How far model and formula agree, and where Bayes' rule alone is farthest off, and why."""
    ends = [f"{number(table[f'{name}_ratio'].min(), False)} to {number(table[f'{name}_ratio'].max(), False)}"
            for name in ("true", "false")]  # fmt: skip
    row = table.loc[(table["with_pools"] - table["bayes"]).abs().idxmax()]
    before = ["bayes", *_STEPS]
    moves = [
        f"{words} {row[name] - row[last]:+.3f}" for last, (name, words) in zip(before, _STEPS.items(), strict=False)
    ]
    return [
        f"Hits over what the whole formula expects: true ones {ends[0]} times, false ones {ends[1]} times, over all "
        "base rates.",
        f"Bayes' rule alone is farthest from the whole formula for the {row['vendor']} vendor, {row['profile']}, "
        f"lawful money x {row['lawful']:g}: precision {row['bayes']:.3f} against {row['with_pools']:.3f} "
        f"({', '.join(moves)}); in the runs {row['precision']:.3f}.",
    ]


def claim_sentences(table: pd.DataFrame) -> list[str]:
    """How large the largest claim is against the truth."""
    return [
        f"{_named(row)}, {row['profile']}: its largest claim of a run is {of(row, 'overstated', '[]')} times the "
        f"crypto that came in the year around it (published {span(row['published_low'], row['published_high'])}); "
        f"{percent(row['with_claim'])} of runs have one."
        for row in table.to_dict("records")
    ]


_TOLD = ("capacity", "lawful_frozen", "wasted_cases")


def effect_sentences(table: pd.DataFrame, known: Collection[str]) -> list[str]:
    """What each vendor changes in capacity and in harm, with the verdicts; vendors beside the known ones in short."""
    found = []
    short = table["vendor"].nunique() > 1
    for vendor, rows in table.groupby("vendor", sort=False):
        if short and known and vendor not in known:
            found.append(_in_short(str(vendor), rows))
            continue
        for profile, some in rows.groupby("profile", sort=False):
            of_outcome = {str(row["outcome"]): row for row in some.to_dict("records")}
            told = [
                f"{outcome_words(name)} {row['verdict']} ({number(row['median'])} {row['unit']}, "
                f"{number(row['low'])} to {number(row['high'])})"
                for name in _TOLD
                for row in (of_outcome[name],)
            ]
            found.append(f"{_named({'vendor': vendor})} instead, {profile}: {'; '.join(told)}.")
    return found


def _in_short(vendor: str, rows: pd.DataFrame) -> str:
    """One sentence on a vendor in all groups: verdicts, and the middle draw of what is shown."""
    told = [f"{outcome_words(name)} {_verdicts(rows[rows['outcome'] == name])}" for name in _TOLD]
    return f"{_named({'vendor': vendor})} instead: {'; '.join(told)}."


NO_FINDING = (
    "exactly zero, which follows from the rules and is no finding (a false attribution takes no staff and leads to no "
    "arrest)"
)


def _verdicts(rows: pd.DataFrame) -> str:
    """The verdict of all groups, or each group's where they differ."""
    if (rows[["median", "low", "high"]] == 0.0).all(axis=None):
        return NO_FINDING if rows["outcome"].iloc[0] == "capacity" else "exactly zero"
    told: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        shown = f"{number(row['median'])} {row['unit']}, " if row["verdict"] == "effect" else ""
        told.setdefault(str(row["verdict"]), []).append(f"{shown}{row['profile']}")
    return ", ".join(f"{verdict} ({'; '.join(groups)})" for verdict, groups in told.items())


def _named(row: Mapping[Any, Any]) -> str:
    return f"{str(row['vendor']).capitalize()} vendor"
