"""Random numbers: published vectors, the distributions they claim, and streams that know nothing of each other.

Statistical tests run on fixed seeds, so they pass or fail for good. Tolerances are four standard errors or a
Kolmogorov-Smirnov level of 1e-4: a mean wrong by a hundredth of a standard deviation is seen with n = 200,000.
"""

import itertools
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.engine.jit import rule
from sim.engine.rng import Stream, gamma, gumbel, key_of, normal, philox, poisson, quantile_normal, uniform, uniforms

N = 200_000
ROOT = Path(__file__).parents[2]
FULL = 0xFFFFFFFF

VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((FULL,) * 4, (FULL,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Known answers that Salmon et al. publish for Philox 4x32-10: counter, key, output."""


@rule
def _uniforms(out, seed, decision):
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = uniforms(seed, decision, i, 0, 0)


@rule
def _gammas(out, seed, shape):
    for i in range(len(out)):
        out[i] = gamma(seed, 1, i, 1, shape)


@rule
def _normals(out, seed):
    for i in range(len(out)):
        u, v, _, _ = uniforms(seed, 3, i, 0, 0)
        out[i] = normal(u, v)


@rule
def _gumbels(out, seed):
    for i in range(len(out)):
        out[i] = gumbel(uniform(seed, 4, i, 0))


@rule
def _poissons(out, us, mean):
    for i in range(len(out)):
        out[i] = poisson(us[i], mean)


def drawn(fill, *about, n=N):
    out = np.zeros(n)
    fill(out, *about)
    return out


# --- the generator ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("counter", "key", "answer"), VECTORS)
def test_philox_gives_the_published_answers(counter, key, answer):
    assert tuple(int(word) for word in philox(*(np.uint64(word) for word in (*counter, *key)))) == answer


_PLAIN = """
import json, sys
from sim.engine.rng import gamma, philox, poisson, uniforms
counters, places = json.loads(sys.argv[1])
print(json.dumps([
    [philox(*words) for words in counters],
    [uniforms(*place) for place in places],
    [gamma(*place[:4], 0.3) for place in places],
    [poisson(uniforms(*place)[0], 7.5) for place in places],
]))
"""


def test_plain_python_gives_the_published_answers_and_the_same_draws():
    places = [
        (seed, d, a, s, b)
        for seed in (0, 1, 2**63 - 1)
        for d in (1, 28)
        for a in (0, 2**31)
        for s in (0, 519)
        for b in (0, 7)
    ]
    asked = json.dumps([[(*counter, *key) for counter, key, _ in VECTORS], places])
    done = subprocess.run(
        [sys.executable, "-c", _PLAIN, asked],
        cwd=ROOT, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    words, us, gammas, counts = json.loads(done.stdout)
    assert [tuple(one) for one in words] == [answer for *_, answer in VECTORS]
    assert [tuple(one) for one in us] == [uniforms(*place) for place in places]
    assert gammas == [gamma(*place[:4], 0.3) for place in places]
    assert counts == [poisson(uniforms(*place)[0], 7.5) for place in places]


def test_every_part_of_a_place_gives_other_numbers():
    """Seed (both halves), decision, agent, slot, block: none is ignored, none stands for another."""
    one = (1, 2, 3, 4, 5)
    places = [one, (1 + 2**32, *one[1:]), (5, 4, 3, 2, 1), (1, 2, 4, 3, 5)]
    places += [(*one[:i], one[i] + 5, *one[i + 1 :]) for i in range(5)]
    assert len({uniforms(*place) for place in places}) == len(places)
    assert len({u for place in places for u in uniforms(*place)}) == 4 * len(places)


def test_uniform_numbers_lie_strictly_between_0_and_1():
    """The least and the greatest word: no logarithm of zero."""
    for word in (0, FULL):
        u = (word + 0.5) * 2.3283064365386963e-10
        assert 0.0 < u < 1.0
        assert math.isfinite(gumbel(u)) and math.isfinite(normal(u, u))


def test_every_decision_has_a_number_of_its_own():
    assert len({decision.value for decision in Stream}) == len(list(Stream))


def test_keys_follow_names_and_fit_a_counter():
    names = [f"{kind}_{n}" for kind in ("exchange", "iraq", "campaign", "coin") for n in range(500)]
    assert len({key_of(name) for name in names}) == len(names)
    assert all(0 <= key_of(name) < 2**31 for name in names)
    assert key_of("123456789") == 0xCBF43926 & 0x7FFFFFFF  # the check value of CRC-32


# --- distributions ----------------------------------------------------------------------------------------------------


def fits(values, distribution):
    """Kolmogorov-Smirnov at 1e-4: with n = 200,000 a distance of 0.005 between distributions is found."""
    assert stats.kstest(values, distribution.cdf).pvalue > 1e-4
    error = distribution.std() / math.sqrt(len(values))
    assert abs(values.mean() - distribution.mean()) < 4 * error
    assert values.var() == pytest.approx(distribution.var(), rel=0.05)


def test_such_a_fit_can_fail():
    values = drawn(_normals, 1)
    with pytest.raises(AssertionError):
        fits(values + 0.02, stats.norm())
    with pytest.raises(AssertionError):
        fits(values * 1.05, stats.norm())


@pytest.mark.parametrize("seed", [1, 2**40 + 3])
def test_uniform(seed):
    out = np.zeros((N, 4))
    _uniforms(out, seed, 5)
    for column in out.T:
        fits(column, stats.uniform())
    assert 0.0 < out.min() < 2e-5
    assert 1 - 2e-5 < out.max() < 1.0


@pytest.mark.parametrize("shape", [0.05, 0.15, 0.9, 1.0, 2.0, 20.0])
def test_gamma(shape):
    fits(drawn(_gammas, 1, shape), stats.gamma(shape))


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.3, 0.3), (20.0, 1.0)])
def test_beta_from_two_gammas(a, b):
    x, y = drawn(_gammas, 2, a), drawn(_gammas, 3, b)
    fits(x / (x + y), stats.beta(a, b))


def test_normal():
    fits(drawn(_normals, 1), stats.norm())


def test_gumbel():
    fits(drawn(_gumbels, 1), stats.gumbel_r())


def test_quantile_of_the_normal():
    """As exact as the source says: 4.5e-4."""
    for u in np.concatenate([np.geomspace(1e-10, 0.5, 200), 1 - np.geomspace(1e-10, 0.5, 200)]):
        assert quantile_normal(float(u)) == pytest.approx(stats.norm.ppf(u), abs=4.5e-4)


# --- counts -----------------------------------------------------------------------------------------------------------

MEANS = [1e-6, 0.01, 0.3, 1.0, 2.5, 7.0, 19.0, 60.0, 150.0, 399.0]


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_is_the_exact_quantile(mean):
    """Equal to SciPy's but where u lies within rounding of a step of the distribution function."""
    us = np.random.default_rng(1).random(2000)
    us = np.concatenate([us, np.geomspace(1e-9, 1e-3, 50), 1 - np.geomspace(1e-9, 1e-3, 50)])
    ours = np.zeros(len(us))
    _poissons(ours, us, mean)
    exact = stats.poisson.ppf(us, mean)
    steps = np.minimum(abs(stats.poisson.cdf(exact, mean) - us), abs(stats.poisson.cdf(exact - 1, mean) - us))
    assert (ours == exact)[steps > 1e-12].all()
    assert (steps > 1e-12).mean() > 0.99


@pytest.mark.parametrize("mean", [401.0, 1000.0, 5e4])
def test_poisson_of_large_means_is_within_a_count(mean):
    """Between 0.1% and 99.9% by less than 1.5 counts plus what the normal quantile errs (4.5e-4 sd)."""
    us = np.linspace(0.001, 0.999, 999)
    ours = np.zeros(len(us))
    _poissons(ours, us, mean)
    assert abs(ours - stats.poisson.ppf(us, mean)).max() <= 1.5 + 4.5e-4 * math.sqrt(mean)


def test_poisson_never_falls_when_the_mean_rises():
    """The same random number under a greater mean: no smaller count. Also across the change of method at 400."""
    means = np.concatenate([np.linspace(0, 30, 301), np.linspace(30, 500, 471), [399.999, 400.0, 400.001]])
    means.sort()
    us = np.concatenate([np.random.default_rng(2).random(300), [1e-6, 1 - 1e-6]])
    counts = np.array([[poisson(float(u), float(mean)) for mean in means] for u in us])
    falls = np.argwhere(np.diff(counts, axis=1) < 0)
    assert not len(falls), [(us[i], means[k], counts[i, k], counts[i, k + 1]) for i, k in falls[:5]]


def test_poisson_of_no_mean_is_zero():
    assert [poisson(0.999999, mean) for mean in (0.0, -1.0)] == [0, 0]


# --- independence -----------------------------------------------------------------------------------------------------


@rule
def _by(out, which, seed):
    for i in range(len(out)):
        if which == 0:
            out[i] = uniform(seed, 7, i, 3)  # agents
        elif which == 1:
            out[i] = uniform(seed, 7, 11, i)  # slots
        elif which == 2:
            out[i] = uniform(seed, i, 11, 3)  # decisions
        elif which == 3:
            out[i] = uniforms(seed, 7, 11, 3, i)[0]  # blocks
        elif which == 4:
            out[i] = uniform(i, 7, 11, 3)  # seeds
        else:
            out[i] = uniform(i * 4294967296, 7, 11, 3)  # the upper half of seeds


WAYS = ["agents", "slots", "decisions", "blocks", "seeds", "upper seeds"]


@pytest.mark.parametrize("which", range(len(WAYS)), ids=WAYS)
def test_neighbours_in_any_direction_are_independent(which):
    """Uniform along each part of the counter and key; no correlation with the next 20; pairs fill the square."""
    values = drawn(_by, which, 1)
    fits(values, stats.uniform())
    for lag in range(1, 21):
        r = np.corrcoef(values[:-lag], values[lag:])[0, 1]
        assert abs(r) < 5 / math.sqrt(N), lag
    counts, *_ = np.histogram2d(values[:-1], values[1:], bins=32, range=[[0, 1], [0, 1]])
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_streams_are_independent_of_each_other():
    """Every pair of 12 streams (4 words x 3 decisions), and the same decision under another seed."""
    blocks = []
    for seed, decision in ((1, 1), (1, 2), (1, 3), (2, 1)):
        out = np.zeros((N, 4))
        _uniforms(out, seed, decision)
        blocks.append(out)
    streams = np.hstack(blocks)
    r = np.corrcoef(streams.T)
    assert abs(r[~np.eye(len(r), dtype=bool)]).max() < 5 / math.sqrt(N)
    for one, other in itertools.combinations(range(0, 16, 3), 2):
        counts, *_ = np.histogram2d(streams[:, one], streams[:, other], bins=32, range=[[0, 1], [0, 1]])
        assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_a_dependence_would_be_seen():
    values = drawn(_by, 0, 1)
    mixed = 0.98 * values[:-1] + 0.02 * values[1:]
    assert abs(np.corrcoef(mixed, values[1:])[0, 1]) > 5 / math.sqrt(N)
