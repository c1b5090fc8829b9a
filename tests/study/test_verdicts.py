"""How often verdicts are right: effects planted over parameter draws, under noise, looked at once and again and again.

`python -m tests.study.test_verdicts` prints the table of docs/studies.md.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from experiments.stats.estimates import INCONCLUSIVE, Estimate, estimates

type Floats = npt.NDArray[np.float64]
type Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

LOOKS = (40, 80, 160, 320)
"""Numbers of draws at which an adaptive design looks: it stops once the verdict is not inconclusive."""


class Planted(NamedTuple):
    """Effects planted in draws, in units of the margin, and the right word for them.

    Attributes:
        effects: of so many contrasts and draws.
        word: the verdict on all draws that there could be, without noise.
        noise: standard deviation of the noise of a pair; of the effect if it is ``relative``.
        seeds: pairs a draw.
        relative: whether noise grows with the effect.
        rare: probability that a pair differs at all; 0 where every pair does.
        share: largest share of wrong verdicts.
    """

    effects: Draw
    word: str
    noise: float = 0.0
    seeds: int = 2
    relative: bool = False
    rare: float = 0.0
    share: float = 0.05


def normal(mean: float, spread: float) -> Draw:
    """Normal effects."""
    return lambda rng, size: rng.normal(mean, spread, size)


def skewed(median: float, sigma: float, zero: float = 0.0) -> Draw:
    """Lognormal effects of one sign, a share of them exactly zero."""
    return lambda rng, size: median * rng.lognormal(0, sigma, size) * (rng.random(size) >= zero)


def mixed(other: float) -> Draw:
    """Lognormal effects, a share of them of the other sign."""
    return lambda rng, size: 3 * rng.lognormal(0, 0.7, size) * np.where(rng.random(size) < other, -1, 1)


PLANTED = {
    "zero, noise 0.3": Planted(normal(0, 0), "negligible", 0.3),
    "zero, noise 1": Planted(normal(0, 0), "negligible", 1.0),
    "zero, noise 5": Planted(normal(0, 0), "negligible", 5.0, share=0.12),
    "zero, noise 0.3, one seed": Planted(normal(0, 0), "negligible", 0.3, 1),
    "within the margin, noise 0.3": Planted(normal(0.2, 0.25), "negligible", 0.3),
    "within the margin, noise 1": Planted(normal(0.2, 0.25), "negligible", 1.0),
    "normal, 4 ± 1, noise 1": Planted(normal(4, 1), "raises", 1.0),
    "normal, 4 ± 1, noise 0.5, one seed": Planted(normal(4, 1), "raises", 0.5, 1),
    "normal, 1 ± 1, noise 0.5": Planted(normal(1, 1), "depends", 0.5),
    "normal, 1 ± 1, noise 1.5": Planted(normal(1, 1), "depends", 1.5),
    "normal, 1 ± 1, noise 0.5, one seed": Planted(normal(1, 1), "depends", 0.5, 1),
    "skewed, one sign, no noise": Planted(skewed(-2, 1.2), "lowers"),
    "skewed, one sign, noise 30 %": Planted(skewed(-2, 1.2), "lowers", 0.3, relative=True),
    "skewed, one sign, noise 60 %": Planted(skewed(-2, 1.2), "lowers", 0.6, relative=True),
    "skewed, one sign, noise 0.5": Planted(skewed(-2, 1.2), "lowers", 0.5),
    "skewed, one sign, noise 2": Planted(skewed(-2, 1.2), "lowers", 2.0, share=0.15),
    "skewed, mostly within the margin, noise 30 %": Planted(skewed(-0.4, 1.2), "depends", 0.3, relative=True),
    "skewed, a fifth exactly zero, noise 30 %": Planted(skewed(-3, 1.0, 0.2), "depends", 0.3, relative=True),
    "mixed, a tenth of the other sign, noise 0.5": Planted(mixed(0.1), "depends", 0.5),
    "mixed, a tenth of the other sign, noise 2": Planted(mixed(0.1), "depends", 2.0),
    "rare counts, 2 in each draw, one pair in five": Planted(normal(-2, 0), "lowers", rare=0.2),
}


def differences(one: Planted, rng: np.random.Generator, contrasts: int, draws: int) -> Floats:
    """Differences of paired runs, those of a draw side by side."""
    effects = one.effects(rng, (contrasts, draws))[:, :, None]
    size = (contrasts, draws, one.seeds)
    noise = one.noise * rng.normal(0, 1, size) * (np.abs(effects) if one.relative else 1.0)
    pairs = np.where(rng.random(size) < one.rare, effects / one.rare, 0.0) if one.rare else effects + noise
    return np.asarray(pairs.reshape(contrasts, -1))


def judged(one: Planted, pairs: Floats, draws: int) -> list[Estimate]:
    """Estimates from the first so many draws."""
    return estimates(pairs[:, : draws * one.seeds], np.arange(draws * one.seeds) // one.seeds, margin=1.0)


def shares(one: Planted, words: list[str]) -> tuple[float, float, float]:
    """Shares of verdicts that are right, inconclusive and wrong."""
    right, unsure = words.count(one.word) / len(words), words.count(INCONCLUSIVE) / len(words)
    return right, unsure, max(0.0, 1.0 - right - unsure)


def looked(one: Planted, contrasts: int, seed: int = 1) -> tuple[float, float, float]:
    """Shares of verdicts under adaptive stopping."""
    pairs = differences(one, np.random.default_rng(seed), contrasts, LOOKS[-1])
    words = np.full(contrasts, INCONCLUSIVE, dtype="U12")
    for draws in LOOKS:
        unsure = words == INCONCLUSIVE
        words[unsure] = [found.verdict for found in judged(one, pairs[unsure], draws)] if unsure.any() else []
    return shares(one, words.tolist())


def covered(one: Planted, found: list[Estimate], seed: int = 2) -> float:
    """Share of new draws' effects, without noise, that lie in the intervals."""
    low, high = (np.array([[getattr(each, end)] for each in found]) for end in ("low", "high"))
    new = one.effects(np.random.default_rng(seed), (len(found), 400))
    return float(np.mean((new >= low) & (new <= high)))


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED)
def test_verdicts_are_wrong_as_seldom_as_said(name: str) -> None:
    one, contrasts = PLANTED[name], 300
    most = one.share + 4 * np.sqrt(one.share * (1 - one.share) / contrasts)
    for draws in (40, 100, 300):
        found = judged(one, differences(one, np.random.default_rng(draws), contrasts, draws), draws)
        assert shares(one, [each.verdict for each in found])[2] <= most
    assert looked(one, contrasts)[2] <= 2 * most


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "draws", "power"),
    [
        ("zero, noise 0.3", 40, 0.95),
        ("zero, noise 1", 300, 0.9),
        ("within the margin, noise 0.3", 100, 0.9),
        ("normal, 4 ± 1, noise 1", 40, 0.9),
        ("normal, 4 ± 1, noise 0.5, one seed", 40, 0.9),
        ("normal, 1 ± 1, noise 0.5", 100, 0.85),
        ("skewed, one sign, no noise", 40, 0.95),
        ("skewed, one sign, noise 30 %", 40, 0.9),
        ("skewed, one sign, noise 60 %", 300, 0.9),
        ("skewed, a fifth exactly zero, noise 30 %", 100, 0.9),
        ("mixed, a tenth of the other sign, noise 0.5", 100, 0.95),
        ("mixed, a tenth of the other sign, noise 2", 300, 0.9),
    ],
)
def test_verdicts_are_found_as_often_as_said(name: str, draws: int, power: float) -> None:
    one = PLANTED[name]
    found = judged(one, differences(one, np.random.default_rng(draws), 300, draws), draws)
    assert shares(one, [each.verdict for each in found])[0] >= power


