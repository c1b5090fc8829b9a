"""The law of traceability: the capacity that freezing costs a group, as a race between being found and being cashed.

It is the closed form of the rule ``rules.freezing: renewed_wallets``. Every week the group cashes a share a of what it
holds on a rail; then links reach a share q of the rest, of which the share f lies where it can be stopped:

    n = N l^h R S                      links found a week, of N gifts
    sigma = (1 - d) / (1 - d x)        of them lead to wallets in use: d = 2^(-1 / lag) of all leads stay hidden for one
                                       more week, x = 1 - renewal (1 - l) of all wallets stay tied to those in use
    q = 1 - exp(-n l^h sigma)          links are Poisson, and several overlap
    phi = f lambda / (lambda + mu)     frozen; lambda = (1 - a) q is found and mu = a cashed: exact in the mean
    (1 - s phi)^e - 1                  change of capacity

Fear, arrests, and money sent straight to cells are not in it. Functions take numbers or NumPy arrays, and raise
ValueError at what is out of range. ``python -m sim.law`` prints where the rails of a scenario lie.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.cli.arguments import Line
    from sim.run import Run
    from sim.scenario import Scenario

type Number = float | NDArray[np.float64]

_RANGES: dict[str, tuple[float, float]] = {
    "gifts": (0, 1e12), "elasticity": (0, 1e3), "cashed": (1e-6, 1), "lag": (0.01, 520), "hops": (1, 20),
    "delay": (0, 5200), "weeks": (0, np.inf),
}  # fmt: skip
"""What is allowed; of all else, a share from 0 to 1."""


class Terms(TypedDict, total=False):
    """Further terms, all optional.

    Attributes:
        hops: transfers between a donor and the group (enforcement.hops), default 2.
        recall: share of right links that the analyst attributes, default 0.686 (facts:bitcoin-clustering-recall).
        followed: share of leads that the staff follows, min(1, capacity / leads), lookalikes included; default 1.
        weeks: age of the rail's first gift, or how long its records are kept if that is less; infinite by default, the
            steady state. The mean over an array of weeks is that of a window after a switch.
        delay: weeks from finding to freezing, in which the group goes on cashing; default 0, as in the model.
    """

    hops: Number
    recall: Number
    followed: Number
    weeks: Number
    delay: Number


def _check(**values: Any) -> None:
    for name, value in values.items():
        low, high = _RANGES.get(name, (0, 1))
        numeric = isinstance(value, int | float | np.ndarray | np.generic) and np.asarray(value).dtype.kind in "iuf"
        if not numeric or not np.all((np.asarray(value) >= low) & (np.asarray(value) <= high)):
            raise ValueError(f"{name}={value!r}: allowed is a number or an array, {low:g} to {high:g}")


# --- the law ----------------------------------------------------------------------------------------------------------


def found(link: Number, gifts: Number, *, hops: Number = 2, recall: Number = 0.686, followed: Number = 1.0) -> Number:
    """Links found a week on a wallet that gets so many gifts a week: n = gifts link^hops recall followed."""
    _check(link=link, gifts=gifts, hops=hops, recall=recall, followed=followed)
    return gifts * link**hops * recall * followed


def reached(
    link: Number, gifts: Number, renewal: Number, lag: Number, *, hops: Number = 2, weeks: Number = np.inf,
    recall: Number = 0.686, followed: Number = 1.0,
) -> Number:  # fmt: skip
    """Share of a wallet that links reach a week: q = 1 - exp(-n link^hops sigma), sigma times 1 - (d x)^weeks if young.

    Lag is the half-life of discovery in weeks (facts:attribution-recall-year-one).
    """
    _check(renewal=renewal, lag=lag, weeks=weeks)
    hidden = 0.5 ** (1.0 / np.asarray(lag))
    stays = hidden * (1.0 - renewal * (1.0 - np.asarray(link)))
    links = found(link, gifts, hops=hops, recall=recall, followed=followed)
    return -np.expm1(-links * link**hops * (1.0 - hidden) / (1.0 - stays) * (1.0 - stays**weeks))


def frozen_share(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number, **terms: Unpack[Terms]
) -> Number:
    """Share of the treasury's gifts on a rail that links freeze: phi = f (1 - a)^delay lambda / (lambda + a)."""
    about: Any = dict(terms)
    delay = about.pop("delay", 0.0)
    _check(freezable=freezable, cashed=cashed, delay=delay)
    stays = 1.0 - np.asarray(cashed)
    lost = stays * reached(link, gifts, renewal, lag, **about)
    return freezable * stays**delay * lost / (lost + cashed)


def screened(freezable: Number, flagged: Number, reported: Number = 0.0) -> Number:
    """Share frozen without any link, phi_0 = 1 - (1 - f reported) (1 - f g / (1 - g + f g)).

    A gift is reported and the report read with the chance reported; a cash-out is flagged with the chance g = strictness
    x identify x suspicion, and frozen, or tried again. In all, 1 - (1 - phi) (1 - phi_0) is frozen.
    """
    _check(freezable=freezable, flagged=flagged, reported=reported)
    at_cash_out = freezable * flagged / np.maximum(1.0 - flagged + freezable * flagged, 1e-12)
    return 1.0 - (1.0 - freezable * reported) * (1.0 - at_cash_out)


