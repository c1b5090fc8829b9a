"""What the figures of studies say: names, numbers and verdicts in plain words, and which rows of a table they show."""

import math
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from experiments.stats import estimates
from experiments.stats.contrasts import judged_by
from sim.engine.text import capital, day, listed, named, plural

STATUS_QUO = "status_quo"
EFFECT, NONE = "effect", "practically none"
OPEN, DEPENDS = estimates.OPEN, "depends on what is not known"
REFUSED = estimates.REFUSED
WORLDS = {"placebo": "placebo_none"}
"""Arms whose world without a switch is an arm of its own, by which they are judged and which no figure shows."""
ARMS = {
    "none": "no switch",
    "announcement": "announcement (donors choose)",
    "full": "full switch (every gift follows)",
    "placebo": "placebo (full switch to a twin of bitcoin)",
}
ROUTING = "group.routing"
HELD = {ROUTING: "routing", "world": "world", "loop": "loop"}
"""Factors of the headline study of which most figures hold one level, and their names in `About`."""
_KNOWN = {
    "id", "contrast", "arm", "policy", "intensity", "profile", *HELD, "outcome", "window", "unit", "n", "draws",
    "reference", "mean", "mc_low", "mc_high", "mc_error", "low", "high", "mc_share",
    "p_beyond_margin", "p_beyond_margin_low", "p_beyond_margin_high",
    "p", "p_adjusted", "mde", "variance_reduction", "margin", "better", "verdict", "median", "below", "within",
    "above", "max_draw_share", "unshrunk_low", "unshrunk_high", "centre",
}  # fmt: skip
_GROUPS = {
    "": "the group",
    "is_core": "the large group",
    "donor_funded": "the donor-funded group",
    "external_network": "the external network",
}


@dataclass(frozen=True, slots=True)
class About:
    """What figures need to know of a study beside its tables.

    Attributes:
        switch: day of the switch.
        agencies: agency of each policy; those of agency ``military`` are judged by the attack rate.
        routing, world, loop: the cell that figures hold where a study varies these; the nearest or first if not there.
        others: likewise for whatever else a study varies, by the name of the column.
        window: weeks after the switch over which outcomes are means.
        margin: margin of relevance, per cent of capacity.
        drawn: whether uncertain parameters are drawn; else all runs hold the same.
    """

    switch: date
    agencies: Mapping[str, str] = field(default_factory=dict)
    routing: float = 0.1
    world: str = "as_it_was"
    loop: str = "on"
    others: Mapping[str, Any] = field(default_factory=dict)
    window: int = 52
    margin: float = 1.0
    drawn: bool = True

    @property
    def mean(self) -> str:
        """What outcomes are means of, in words."""
        return f"mean of the {self.window} weeks after {day(self.switch)}"

    def outcome(self, policy: str) -> str:
        """Outcome by which a policy or mix is judged: the rate of attacks if any of it is military, else capacity."""
        return judged_by(policy, self.agencies)


# --- names ------------------------------------------------------------------------------------------------------------


def policy_words(name: str) -> str:
    """A policy or mix as a reader would write it, near to what a user types: Exchange KYC for exchange_kyc."""
    parts = (re.sub(r"^counter_(?=.)", "counter-", part) for part in name.split("+"))
    words = " + ".join(part.replace("_", " ").strip() for part in parts)
    return (capital(words)).replace("kyc", "KYC").replace("Kyc", "KYC") or name


def within(words: str) -> str:
    """A name inside a sentence: its first letter small, unless it is an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def group_words(profile: str) -> str:
    """A profile in a sentence: the large group for is_core; a user's own by its name."""
    return _GROUPS.get(profile, textwrap.shorten(named(profile), 32, placeholder=" …"))


def group_heading(profile: str) -> str:
    """A profile above a panel."""
    words = group_words(profile).removeprefix("the ")
    return capital(words)


def arm_words(arm: str) -> str:
    """An arm in words."""
    return ARMS.get(arm, named(arm).lower())


def short_arm(arm: str) -> str:
    """An arm in a word or two."""
    return arm_words(arm).split(" (")[0]


def told_words(arms: Sequence[str]) -> str:
    """Of which arm a title tells, where several are shown."""
    return f" The title tells of the {short_arm(told_of(arms))}." if len(arms) > 1 else ""


def folded(text: str, width: int, lines: int = 2) -> str:
    """A label in at most so many lines of a width; what is over is cut."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …", break_on_hyphens=False))


def sentence(clauses: Iterable[str]) -> str:
    """Clauses as one sentence that begins with a capital."""
    words = "; ".join(clause for clause in clauses if clause)
    return capital(words)


# --- numbers ----------------------------------------------------------------------------------------------------------


def digits(*values: float, most: int = 2) -> int:
    """Decimals with which the largest of some numbers keeps two figures, up to the most allowed."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return min(most, max(0, 1 - math.floor(math.log10(largest)))) if largest > 0 else 0


