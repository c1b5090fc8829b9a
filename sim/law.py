"""The law of traceability: the capacity that freezing costs a group, as a race between being found and being cashed.

It is the closed form of the rule ``rules.freezing: renewed_wallets``. Every week the group cashes a share a of what it
holds on a rail; then links reach a share q of the rest, of which the share f lies where it can be stopped:

    n = N l^h R S                      links found a week, of N gifts to one wallet
    sigma = (1 - d) / (1 - d x)        of them lead to wallets in use: d = 2^(-1 / lag) of all leads stay hidden for one
                                       more week, x = 1 - renewal (1 - l) of all wallets stay tied to those in use
    q = 1 - exp(-n l^h sigma)          links are Poisson, and several overlap
    phi = f lambda / (lambda + mu)     frozen; lambda = (1 - a) q is found and mu = a cashed: exact in the mean
    (1 - s phi)^e - 1                  change of capacity

A switch of coins multiplies the usable money of public campaigns, gifts less what is frozen of them, by one factor:

    (1 + s (k (1 - phi_1) / (1 - phi_0) - 1))^e - 1    change of capacity

Of a new coin, money that is not cash yet at the end of a window counts like what is frozen (`waiting`).

Fear and arrests are not in it, nor is money that goes straight to cells, which no link reaches. All functions take
numbers or NumPy arrays under these names, and raise ValueError at what is out of range; a share or a chance is from 0
to 1.

    link          l, chance that both ends of a transfer are rightly linked
    freezable     f, share of the balance that an issuer or custodian can stop
    gifts         N, gifts a week
    cashed        a, share of the balance turned into cash a week, above 0
    renewal       chance a week that a wallet is replaced by a new one
    lag           half-life of discovery in weeks (facts:attribution-recall-year-one)
    income_share  s, share of income that comes through the treasury on the rail, before links freeze any of it; what
                  goes straight to cells does not count as income
    elasticity    e of capacity to this income, when it falls
    hops          h, transfers between a donor and the group (enforcement.hops)
    recall        R, share of right links that the analyst attributes (facts:bitcoin-clustering-recall)
    followed      S, share of leads that the staff follows: min(1, capacity / leads), lookalikes included
    weeks         age of the rail's first gift, or how long its records are kept if that is less; infinite in the steady
                  state. The mean over an array of weeks is that of a window after a switch
    wallets       shares of the gifts, and of their money, that come to each of several wallets, as (0.7, 0.3)
    kept          k, gifts to public campaigns with the switch over those without it, 0 or more
    campaign_share s, share of usable income that public campaigns bring without the switch
    frozen_before phi_0, share of campaign gifts that is frozen or not cash without the switch, below 1
    frozen_after  phi_1, that with the switch

``python -m sim.law`` prints where the rails of a scenario lie.
"""

import math
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.engine.records import Rows
    from sim.runs import Run
    from sim.scenario import Scenario

type Number = float | NDArray[np.float64]

_RANGES: dict[str, tuple[float, float]] = {
    "gifts": (0, 1e12), "elasticity": (0, 1e3), "cashed": (1e-6, 1), "lag": (0.01, 520), "hops": (1, 20),
    "weeks": (0, np.inf), "kept": (0, 1e6), "frozen_before": (0, 1 - 1e-9), "change": (-1, 1e6),
}  # fmt: skip
"""What is allowed; of all else, a share from 0 to 1."""


def _check(**values: Any) -> None:
    for name, value in values.items():
        low, high = _RANGES.get(name, (0, 1))
        numeric = isinstance(value, int | float | np.ndarray | np.generic) and np.asarray(value).dtype.kind in "iuf"
        if not numeric or not np.all((np.asarray(value) >= low) & (np.asarray(value) <= high)):
            raise ValueError(f"{name}={value!r}: allowed is a number or an array, {low:g} to {high:g}")


# --- the law ----------------------------------------------------------------------------------------------------------


def found(link: Number, gifts: Number, *, hops: Number = 2, recall: Number = 0.686, followed: Number = 1.0) -> Number:
    """Links found a week on one wallet: n = gifts link^hops recall followed."""
    _check(link=link, gifts=gifts, hops=hops, recall=recall, followed=followed)
    return gifts * link**hops * recall * followed


def reached(
    link: Number, gifts: Number, renewal: Number, lag: Number, *, hops: Number = 2, weeks: Number = np.inf, **terms: Any
) -> Number:
    """Share of a wallet's balance that links reach a week: q = 1 - exp(-n link^hops sigma (1 - (d x)^weeks))."""
    _check(link=link, renewal=renewal, lag=lag, weeks=weeks)
    hidden = 0.5 ** (1.0 / np.asarray(lag))
    stays = hidden * (1.0 - renewal * (1.0 - np.asarray(link)))
    sigma = (1.0 - hidden) / (1.0 - stays) * (1.0 - stays**weeks)
    return -np.expm1(-found(link, gifts, hops=hops, **terms) * link**hops * sigma)


