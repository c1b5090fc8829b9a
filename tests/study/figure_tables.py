"""Tables of a study that figures read, made up: every policy, arm and verdict is there."""

from typing import Any

import numpy as np
import pandas as pd

from sim.engine.constants import harm_modelled

PROFILES = ("is_core", "donor_funded", "external_network")
POLICIES = {
    "exchange_kyc": "regulator",
    "privacy_delisting": "regulator",
    "chain_analytics": "chain_analyst",
    "issuer_freezing": "fiu",
    "donor_prosecution": "prosecutor",
    "hawala_licensing": "regulator",
    "channel_takedown": "communicators",
    "revenue_strikes": "military",
    "decapitation": "military",
    "kinetic_pressure": "military",
    "counter_inspiration": "communicators",
    "adaptive": "chain_analyst",
}


def verdict(mean: float, low: float, high: float, margin: float) -> str:
    """The verdict of a row, leaving p aside."""
    if -margin <= low and high <= margin:
        return "negligible"
    return "raises" if low > 0 else "lowers" if high < 0 else "depends" if mean > 0 else "inconclusive"


def interval(mean: float, spread: float, margin: float) -> dict[str, Any]:
    low, high = mean - spread, mean + 1.3 * spread
    mc = {"mc_low": mean - 0.3 * spread, "mc_high": mean + 0.3 * spread}
    return {"mean": mean, "low": low, "high": high, **mc, "verdict": verdict(mean, low, high, margin)}


def effects_table(sizes: dict[str, float] | None = None, n: int = 240) -> pd.DataFrame:
    """effects.csv of a study with every policy; ``sizes`` is the switch effect in each profile, per cent."""
    sizes = sizes or {"is_core": 0.004, "donor_funded": 3.1, "external_network": -0.9}
    noise = np.random.default_rng(1)
    rows = []
    for profile, size in sizes.items():
        for arm, factor in (("none", 0.0), ("announcement", 1.0), ("full", 1.8), ("placebo", 0.3)):
            for policy in ("status_quo", *POLICIES):
                for strength in (0.5, 1.0) if policy != "status_quo" else (0.0,):
                    strike = {"kinetic_pressure": -11, "decapitation": -4, "revenue_strikes": -1.5}.get(policy, 0.0)
                    own = strike + abs(size) * noise.normal(-0.8, 0.8)
                    change = -size * factor * noise.uniform(-0.1, 0.9)
                    for outcome in ("capacity", "rate"):
                        cell = {"arm": arm, "policy": policy, "intensity": strength, "profile": profile}
                        cell |= {"group.routing": 0.1, "outcome": outcome}
                        if policy != "status_quo":
                            rows.append(cell | {"contrast": "policy"} | interval(own * strength, 0.4 * abs(own), 1.0))
                        if arm == "none":
                            continue
                        left = size * factor + (change * strength if policy != "status_quo" else 0.0)
                        spread = 0.5 * abs(size) * factor
                        rows.append(cell | {"contrast": "switch"} | interval(left, spread, 1.0))
                        if policy != "status_quo":
                            rows.append(
                                cell | {"contrast": "interaction"} | interval(change * strength, 0.3 * spread, 1.0)
                            )
            for routing in (0.0, 0.1, 0.5) if arm != "none" else ():
                for outcome, part in (("rate_core", 1.0 - routing), ("rate_network", 0.5 + 12 * routing)):
                    cell = {"arm": arm, "policy": "status_quo", "intensity": 0.0, "profile": profile}
                    cell |= {"group.routing": routing, "outcome": outcome, "contrast": "switch"}
                    rows.append(cell | interval(size * factor * part, 0.4 * abs(size) * part, 1.0))
    table = pd.DataFrame(rows).assign(world="as_it_was", loop="on", window=52, unit="%", n=n, draws=n // 4, margin=1.0)
    table = table.assign(below=1.0 * (table["mean"] < -1.0), above=1.0 * (table["mean"] > 1.0))
    words = ["contrast", "arm", "policy", "intensity", "profile", "group.routing", "outcome"]
    return table.assign(id=["/".join(map(str, row)) for row in table[words].itertuples(index=False)])


def frontier_table() -> pd.DataFrame:
    """frontier.csv with every policy at three intensities."""
    noise = np.random.default_rng(2)
    rows = []
    for profile, size in zip(PROFILES, (3.0, 0.08, 0.5), strict=True):
        for policy, agency in POLICIES.items():
            most = size * (1.0 if agency == "military" else 0.05) * noise.lognormal(-0.5, 1)
            modelled = harm_modelled(policy)
            harm = noise.choice([0.0, 30.0, 4_000.0, 90_000.0]) if modelled == "yes" else np.nan
            for strength in (0.25, 0.5, 1.0):
                averted, cost = most * strength**0.8, harm * strength
                rows += [
                    {
                        "profile": profile, "arm": arm, "policy": policy, "intensity": strength, "agency": agency,
                        "staff_weeks": 10 * strength, "averted": averted, "averted_low": 0.5 * averted - 0.01 * size,
                        "averted_high": 1.7 * averted, "harm": cost, "harm_low": 0.7 * cost, "harm_high": 1.4 * cost,
                        "harm_modelled": modelled,
                        "outcome": "rate" if agency == "military" else "capacity", "n": 240,
                        "averted_verdict": verdict(-averted, -1.7 * averted, 0.01 * size - 0.5 * averted, 0.012 * size),
                    }
                    for arm in ("none", "announcement")
                ]  # fmt: skip
    return pd.DataFrame(rows)


def weekly_table(peaks: dict[str, float] | None = None, replications: int = 80) -> pd.DataFrame:
    """weekly.parquet: capacity rises after the switch by a peak (per cent of no switch), with noise by draw."""
    peaks = peaks or {"is_core": 0.004, "donor_funded": 3.1, "external_network": -0.9}
    weeks = np.arange(140, 260)
    dates = pd.to_datetime("2017-01-02") + pd.to_timedelta(7 * weeks, unit="D")
    after = np.clip(weeks - 181, 0, None)
    shape = after / 26.0 * np.exp(1 - after / 26.0)
    frames = []
    for profile, peak in peaks.items():
        for replication in range(replications):
            own = peak * np.random.default_rng(replication // 2).normal(1.0, 0.25)
            noise = np.random.default_rng(1000 + replication)
            base = 8.0 + noise.normal(0, 0.3, len(weeks))
            money = 900 * noise.lognormal(0, 0.7, len(weeks))
            for arm, factor in (("none", 0.0), ("announcement", 1.0), ("full", 1.8), ("placebo", 0.3)):
                wobble = noise.normal(0, 0.02 * abs(peak), len(weeks)) * (factor > 0) * (after > 0)
                frames.append(
                    pd.DataFrame(
                        {
                            "replication": replication, "draw": replication // 2, "arm": arm, "policy": "status_quo",
                            "intensity": 0.0, "profile": profile, "group.routing": 0.1, "world": "as_it_was",
                            "loop": "on", "week": weeks, "date": dates,
                            "capacity": base * (1 + (own * factor * shape + wobble) / 100),
                            "delivered": money * (1 + 0.1 * own * factor * (after > 0)),
                        }
                    )
                )  # fmt: skip
    return pd.concat(frames, ignore_index=True)