@pytest.mark.parametrize("name", ["normal, 4 ± 1, noise 1", "skewed, one sign, no noise", "normal, 1 ± 1, noise 1.5"])
@pytest.mark.parametrize("draws", [20, 39, 100])
def test_the_interval_covers_a_new_draw_as_often_as_said(name: str, draws: int) -> None:
    one = PLANTED[name]
    found = judged(one, differences(one, np.random.default_rng(draws), 200, draws), draws)
    assert found[0].coverage - 0.02 <= covered(one, found) <= found[0].coverage + 0.04  # noise makes it wider
    assert {each.verdict for each in found} == {INCONCLUSIVE} or draws > 20


def table(contrasts: int = 500) -> str:
    """The table of docs/studies.md: per cent right, inconclusive and wrong, and new draws covered."""
    lines = ["| planted | word | 40 draws | 100 | 300 | looked at 40, 80, 160, 320 | covered |", "|" + "---|" * 7]
    for name, one in PLANTED.items():
        cells, within = [name, one.word], []
        for draws in (40, 100, 300):
            found = judged(one, differences(one, np.random.default_rng(draws), contrasts, draws), draws)
            cells.append(_percent(shares(one, [each.verdict for each in found])))
            within.append(covered(one, found))
        cells += [_percent(looked(one, contrasts)), f"{100 * min(within):.0f} to {100 * max(within):.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _percent(some: tuple[float, float, float]) -> str:
    return " / ".join(f"{100 * one:.0f}" for one in some)


if __name__ == "__main__":
    print(table())