def number(value: float, places: int, sign: bool = True) -> str:
    """A number with its sign and so many decimals; zero has no sign."""
    rounded = round(value, places)
    return f"{rounded or 0.0:{'+' if sign and rounded else ''}.{places}f}"


def amount(mean: float, low: float, high: float, unit: str = "%", sign: bool = True) -> str:
    """An effect with the interval that counts: +4.2% (+1.0 to +8.3)."""
    if not math.isfinite(mean):
        return "not defined"
    known = math.isfinite(low) and math.isfinite(high)
    most = 2 if unit else 4
    places = digits(mean, *([low, high] if known else []), most=most)
    if known and low * high > 0:  # an interval that excludes zero is not to be read as if it touched it
        places = max(places, min(most, -math.floor(math.log10(min(abs(low), abs(high))))))
    span = f"{number(low, places, sign)} to {number(high, places, sign)}" if known else "no interval"
    return f"{number(mean, places, sign)}{unit} ({span})"


def effect(row: "pd.Series[float]", unit: str = "%") -> str:
    """The effect in a row of a table in words: its middle with the interval that counts."""
    return amount(float(row.get("centre", row["mean"])), float(row["low"]), float(row["high"]), unit)


def share(part: float) -> str:
    """A share in per cent: 2%, 0.2%, 85%."""
    return f"{100 * part:.3g}%"


def pairs(n: "pd.Series[float]") -> str:
    """How many pairs of runs stand behind rows."""
    few, many = int(n.min()), int(n.max())
    return f"{few:,} to {many:,} pairs" if few < many else f"{many:,} {plural(many, 'pair')}"


def counted(rows: pd.DataFrame) -> str:
    """How many runs stand behind rows, on how many draws of the uncertain parameters, and what markers and bars are."""
    marker = "median" if "median" in rows and rows["median"].notna().any() else "mean"
    words = f"{pairs(rows['n'])} of runs on the same luck"
    if "mc_share" in rows and (rows["mc_share"] == 1.0).all() and (rows["draws"] == 1).all():
        return f"{words}, parameters held. Marker: {marker}. Bars: 95% interval of the mean."
    draws = pairs(rows["draws"]).replace("pair", "draw")
    return (
        f"{words}, {draws} of the uncertain parameters. Marker: {marker} of draws; thick bar: 95% Monte Carlo interval "
        "of the mean; thin bar: middle 95% of draws, which counts."
    )


# --- verdicts ---------------------------------------------------------------------------------------------------------


