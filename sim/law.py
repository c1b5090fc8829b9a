"""The law of traceability: the capacity that freezing costs a group, as a race between being found and being cashed.

The closed form of the rule ``rules.freezing: renewed_wallets``. Every week the treasury cashes a share a of its balance
on a rail, and then links reach a share q of the rest, of which the share f (freezable) lies where it can be stopped:

    n = N l^h R S                        links found a week
    sigma = (1 - d) / (1 - d x)          chance that a link found leads to a wallet in use: d = 1/2^(1/lag) is the share
                                         of leads hidden for another week, x = 1 - renewal (1 - l) that of wallets kept
    q = 1 - exp(-n l^h sigma)            share of the balance reached a week (links are Poisson; several overlap)
    frozen = f lambda / (lambda + mu)    lambda = (1 - a) q found, mu = a cashed; exact in the mean for any gifts
    capacity changes by (1 - s frozen)^e - 1

Further terms, at rest by default: `Terms`. Not in it: gifts that fear or arrests keep away, and money sent straight to
cells (s counts the treasury). Every function takes numbers or NumPy arrays, and refuses what is out of range.

``python -m sim.law`` prints where the rails of a scenario lie; see `run`.
"""

from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

type Number = float | NDArray[np.float64]

_SHARE, _POSITIVE = (0.0, 1.0), (0.0, 1e12)
_ALLOWED = {
    "link": _SHARE, "freezable": _SHARE, "renewal": _SHARE, "income_share": _SHARE, "recall": _SHARE,
    "followed": _SHARE, "flagged": _SHARE, "reported": _SHARE, "margin": _SHARE, "cashed": (1e-6, 1.0), "gifts": _POSITIVE,
    "elasticity": _POSITIVE, "lag": (0.01, 520.0), "hops": (1.0, 20.0), "delay": _POSITIVE, "weeks": (0.0, np.inf),
}  # fmt: skip


class Finding(TypedDict, total=False):
    """Terms of being found, all of them optional.

    Attributes:
        hops: transfers between a donor and the group (enforcement.hops), default 2.
        recall: share of right links that the analyst attributes, default 0.686 (facts:bitcoin-clustering-recall).
        followed: share of leads that the staff follows, default 1; see `staff_share`.
        weeks: weeks since gifts began to come over the rail (stock against flow), or for which its records are kept if
            that is less; default infinite, the steady state. A mean over an array of weeks is that of a window.
    """

    hops: Number
    recall: Number
    followed: Number
    weeks: Number


class Terms(Finding, total=False):
    """All terms, optional.

    Attributes:
        delay: weeks between finding and freezing, in which the group goes on cashing; default 0, as in the model.
    """

    delay: Number


def _check(**values: Any) -> None:
    """Refuse what is no number, or out of range.

    Raises:
        ValueError: with the name, the value, and what is allowed.
    """
    for name, value in values.items():
        low, high = _ALLOWED[name]
        numeric = isinstance(value, int | float | np.ndarray | np.generic) and np.asarray(value).dtype.kind in "iuf"
        if not numeric or not np.all((np.asarray(value) >= low) & (np.asarray(value) <= high)):
            raise ValueError(f"{name}={value!r}: allowed is a number or an array, {low:g} to {high:g}")


# --- the law ----------------------------------------------------------------------------------------------------------


def staff_share(capacity: Number, leads: Number) -> Number:
    """Share of leads that the staff follows: 1, or capacity / leads; both a week, lawful lookalikes among the leads."""
    return np.minimum(1.0, capacity / np.maximum(leads, 1e-12))


def found(link: Number, gifts: Number, *, hops: Number = 2, recall: Number = 0.686, followed: Number = 1.0) -> Number:
    """Links found a week on a wallet that gets so many gifts a week: n = gifts link^hops recall followed."""
    _check(link=link, gifts=gifts, hops=hops, recall=recall, followed=followed)
    return gifts * link**hops * recall * followed


