"""Variates and small formulas (ODD, section 7.1)."""

from math import cos, exp, floor, inf, log, pi, sqrt

from tests.twin.philox import uniforms


def gumbel(u: float) -> float:
    """Standard Gumbel variate."""
    return -log(-log(u))


def normal(u: float, v: float) -> float:
    """Standard normal variate."""
    return sqrt(-2.0 * log(u)) * cos(2.0 * pi * v)


def quantile_normal(u: float) -> float:
    """Inverse of the standard normal distribution function, nearly."""
    tail = min(u, 1.0 - u)
    t = sqrt(-2.0 * log(tail))
    x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return -x if u < 0.5 else x


def poisson(u: float, mean: float) -> int:
    """Poisson count by inversion."""
    if mean <= 0.0:
        return 0
    if mean > 400.0:
        z = quantile_normal(u)
        return max(0, floor(mean + z * sqrt(mean) + (z * z - 1.0) / 6.0 + 0.5))
    term = total = exp(-mean)
    n = 0
    while u > total and n < 2000:
        n += 1
        term *= mean / n
        total += term
    return n


def gamma(seed: int, decision: int, agent: int, slot: int, shape: float) -> float:
    """Gamma variate of scale one (Marsaglia & Tsang 2000)."""
    boosted = shape + 1.0 if shape < 1.0 else shape
    d = boosted - 1.0 / 3.0
    c = 1.0 / sqrt(9.0 * d)
    for block in range(64):
        a, b, u, w = uniforms(seed, decision, agent, slot, block)
        z = normal(a, b)
        v = 1.0 + c * z
        if v <= 0.0:
            continue
        v = v * v * v
        if log(u) < 0.5 * z * z + d - d * v + d * log(v):
            return d * v * w ** (1.0 / shape) if shape < 1.0 else d * v
    return shape


def first_arrival[T](waits: list[tuple[float, T]]) -> T | None:
    """The item with the shortest wait, the first of equals; None if there is none."""
    best, least = None, inf
    for wait, who in waits:
        if wait < least:
            best, least = who, wait
    return best


def decay(weeks: float, half_life: float) -> float:
    """The share of 1 that remains after a number of weeks."""
    return exp(-log(2.0) * weeks / half_life)


def close_gap(value: float, share: float) -> float:
    """A value moved towards 1 by a share of its distance from 1."""
    return value + (1.0 - value) * share


def cents(usd: float) -> int:
    """Whole cents of USD."""
    return floor(100.0 * usd + 0.5)


def share_of(amount: int, share: float) -> int:
    """A share of an amount in whole cents, never more than the amount."""
    return max(0, min(amount, floor(amount * share)))


def share_followed(capacity: float, leads: float) -> float:
    """Share of leads that the staff can follow."""
    return 1.0 if leads <= capacity else capacity / leads
