"""Figures of the attribution study: precision by base rate, jumps of a pooled wallet, effects of vendors."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import folded, sample, title
from experiments.findings import say, together, where
from experiments.studies.attribution.report import even_sentence, first, jump_sentence, of_vendors, usual, weeks_of
from experiments.study.reporting import Plan, Tables
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet
from sim.plots.panels import at, date_axis, plain

_WALLETS = {"one wallet": "#0173b2", "any wallet": "#de8f05"}
_CURVE, _SPAN, _PUBLISHED, _JUMP = "#555555", "#d9d9d9", "#f3dfb6", "#b83b00"
_DASHED, _DOTTED = (0, (4, 3)), (0, (1, 1.2))
_FEW = 5
"""Draws below which a base rate is not shown, where another has as many."""
_SHOWN = ("capacity", "true_attributions", "lawful_frozen", "wasted_cases")

BRIEF = {"1_precision": "attribution-hit", "2_wallet": "attribution-innocent"}
"""Figures that a brief shows, each with the kind of finding that is its title."""


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return each figure by the stem of its file."""
    return {
        "1_precision": partial(precision, tables),
        "2_wallet": partial(wallet, tables),
        "3_harm": partial(harm, tables["effects"]),
    }


def precision(tables: Tables, sheet: Sheet) -> Drawn | None:
    """Share of true hits by base rate, a panel a vendor, with Bayes' curve and the published illicit share."""
    points, curve, even = (first(tables[name]) for name in ("by_base", "curve", "even"))
    if points.empty:
        return None
    points = points[points["n"] >= min(_FEW, points["n"].max())]
    groups = marks.by_group(pick.profiles_of(points))
    ticks = 10.0 ** np.arange(np.floor(np.log10(points["base"].min())), 1)
    legend = [
        Line2D([], [], color=_CURVE, linewidth=1.4, label="Bayes' rule, median draw"),
        Patch(color=_SPAN, label="95% uncertainty interval"),
        Patch(color=_PUBLISHED, label="published illicit share of crypto"),
    ]

    def panel(axes: Axes, vendor: str) -> None:
        published = where(even, vendor=vendor)[["published_low", "published_high"]].iloc[0]
        axes.axvspan(*published, color=_PUBLISHED, linewidth=0, zorder=0)
        rows = where(curve, vendor=vendor)
        ends = rows["precision_low"].to_numpy(), rows["precision_high"].to_numpy()
        axes.fill_between(rows["base"].to_numpy(), *ends, color=_SPAN, linewidth=0, zorder=1)
        axes.plot(rows["base"], rows["precision"], color=_CURVE, linewidth=1.4, zorder=2)
        axes.axhline(0.5, color=GREY, linewidth=0.8, linestyle=_DASHED, zorder=2)
        for profile, colour in groups.colour.items():
            rows = where(points, vendor=vendor, profile=profile)
            ends = rows["precision_low"].to_numpy(), rows["precision_high"].to_numpy()
            axes.vlines(rows["base"], *ends, color=colour, linewidth=0.9, zorder=4)
            dot: dict[str, Any] = {"marker": groups.marker[profile], "markersize": 4.5, "color": colour, "zorder": 5}
            dot |= {"linestyle": "none", "markeredgecolor": "white", "markeredgewidth": 0.5}
            axes.plot(rows["base"], rows["precision"], **dot)
        axes.set_title(f"{vendor.capitalize()} vendor")
        axes.set(xscale="log", xlim=(ticks[0], 1.0), ylim=(-0.02, 1.02))
        axes.xaxis.set_major_locator(FixedLocator(list(ticks)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticklabels([f"{100 * tick:g}%" for tick in ticks])

    vendors = [even_sentence(row, "even.item") for row in even.to_dict("records")]
    return sheet.small_multiples(
        list(dict.fromkeys(points["vendor"])),
        panel,
        title=say("attribution-bayes.title", vendors=text.listed(vendors)),
        caption=say("attribution-bayes.caption", draws=int(even["draws"].max())),
        legends=[groups.legend(), legend],
        height=2.9,
        columns=2,
        below="base rate (log scale)",
        beside="share of hits that are true",
    )


def wallet(tables: Tables, sheet: Sheet) -> Drawn | None:
    """One wallet over time with its jumps, and the share of wallets that have jumped within so many weeks."""
    one, waits, jumps = tables["wallet"], tables["waiting"], first(tables["jumps"])
    if one.empty or waits.empty or jumps.empty:
        return None
    rows = usual(jumps).to_dict("records")
    claims = text.listed([jump_sentence(row, "misread.item") for row in rows])
    dot: dict[str, Any] = {"color": _JUMP, "marker": "o", "linestyle": "none", "markersize": 4.5}
    handles = [
        Line2D([], [], **dot, label="jump, claimed by a vendor"),
        Line2D([], [], **dot, markerfacecolor="white", label="jump, claimed by none"),
        Line2D([], [], color=GREY, linestyle=_DASHED, linewidth=1.0, label="0.5 and 4.5 million USD"),
    ]
    more: list[Any] = [Line2D([], [], color=shade, linewidth=1.6, label=name) for name, shade in _WALLETS.items()]
    more.append(Line2D([], [], color=DARK, linestyle=_DOTTED, linewidth=1.4, label="formula"))
    more.append(Patch(color=_SPAN, label="95% interval"))
    return sheet.small_multiples(
        [partial(_balance, one=one), partial(_waits, waits=waits)],
        lambda axes, draw: draw(axes),
        title=jump_sentence(rows[0], "jumps.title", vendors=claims),
        caption=jump_sentence(rows[0], "jumps.caption", replications=int(waits["n"].max())),
        legends=[handles, more],
        height=2.7,
        share="",
        widths=(3, 2),
    )


def _balance(axes: Axes, one: pd.DataFrame) -> None:
    dates, millions = at(pd.to_datetime(one["date"]).to_numpy()), one["wallet"].to_numpy() / 1e6
    axes.plot(dates, millions, color=_WALLETS["one wallet"], linewidth=0.9)
    for level in (0.5, 4.5):
        axes.axhline(level, color=GREY, linewidth=1.0, linestyle=_DASHED, zorder=1)
    words: dict[str, Any] = {"fontsize": 6.8, "xytext": (5, 0), "textcoords": "offset points", "va": "center"}
    for place in np.flatnonzero(one["jump"].to_numpy(dtype=bool)):
        who, point = str(one["read_by"].iloc[place]), (dates[place], millions[place])
        axes.plot(*point, marker="o", markersize=5, markerfacecolor=_JUMP if who else "white", color=_JUMP)
        axes.annotate(who.replace("+", ",\n"), point, **words)
    date_axis(axes, 3, 7)
    axes.set(ylim=(0.0, max(5.0, 1.12 * float(millions.max()))), ylabel="million USD")
    axes.set_title("One wallet, no money of the group")


def _waits(axes: Axes, waits: pd.DataFrame) -> None:
    for whose, colour in _WALLETS.items():
        rows = where(waits, whose=whose)
        ends = rows["share_low"], rows["share_high"]
        axes.fill_between(rows["weeks"], *ends, color=colour, alpha=0.18, linewidth=0, step="post")
        axes.step(rows["weeks"], rows["share"], where="post", color=colour, linewidth=1.4)
        axes.plot(rows["weeks"], rows["formula"], color=DARK, linewidth=1.2, linestyle=_DOTTED)
    axes.set(ylim=(0.0, 1.02), xlabel="within so many weeks", ylabel="share of replications")
    axes.set_title("Has jumped at least once")


def title_of_harm(rows: pd.DataFrame) -> str:
    """The effects of vendors on lawful money frozen and on attack capacity in the first group, by verdict."""
    found = [of_vendors(where(rows, outcome=outcome)) for outcome in ("lawful_frozen", "capacity")]
    short = all(one.shortage for some in found for one in some)
    return title(found[0]) if short else "; ".join(together(some, over="vendor") for some in found if some)


def harm(effects: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Effects of each vendor against the reference vendor: capacity, hits, lawful money, wasted cases."""
    levels = [name for name in effects.columns if name not in ("id", "contrast", "vendor", "profile")]
    rows = pick.centred(first(effects[[*levels, "id", "contrast", "vendor", "profile"]], "outcome"))
    if rows.empty:
        return None
    vendors, profiles = list(dict.fromkeys(rows["vendor"])), pick.profiles_of(rows)
    rows = rows.assign(place=rows["vendor"].map(vendors.index))
    groups = marks.by_group(profiles)

    def panel(axes: Axes, outcome: str) -> None:
        here = where(rows, outcome=outcome)
        unit = str(here["unit"].iloc[0])
        words = partial(text.usd, sign=True) if unit.startswith("USD") else plain
        marks.effects(axes, here, groups, float(here["margin"].min()), here, 1.4, words, size=4.5)
        axes.set_xlabel(unit, fontsize=6.8)
        marks.lines_of(axes, vendors)
        axes.grid(visible=False, axis="y")
        axes.set_title(folded(text.outcome(outcome), 22), fontsize=8)

    weeks, group = weeks_of(rows), text.group(profiles[0])
    return sheet.small_multiples(
        [outcome for outcome in _SHOWN if (rows["outcome"] == outcome).any()],
        panel,
        title=title_of_harm(where(rows, profile=profiles[0])),
        caption=say("attribution-effect.caption", weeks=weeks, sample=sample(rows), group=group),
        legends=[groups.legend(), marks.legend_of_verdicts(rows)],
        height=0.8 + 0.42 * len(vendors),
        columns=len(_SHOWN),
        share="y",
    )
