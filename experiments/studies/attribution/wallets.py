"""Pooled wallets of payment processors: balances by week, jumps that look like the case of April 2019, and formulas.

In that case a wallet went from about 0.5 to about 4.5 million USD and back, a firm claimed it as the group's, and it
was the processor's own transfer (facts:claim-sri-lanka). A jump is seen in the balance alone, as by an outsider.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from experiments.stats.estimates import Floats
from sim.engine.constants import WEEKS_A_YEAR, IntermediaryKind
from sim.engine.jit import rule
from sim.engine.records import F8, Record, Records, empty, rule_view
from sim.rules.intermediaries import update_pool
from sim.rules.world import Intermediary
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.runs import Run

LOW, HIGH = 0.5e6, 4.5e6
"""USD in the wallet of the case, before and after its jump, and at it."""
ABOUT = 2.0
"""Factor within which a balance counts as about a level; fixed before the first run."""


class Balance(Record):
    """Balance of a wallet in one week."""

    usd: F8


@rule
def keep_balances(wallet: Records[Intermediary], balances: Records[Balance], parameters: Records[Scenario]) -> None:
    """Compute the balance of one wallet in every week by the rule of a run, whose random numbers depend on the week."""
    for week in range(len(balances)):
        update_pool(wallet[0], week, parameters[0])
        balances[week].usd = wallet[0].pool


def wallets(model: "Run") -> Floats:
    """Return USD in the pooled wallet of each processor of a run, weeks x processors."""
    processors = model.intermediaries[model.intermediaries["kind"] == IntermediaryKind.PROCESSOR]
    found = np.empty((len(model.book), len(processors)))
    for place in range(len(processors)):
        balances = empty(Balance, len(model.book))
        wallet = rule_view(processors[place : place + 1].copy(), Intermediary)
        keep_balances(wallet, rule_view(balances, Balance), model.view("parameters"))
        found[:, place] = balances["usd"]
    return found


def jumps(balances: Floats) -> NDArray[np.bool_]:
    """Return the weeks in which a wallet jumps and is back the week after; never the first or the last week."""
    found = np.zeros(balances.shape, dtype=bool)
    found[1:-1] = low(balances[:-2]) & _near(balances[1:-1], HIGH) & low(balances[2:])
    return found


def low(balances: Floats) -> NDArray[np.bool_]:
    """Return the weeks in which a wallet holds about as much as in the case before its jump."""
    return _near(balances, LOW)


def _near(usd: Floats, level: float) -> NDArray[np.bool_]:
    return np.asarray((usd >= level / ABOUT) & (usd <= level * ABOUT))


def chance_of_transfer(a_year: float) -> float:
    """Return the probability that a processor moves money of its own in a week: 1 - exp(-rate / 52)."""
    return float(-np.expm1(-a_year / WEEKS_A_YEAR))


def expected_jumps(a_year: float, size: float, pool: float, sigma: float) -> float:
    """Return expected jumps a processor-year: 52 x probability of a high week x (probability of a low week) squared.

    Weeks are independent. A week's balance is lognormal (median ``pool``, log-sd ``sigma``); with the probability of a
    transfer, an amount is added that is uniform from half to one and a half times ``size``.
    """
    moved = chance_of_transfer(a_year)
    added = size * (0.5 + (np.arange(2000) + 0.5) / 2000)

    def chance(level: float) -> float:
        calm, raised = (_between(level, more, pool, sigma).mean() for more in (np.zeros(1), added))
        return float((1.0 - moved) * calm + moved * raised)

    return WEEKS_A_YEAR * chance(HIGH) * chance(LOW) ** 2


def _between(level: float, added: Floats, pool: float, sigma: float) -> Floats:
    """Probability that the lognormal balance plus an added amount lies near a level."""
    ends = [np.maximum(end - added, 1e-9) / max(pool, 1e-9) for end in (level / ABOUT, level * ABOUT)]
    low, high = (norm.cdf(np.log(end) / max(sigma, 1e-9)) for end in ends)
    return np.asarray(high - low)


def expected_claims(a_year: float, misread: float, processors: int) -> float:
    """Return expected weeks a year in which at least one processor's own transfer is claimed as the group's."""
    return float(WEEKS_A_YEAR * (1.0 - (1.0 - chance_of_transfer(a_year) * misread) ** processors))


def chance_within(weeks: Floats, a_year: float, processors: int = 1) -> Floats:
    """Return the probability that at least one of so many wallets jumps within so many weeks (Poisson)."""
    return np.asarray(-np.expm1(-a_year * processors * np.asarray(weeks) / WEEKS_A_YEAR))