def reached(
    link: Number, gifts: Number, renewal: Number, lag: Number, *, weeks: Number = np.inf, hops: Number = 2,
    recall: Number = 0.686, followed: Number = 1.0,
) -> Number:  # fmt: skip
    """Share of a wallet's balance that links reach a week: q = 1 - exp(-n link^hops sigma), 0 to 1.

    sigma = (1 - d) / (1 - d x) (1 - (d x)^weeks). Leads become known with the half-life lag in weeks
    (facts:attribution-recall-year-one). A wallet is renewed with the chance renewal a week, and a link between the old
    and the new one is lost with the chance 1 - link.
    """
    _check(renewal=renewal, lag=lag, weeks=weeks)
    links = found(link, gifts, hops=hops, recall=recall, followed=followed)
    hidden = 0.5 ** (1.0 / np.asarray(lag))
    kept = hidden * (1.0 - renewal * (1.0 - np.asarray(link)))
    return -np.expm1(-links * link**hops * (1.0 - hidden) / (1.0 - kept) * (1.0 - kept**weeks))


def frozen_share(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number, *,
    delay: Number = 0.0, **finding: Unpack[Finding],
) -> Number:  # fmt: skip
    """Share of what the treasury gets on a rail that links freeze: f (1 - a)^delay lambda / (lambda + a).

    lambda = (1 - a) q, with q as in `reached`; a = cashed is the share of the balance turned into cash a week. From 0 to
    freezable (1 - a).
    """
    _check(freezable=freezable, cashed=cashed, delay=delay)
    kept = 1.0 - np.asarray(cashed)
    lost = kept * reached(link, gifts, renewal, lag, **finding)
    return freezable * kept**delay * lost / (lost + cashed)


def screened(freezable: Number, flagged: Number, reported: Number = 0.0) -> Number:
    """Share of what the treasury gets on a rail that is frozen without any link, by reports and at cash-out.

    phi_0 = 1 - (1 - f reported) (1 - f g / (1 - g + f g)): a gift is reported, read and frozen with the chance f
    reported; each cash-out is flagged with the chance g = strictness x identify x suspicion, frozen with f, and else
    tried again. In all, 1 - (1 - frozen_share) (1 - phi_0) is frozen.
    """
    _check(freezable=freezable, flagged=flagged, reported=reported)
    at_cash_out = freezable * flagged / np.maximum(1.0 - flagged + freezable * flagged, 1e-12)
    return 1.0 - (1.0 - freezable * reported) * (1.0 - at_cash_out)


def loss(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number,
    income_share: Number, elasticity: Number, **terms: Unpack[Terms],
) -> Number:  # fmt: skip
    """Change of capacity by what links freeze on a rail, all else the same: (1 - s frozen_share)^e - 1, -1 to 0.

    Args:
        link: chance that both ends of a transfer are rightly linked, 0 to 1.
        freezable: share of the balance that an issuer or custodian can stop, 0 to 1.
        gifts: gifts a week that reach one wallet; of several, the mean over dollars.
        cashed: share of the balance turned into cash a week, above 0, at most 1.
        renewal: chance a week that a wallet is given up for a new one, 0 to 1.
        lag: half-life of discovery in weeks.
        income_share: s, share of all usable income that would come through the treasury on this rail without links.
        elasticity: e of capacity to income, 0 or more.
        **terms: see `Terms`.

    Raises:
        ValueError: if anything is out of range.
    """
    _check(income_share=income_share, elasticity=elasticity)
    frozen = frozen_share(link, freezable, gifts, cashed, renewal, lag, **terms)
    return (1.0 - income_share * frozen) ** elasticity - 1.0


def ceiling(freezable: Number, cashed: Number, income_share: Number, elasticity: Number) -> Number:
    """Change of capacity that no link and no number of gifts exceeds: (1 - s f (1 - a))^e - 1, about -e s f (1 - a)."""
    _check(freezable=freezable, cashed=cashed, income_share=income_share, elasticity=elasticity)
    return (1.0 - income_share * freezable * (1.0 - np.asarray(cashed))) ** elasticity - 1.0


def threshold_link(
    margin: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number,
    income_share: Number, elasticity: Number, **terms: Unpack[Terms],
) -> Number:  # fmt: skip
    """Least link at which capacity falls by the margin or more (by bisection, to 1e-12); NaN if it does at none."""
    _check(margin=margin)
    about = (freezable, gifts, cashed, renewal, lag, income_share, elasticity)
    low, high = np.asarray(0.0), np.asarray(1.0)
    passes = loss(high, *about, **terms) <= -margin
    for _ in range(40):
        middle = (low + high) / 2.0
        enough = loss(middle, *about, **terms) <= -margin
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(passes, high, np.nan)[()]
