"""Wallets and clusters: where a campaign's money lies, and what a link on the ledger reaches (rule renewed_wallets)."""

import math

from sim.engine.arithmetic import share_of
from sim.engine.constants import Freezing
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.rules.intermediaries import freeze_probability
from sim.rules.world import Appeal, Gift, Levers
from sim.scenario import Scenario


@rule
def has_wallets(r: int, p: Scenario) -> bool:
    """True if money on a rail lies in wallets that links reach in part; off a ledger an account is one wallet.

    Reads rules.freezing, rails.*.ledger.
    """
    return bool(p.rules.freezing == Freezing.RENEWED_WALLETS and p.rails[r].ledger)


@rule
def settle(appeal: Appeal, r: int, amount: int, levers: Levers, p: Scenario) -> None:
    """The share freeze of a deposit in the treasury lies where an issuer or custodian can stop it, as long as it stays.

    The rest lies in the group's own hands.
    """
    if has_wallets(r, p):
        appeal.stoppable[r] += share_of(amount, freeze_probability(r, levers, p))


@rule
def keep_in_step(appeals: Records[Appeal], r: int, before: int, after: int, p: Scenario) -> None:
    """What is stoppable grows and shrinks with the balance of the treasury, so that it never exceeds the balance."""
    if has_wallets(r, p) and before != after:
        for a in range(len(appeals)):
            appeals[a].stoppable[r] = int(math.floor(appeals[a].stoppable[r] * (after / before))) if before > 0 else 0


@rule
def reached_by_link(gift: Gift, link: float, week: int, p: Scenario) -> float:
    """Share of the stoppable balance of a gift's campaign that a link found now reaches (Meiklejohn et al. 2013).

    link ** hops (1 - renewal (1 - link)) ** age. A link reaches the cluster of the wallet; a renewed wallet is tied to
    the old one with chance link, so renewal protects an untraceable coin and not a traceable one. Several links of a
    week together reach 1 - product of (1 - each). Reads enforcement.hops, group.renewal.
    """
    tied = 1.0 - p.group.renewal * (1.0 - link)
    return float(link ** float(p.enforcement.hops) * tied ** float(week - gift.week))
