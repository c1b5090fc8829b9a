"""Random numbers as a function of (seed, stream, agent, slot): stateless, so the order of draws never matters.

The generator is the counter-based Philox 4x32-10 (Salmon, Moraes, Dror & Shaw, SC 2011). The key is the seed; the
counter is (agent, slot, stream, block). A slot identifies the event (a week, a donor's own attempt number, the hash of
a rail's name), never a position in a loop. Two runs that differ in a policy therefore share all random numbers.
"""

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from sim.engine.constants import Stream as Stream
from sim.engine.constants import key_of as key_of
from sim.engine.jit import PLAIN, rule, typed_rule

# A word is a NumPy unsigned integer in compiled code and a Python integer in plain Python: the same bits, both fast.
_word: Callable[[int], int] = cast("Any", int if PLAIN else np.uint64)
_M0, _M1 = _word(0xD2511F53), _word(0xCD9E8D57)
_W0, _W1 = _word(0x9E3779B9), _word(0xBB67AE85)
_MASK, _HALF = _word(0xFFFFFFFF), _word(32)


@typed_rule("UniTuple(u8, 4)(u8, u8, u8, u8, u8, u8)")
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox 4x32 on a counter of four 32-bit words under a key of two."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@typed_rule("UniTuple(f8, 4)(i8, i8, i8, i8, i8)")
def uniforms(seed: int, stream: int, agent: int, slot: int, block: int) -> tuple[float, float, float, float]:
    """Draw four uniform numbers in the open interval (0, 1)."""
    key = _word(seed)
    who, when = _word(agent) & _MASK, _word(slot) & _MASK
    a, b, c, d = philox(who, when, _word(stream), _word(block), key & _MASK, key >> _HALF)
    scale = 2.3283064365386963e-10  # 2 ** -32
    return (int(a) + 0.5) * scale, (int(b) + 0.5) * scale, (int(c) + 0.5) * scale, (int(d) + 0.5) * scale


@typed_rule("f8(i8, i8, i8, i8)")
def uniform(seed: int, stream: int, agent: int, slot: int) -> float:
    """Draw one uniform number in the open interval (0, 1)."""
    return uniforms(seed, stream, agent, slot, 0)[0]


@rule
def gumbel(u: float) -> float:
    """Standard Gumbel variate: the alternative of greatest utility plus Gumbel is a logit choice (McFadden 1974)."""
    return -math.log(-math.log(u))


@rule
def normal(u: float, v: float) -> float:
    """Standard normal variate (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


@rule
def quantile_normal(u: float) -> float:
    """Inverse of the standard normal distribution function to 4.5e-4 (Abramowitz & Stegun 1964, 26.2.23)."""
    tail = u if u < 0.5 else 1.0 - u
    t = math.sqrt(-2.0 * math.log(tail))
    upper = 2.515517 + t * (0.802853 + t * 0.010328)
    lower = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    x = t - upper / lower
    return -x if u < 0.5 else x


@rule
def poisson(u: float, mean: float) -> int:
    """Poisson count by inversion: the first count whose distribution function exceeds u.

    For a given u the count does not decrease in the mean. It is exact up to a mean of 400; beyond, it is the normal
    quantile with a Cornish-Fisher correction for skewness, with an error below one count.
    """
    if mean <= 0.0:
        return 0
    if mean > 400.0:
        z = quantile_normal(u)
        return max(0, int(math.floor(mean + z * math.sqrt(mean) + (z * z - 1.0) / 6.0 + 0.5)))
    term = math.exp(-mean)
    total = term
    n = 0
    while u > total and n < 2000:
        n += 1
        term *= mean / n
        total += term
    return n


@rule
def gamma(seed: int, stream: int, agent: int, slot: int, shape: float) -> float:
    """Gamma variate of the given shape and scale one (Marsaglia & Tsang 2000), from keyed blocks."""
    boosted = shape + 1.0 if shape < 1.0 else shape
    d = boosted - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    for block in range(64):
        a, b, u, w = uniforms(seed, stream, agent, slot, block)
        z = normal(a, b)
        v = 1.0 + c * z
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * z * z + d - d * v + d * math.log(v):
            if shape < 1.0:
                return float(d * v * w ** (1.0 / shape))
            return d * v
    return shape