def frozen_share(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number, *,
    wallets: Sequence[float] = (1.0,), **terms: Any,
) -> Number:  # fmt: skip
    """Share of the treasury's gifts on a rail that links freeze: phi = f lambda / (lambda + a)."""
    _check(freezable=freezable, gifts=gifts, cashed=cashed, wallets=np.asarray(wallets))
    left, frozen = 1.0 - np.asarray(cashed), np.asarray(0.0)
    for part in wallets:
        lost = left * reached(link, part * gifts, renewal, lag, **terms)
        frozen = frozen + part * lost / (lost + cashed)
    return np.asarray(freezable * frozen)[()]


def screened(freezable: Number, flagged: Number, known: Number = 0.0) -> Number:
    """Share frozen without any link, phi_0 = 1 - (1 - f known) (1 - f g / (1 - g + f g)).

    A gift is known from a report or off the ledger with a chance; a cash-out is flagged with the chance g = strictness
    x identify x suspicion, then frozen or tried again. Links and all this freeze 1 - (1 - phi) (1 - phi_0).
    """
    _check(freezable=freezable, flagged=flagged, known=known)
    at_cash_out = freezable * flagged / np.maximum(1.0 - flagged + freezable * flagged, 1e-12)
    return 1.0 - (1.0 - freezable * known) * (1.0 - at_cash_out)


def loss(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number,
    income_share: Number, elasticity: Number, **terms: Any,
) -> Number:  # fmt: skip
    """Change of capacity by what links freeze on a rail, all else the same: (1 - s phi)^e - 1, from -1 to 0."""
    _check(income_share=income_share, elasticity=elasticity)
    frozen = frozen_share(link, freezable, gifts, cashed, renewal, lag, **terms)
    return (1.0 - income_share * frozen) ** elasticity - 1.0


def ceiling(freezable: Number, cashed: Number, income_share: Number, elasticity: Number) -> Number:
    """Change of capacity that no link and no number of gifts exceeds: (1 - s f (1 - a))^e - 1, about -e s f (1 - a)."""
    _check(freezable=freezable, cashed=cashed, income_share=income_share, elasticity=elasticity)
    return (1.0 - income_share * freezable * (1.0 - np.asarray(cashed))) ** elasticity - 1.0


def threshold_link(margin: Number, **about: Any) -> Number:
    """Least link whose loss is the margin or more, by bisection; NaN if there is none. Arguments: those of `loss`."""
    _check(margin=margin)
    if not np.all(np.asarray(margin) > 0.0):
        raise ValueError(f"margin = {margin}: must be above 0")
    low, high = np.asarray(0.0), np.asarray(1.0)
    passes = loss(high, **about) <= -margin
    for _ in range(40):
        middle = (low + high) / 2.0
        enough = loss(middle, **about) <= -margin
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(passes, high, np.nan)[()]


def waiting(cashed: Number, weeks: Number) -> Number:
    """Share of the gifts of a rail's first T weeks that is not cash at their end: (1 - a) (1 - (1 - a)^T) / (a T)."""
    _check(cashed=cashed, weeks=weeks)
    left = 1.0 - np.asarray(cashed)
    return left * (1.0 - left**weeks) / (cashed * np.maximum(weeks, 1.0))


def switched(
    kept: Number, campaign_share: Number, elasticity: Number, frozen_before: Number = 0.0, frozen_after: Number = 0.0
) -> Number:
    """Change of capacity by a switch of which campaigns keep k: (1 + s (k (1 - phi_1) / (1 - phi_0) - 1))^e - 1."""
    _check(kept=kept, campaign_share=campaign_share, elasticity=elasticity)
    _check(frozen_before=frozen_before, frozen_after=frozen_after)
    factor = kept * (1.0 - frozen_after) / (1.0 - frozen_before)
    return (1.0 + campaign_share * (factor - 1.0)) ** elasticity - 1.0


def threshold_kept(
    campaign_share: Number, elasticity: Number, frozen_before: Number = 0.0, frozen_after: Number = 0.0, *,
    change: Number = 0.0,
) -> Number:  # fmt: skip
    """Share of their gifts that campaigns must keep for a change of capacity, inverting `switched`.

    At change 0, where the sign turns, it is (1 - phi_0) / (1 - phi_1) whatever s and e; at minus the margin it is the
    share below which the switch loses more than that. NaN where no share has that change.
    """
    _check(campaign_share=campaign_share, elasticity=elasticity, change=change)
    _check(frozen_before=frozen_before, frozen_after=frozen_after)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        money = (1.0 + np.asarray(change)) ** (1.0 / np.asarray(elasticity)) - 1.0
        factor = 1.0 + np.where(np.equal(change, 0.0), 0.0, money / np.asarray(campaign_share))
        found = factor * (1.0 - np.asarray(frozen_before)) / (1.0 - np.asarray(frozen_after))
    return np.where(np.isfinite(found) & (found > -1e-9), np.maximum(found, 0.0), np.nan)[()]


