"""Arithmetic whose results are bit-identical compiled and in plain Python."""

import math

from sim.engine.jit import rule

_LN_2 = math.log(2.0)


@rule
def decay(weeks: float, half_life: float) -> float:
    """Return the share of 1 that remains after a number of weeks of exponential decay with a half-life.

    The rule uses exp, because compilers replace a power of constant base by a function with other last bits.
    """
    return math.exp(-_LN_2 * weeks / half_life)


@rule
def cents(usd: float) -> int:
    """Amount in USD as whole cents, rounded to the nearest."""
    return int(math.floor(100.0 * usd + 0.5))


@rule
def share_of(amount: int, share: float) -> int:
    """Share of an amount in whole cents, rounded down, never more than the amount."""
    return max(0, min(amount, int(math.floor(amount * share))))


@rule
def close_gap(value: float, share: float) -> float:
    """Move a value in 0..1 towards 1 by a share of its distance from 1: value + (1 - value) share."""
    return value + (1.0 - value) * share
