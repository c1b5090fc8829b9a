"""Arithmetic that gives the same bits compiled and plain."""

import math

from sim.engine.jit import rule

_LN_2 = math.log(2.0)


@rule
def decay(weeks: float, half_life: float) -> float:
    """What is left of 1 after so many weeks, where half is left after a half-life.

    Written with exp: compilers turn a power of constant base into another function, of other last bits.
    """
    return math.exp(-_LN_2 * weeks / half_life)


@rule
def close_gap(value: float, share: float) -> float:
    """A value in 0..1 moved towards 1 by a share of what is missing: value + (1 - value) share."""
    return value + (1.0 - value) * share