def idle(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are exactly zero in every draw: a policy that cannot act there."""
    return (rows[["mean", "low", "high"]] == 0.0).all(axis=1)


def told(row: "pd.Series[Any]") -> str:
    """The verdict of a row; where draws and not luck keep it open, that it depends on what is not known."""
    verdict = str(row["verdict"])
    if verdict in (EFFECT, NONE, *REFUSED):
        return verdict
    shares = [float(row.get(name, math.nan)) for name in ("below", "above")]
    known = float(row.get("mc_share", math.nan)) < 0.5 and not estimates.few(float(row.get("draws", 0)))
    return DEPENDS if known and all(map(math.isfinite, shares)) else OPEN


def open_words(rows: pd.DataFrame) -> str:
    """What a verdict that is neither an effect nor practically none is called where some rows are shown."""
    kinds = in_order((told(pd.Series(row)) for row in rows.to_dict("records")), [OPEN, DEPENDS, *REFUSED])
    return ", or ".join(kind for kind in kinds if kind not in (EFFECT, NONE)) or OPEN


def too_few(rows: pd.DataFrame, verdict: str = "verdict") -> str:
    """What a title says instead of findings where all that it would tell of hangs on too few draws or seeds."""
    if rows.empty or not rows[verdict].isin(REFUSED).all():
        return ""
    refused = str(rows[verdict].iloc[0])
    counts = "n" if refused == estimates.FEW_SEEDS else "draws"
    most = int(rows[counts].max()) if counts in rows else 0
    return not_judged(refused) + (f", and there {'is' if most == 1 else 'are'} {most}" if most else "")


def not_judged(refused: str) -> str:
    """That there are too few draws or seeds for any verdict."""
    return f"{sentence([refused])}: nothing is judged by fewer than {estimates.counted(refused, estimates.FEW)}"


def by_draws(row: "pd.Series[Any]", raises: str, lowers: str) -> str:
    """In how many draws an effect is beyond the margin: raises capacity by more than 1% in 12% of draws, lowers ..."""
    above, below = (f"{100 * float(row[name]):.0f}%" for name in ("above", "below"))
    return f"{raises} by more than {float(row['margin']):g}% in {above} of draws, {lowers} in {below}"


# --- rows -------------------------------------------------------------------------------------------------------------


def grouped(table: pd.DataFrame) -> pd.DataFrame:
    """A table with profile and policy as text; those of a study of one group or without policies have none."""
    if table.empty:
        return table
    names = {"profile": "", "policy": STATUS_QUO}
    return table.assign(**{name: table[name].astype(str) if name in table else one for name, one in names.items()})


def held(table: pd.DataFrame, column: str, wanted: float | str) -> pd.DataFrame:
    """Rows of one value of a column: the wanted one, else the nearest number or the first text that is there."""
    if column not in table or table.empty:
        return table
    values = table[column]
    if isinstance(wanted, str) or not pd.api.types.is_numeric_dtype(values):
        found = wanted if (values == wanted).any() else values.iloc[0]
        return table[values == found]
    distance = (values.astype(float) - wanted).abs()
    return table[np.isclose(distance, distance.min())]


def reference(table: pd.DataFrame, about: About, routing: bool = True) -> pd.DataFrame:
    """Rows at the reference world, loop, window and, if asked, routing; of whatever else a study varies, one value."""
    table = grouped(table)
    table = table[~table["arm"].isin(WORLDS.values())] if "contrast" in table else table
    for column, wanted in (("world", about.world), ("loop", about.loop), ("window", about.window)):
        table = held(table, column, wanted)
    table = held(table, ROUTING, about.routing) if routing else table
    found = [str(name) for name in table if name not in _KNOWN] if "contrast" in table else []
    for column in dict.fromkeys([*found, *about.others]):
        if column in table and len(table):
            table = held(table, column, about.others.get(column, table[column].iloc[0]))
    return table


def holding(rows: pd.DataFrame) -> str:
    """At which values rows stand of what else a study varies."""
    more = {str(name): rows[name].iloc[0] for name in rows if name not in _KNOWN}
    words = [f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in more.items()]
    return f" Held: {listed(words)}." if words else ""


def strongest(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of each policy at its highest intensity."""
    if table.empty or "intensity" not in table:
        return table
    return table[table["intensity"] == table.groupby("policy")["intensity"].transform("max")]


def judged(table: pd.DataFrame, about: About) -> pd.DataFrame:
    """Rows of the outcome by which each policy is judged, with a mean."""
    if table.empty:
        return table
    wanted = table["policy"].map({policy: about.outcome(policy) for policy in table["policy"].unique()})
    return centred(table[(table["outcome"] == wanted) & table["mean"].notna()])


def centred(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the middle of each effect: the median of draws, where it is known, else the mean."""
    return table.assign(centre=table["median"].fillna(table["mean"]) if "median" in table else table["mean"])


def in_order(values: Iterable[str], first: Iterable[str] = ()) -> list[str]:
    """Distinct values as they come, known ones first."""
    there = list(dict.fromkeys(values))
    known = [value for value in first if value in there]
    return known + [value for value in there if value not in known]


def profiles_of(table: pd.DataFrame) -> list[str]:
    """Profiles of a table, in the order of a study's headline."""
    return in_order(table["profile"].astype(str), _GROUPS)


def some(profiles: Sequence[str], most: int = 3) -> tuple[Sequence[str], str]:
    """The groups that a title has room for, and a word on the others."""
    more = len(profiles) - most
    return profiles[:most], f"{more} more {plural(more, 'group')} below" if more > 0 else ""


def margin_of(rows: pd.DataFrame, about: About) -> float:
    """Margin of relevance of some rows, per cent."""
    return float(rows["margin"].iloc[0]) if "margin" in rows and rows["margin"].notna().any() else about.margin


def arms_of(table: pd.DataFrame, chosen: Sequence[str] = ("none", "announcement", "full")) -> list[str]:
    """Arms to show, in order: those chosen that are there, else whatever is there."""
    there = [arm for arm in in_order(table["arm"].astype(str), ARMS) if arm not in WORLDS.values()]
    return [arm for arm in there if arm in chosen] or there


def told_of(arms: Sequence[str]) -> str:
    """The arm that titles tell of: donors choose, if that was run; else the first with a switch."""
    if "announcement" in arms:
        return "announcement"
    return next((arm for arm in arms if arm != "none"), arms[0])