# --- its arguments, measured ------------------------------------------------------------------------------------------

FALL = 0.8  # factor on all income by which the elasticity is measured: that to a fall, since capacity is concave


def measured(scenario: "Scenario", seeds: int = 8) -> tuple[float, dict[str, dict[str, Any]]]:
    """Return the elasticity of capacity to income and, by ledger rail, all other arguments of `loss`.

    All are measured in the main window of the report, over so many seeds; elasticity by a fifth less income from its
    first day on. For a rail without gifts, the share cashed is its acceptance where the treasury is.
    """
    from sim.compilation import compile_all
    from sim.results import averages

    compile_all()
    arms = [[_finished(scenario, scenario.seed + k, by) for k in range(seeds)] for by in (1.0, FALL)]
    whole, less = (sum(averages(run, scenario.report.window)["capacity"] for run in arm) for arm in arms)
    if not less > 0.0:
        raise ValueError("the group has no attack capacity in the window, so its elasticity is not defined")
    elasticity = max(0.0, math.log(less / whole) / math.log(FALL))
    return elasticity, {rail.name: arguments(arms[0], r) for r, rail in enumerate(scenario.rails) if rail.ledger}


def _finished(scenario: "Scenario", seed: int, by: float) -> "Run":
    """Return a finished run with so many times the income from the switch on, and as much straight to cells."""
    from sim.runs import Run

    run = Run(scenario.model_copy(update={"seed": seed}))
    run.advance(scenario.week(scenario.switch_day))
    run.parameters["group"]["income"] *= by
    run.parameters["group"]["routing"] /= by
    inflow = run.conditions["inflow"][run.simulated :]
    inflow[:] = inflow * by
    run.run()
    return run


def through_treasury(book: "Rows", routing: float) -> float:
    """Return income that passes the treasury, cents: gifts and collections, less campaign gifts straight to cells."""
    return float(book["delivered"].sum() + book["collected"].sum() - routing * book["campaign_delivered"].sum())


def arguments(runs: "list[Run]", r: int) -> dict[str, Any]:
    """Return the arguments of `loss` for a rail, but elasticity, from finished runs of one scenario."""
    from sim.engine.constants import Status
    from sim.engine.records import rule_view
    from sim.rules.intermediaries import freeze_probability
    from sim.rules.tracing import recall_on
    from sim.rules.world import Levers

    p = runs[0].config
    rail, first = p.rails[r], p.week(p.switch_day)
    weeks = slice(first, first + p.report.window)
    book = np.concatenate([run.book[weeks] for run in runs])
    ends = [(run.book["first_gift"][first], run.book["last_gift"][weeks][-1]) for run in runs]
    rows = np.concatenate([run.ledger[begin:end] for run, (begin, end) in zip(runs, ends, strict=True)])
    rows = rows[(rows["rail"] == r) & (rows["status"] != Status.BLOCKED)]
    gifts = np.bincount(rows["appeal"], minlength=len(p.appeals))
    given = np.bincount(rows["appeal"], rows["amount"], len(p.appeals))
    straight = p.group.routing * given[[appeal.public for appeal in p.appeals]].sum() / max(1.0, given.sum())
    income = through_treasury(book, p.group.routing)
    out = book["converted_out"][:, r].sum() / max(1e-9, 1.0 - rail.spread)
    there = out + book["held"][:, r].sum() + book["frozen"][:, r].sum()
    levers, numbers = rule_view(runs[0].levers, Levers)[weeks.stop - 1], rule_view(runs[0].parameters)[0]
    return {
        "link": float(runs[0].conditions["link"][weeks, r].mean()), "freezable": freeze_probability(r, levers, numbers),
        "gifts": gifts.sum() / len(book), "renewal": p.group.renewal, "lag": rail.traceability.lag,
        "cashed": max(1e-6, out / there if there else rail.acceptance[runs[0].cells["theatre"][0]]),
        "income_share": book["delivered"][:, r].sum() * (1.0 - straight) / max(1.0, income),
        "wallets": tuple(gifts[gifts > 0] / gifts.sum()) if gifts.any() else (1.0,),
        "weeks": np.inf if rail.traceability.memory is None else rail.traceability.memory,
        "hops": p.enforcement.hops, "recall": recall_on(r, levers, numbers),
        "followed": book["followed_share"][:, r].mean(),
    }  # fmt: skip


if __name__ == "__main__":
    import_module("sim.cli.law").main()  # the command lies above the model, which imports nothing from there