def loss(
    link: Number, freezable: Number, gifts: Number, cashed: Number, renewal: Number, lag: Number,
    income_share: Number, elasticity: Number, **terms: Unpack[Terms],
) -> Number:  # fmt: skip
    """Change of capacity by what links freeze on a rail, all else the same: (1 - s phi)^e - 1, from -1 to 0.

    Args:
        link: chance that both ends of a transfer are rightly linked.
        freezable: share of the balance that an issuer or custodian can stop.
        gifts: gifts a week that reach one wallet; of several wallets the mean over dollars.
        cashed: share of the balance turned into cash a week, above 0.
        renewal: chance a week that a wallet is replaced by a new one.
        lag: half-life of discovery, weeks.
        income_share: share of income that would come through the treasury on this rail without links.
        elasticity: of capacity to income.
        **terms: see `Terms`.
    """
    _check(income_share=income_share, elasticity=elasticity)
    frozen = frozen_share(link, freezable, gifts, cashed, renewal, lag, **terms)
    return (1.0 - income_share * frozen) ** elasticity - 1.0


def ceiling(freezable: Number, cashed: Number, income_share: Number, elasticity: Number) -> Number:
    """Change of capacity that no link and no number of gifts exceeds: (1 - s f (1 - a))^e - 1, about -e s f (1 - a)."""
    _check(freezable=freezable, cashed=cashed, income_share=income_share, elasticity=elasticity)
    return (1.0 - income_share * freezable * (1.0 - np.asarray(cashed))) ** elasticity - 1.0


def threshold_link(margin: Number, *about: Number, **terms: Unpack[Terms]) -> Number:
    """Least link whose loss is the margin or more, by bisection; NaN if there is none. Arguments: those of `loss`."""
    _check(margin=margin)
    low, high = np.asarray(0.0), np.asarray(1.0)
    passes = loss(high, *about, **terms) <= -margin
    for _ in range(40):
        middle = (low + high) / 2.0
        enough = loss(middle, *about, **terms) <= -margin
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(passes, high, np.nan)[()]


# --- the command ------------------------------------------------------------------------------------------------------

_SEEDS = 4
_STEP = 1.1
"""Factor on all income by which the elasticity is measured, up and down."""
_HELP = """Prints where the ledger rails of a scenario lie on the map of traceability: what freezing by links costs at a
rail's link and at link 1, and the link from which it costs more than report.margin. Nothing is written.

  python -m sim.law [--config-dir folder] [key=value ...]        (groups and values as in python -m sim)
  python -m sim.law --config-dir my group=donor_funded rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]

Gifts, income and elasticity are means of runs without the switch, over the main window of the report."""


def run(arguments: list[str]) -> int:
    """Do what was typed and return the exit code: 0 done, 2 bad input, 130 interrupted."""
    from sim.cli.arguments import read
    from sim.cli.frame import INTERRUPTED, one_interrupt
    from sim.config import ConfigurationError

    try:
        with one_interrupt():
            line = read(arguments)
            print(_HELP if "--help" in line.options else _as_text(_scenario(line)))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _scenario(line: "Line") -> "Scenario":
    """Return the scenario of a typed line without its switch, read as by ``python -m sim``."""
    from sim.config import ConfigurationError, Request, passed_over, read_from, validate
    from sim.results import with_and_without_switch
    from sim.windows import window_of

    folder = line.options.pop("--config-dir", "")
    request = Request(line.overrides, Path(folder) if folder else None)
    validation = validate(request)
    validation.add(*line.errors, *passed_over(request.config_dir, validation.files))
    validation.add(*(f"{one}: python -m sim.law has --config-dir and --help alone" for one in line.options))
    if (found := validation.scenario) and (missing := window_of(found, found.report.window).missing):
        validation.add(f"report.window: {missing}")
    if found and found.rules.freezing != "renewed_wallets":
        validation.add(f"rules.freezing={found.rules.freezing}: the law is that of renewed_wallets")
    if found is None or validation.errors:
        raise ConfigurationError(validation.errors)
    if own := read_from(request.config_dir, validation.files):
        print(own, file=sys.stderr)
    return with_and_without_switch(found)[1]


def _scaled(scenario: "Scenario", factor: float) -> "Scenario":
    """Return the same scenario with all income times a factor: gifts, local revenue, inflows and windfalls."""
    sizes = {name: getattr(scenario.giving, name) * factor for name in ("median", "large_from", "cap")}
    shocks = {
        name: one.model_copy(update={"size": one.size * factor}) if one.type in ("inflow", "windfall") else one
        for name, one in scenario.shocks.items()
    }
    group = scenario.group.model_copy(update={"income": scenario.group.income * factor})
    giving = scenario.giving.model_copy(update=sizes)
    return scenario.model_copy(update={"giving": giving, "group": group, "shocks": shocks})
