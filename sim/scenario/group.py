"""The group: its cells, its money, its attacks, its adaptation."""

from typing import Literal

from pydantic import field_validator

from sim.engine.constants import KERNEL_WEEKS
from sim.engine.parameters import Section, attribute, chance, parameter, share
from sim.scenario.types import Shares


class Revenue(Section):
    """Local revenue of a cell."""

    tax: float = parameter(
        "USD/week", 0, 1e8, "taxes and fees at full territory", "facts:revenue-tax-2015", "M", plausible=(0, 2600000.0)
    )
    oil: float = parameter("USD/week", 0, 1e8, "oil at full territory, before strikes", "facts:revenue-oil-2015", "M")
    looting: float = parameter(
        "USD/week", 0, 1e8, "confiscations and fines at full territory", "facts:revenue-looting-2015", "M"
    )
    kidnap: float = parameter("USD/week", 0, 1e8, "ransoms at full territory", "facts:revenue-kidnap-2016", "M")
    insurgent: float = parameter(
        "USD/week", 0, 1e8, "extortion and trade without territory", "facts:insurgent-income-anbar"
    )


class Cell(Section):
    """One cell of the group."""

    kind: Literal["treasury", "province", "external"] = attribute("what it does")
    theatre: str = attribute("where it is")
    core: bool = attribute("core province, or global network")
    fighters: int = parameter(
        "persons", 0, 1_000_000, "fighters at the start", "facts:fighters-2018-08", "B", role="scenario"
    )
    fighters_reference: float = parameter("persons", 0.1, 1e6, "fighters at the reference point (M_ref)")
    attacks_reference: float = parameter(
        "attacks/year", 0, 10_000, "attacks at the reference point (A_ref)", "facts:attacks-iraq-2019", "A"
    )
    floor: float = parameter(
        "share",
        0.1,
        1,
        "in-kind and self-financed means over reference money (K_0/K_ref)",
        "facts:external-self-financed",
    )
    self_financed: bool = attribute(
        "self-financed: takes no pay from the treasury, and all its reference money is floor"
    )
    revenue: Revenue


class Group(Section):
    """Income, spending and people of the group."""

    profile: str = attribute("name of the profile")
    reserves: float = parameter(
        "USD", 0, 5e9, "reserves of the treasury at the start", plausible=(200000000.0, 900000000.0)
    )
    income: float = parameter(
        "",
        0,
        100,
        "factor on every gift and on local revenue, to ask what more or less money would do",
        "-",
        "-",
        role="scenario",
    )
    holding_cost: float = share(
        "cost of holding territory, share of its revenue", "facts:reserves-2019", plausible=(0.65, 0.9)
    )
    outflow: float = parameter(
        "1/year", 0, 1, "reserves lost to families, affiliates and losses", "facts:reserves-2019", plausible=(0.2, 0.9)
    )
    saving: float = share("share of income beyond need that goes into the reserves", plausible=(0, 1))
    drawdown: float = parameter("1/year", 0, 1, "reserves drawn for spending", plausible=(0, 0.3))
    remit: float = share(
        "share of local revenue that provinces send to the treasury", "facts:internal-friction", plausible=(0.5, 0.95)
    )
    routing: float = share("share of campaign money that goes straight to cells", plausible=(0, 0.5))
    wage: float = parameter(
        "USD/year", 0, 10_000, "pay of a fighter", "facts:fighter-pay-household", "A", plausible=(491, 2700)
    )
    protection: float = share(
        "pay protection: 0 all spending is cut by the same share, 1 fighters are paid first", plausible=(0, 1)
    )
    operations: float = parameter(
        "share", 0, 20, "planned operations money, share of reference money (K_ref)", plausible=(0.3, 4)
    )
    hops: int = parameter("transfers", 1, 20, "transfers between the treasury and a cell")
    hop_cost: float = parameter(
        "share", 0, 0.2, "cost of one such transfer", "facts:hawala-fee-conflict", "B", plausible=(0.005, 0.05)
    )
    hop_seen: float = chance("chance that one such transfer is seen and stopped", plausible=(0.001, 0.02))
    skim: float = parameter(
        "share", 0, 0.5, "share skimmed on the way", "facts:internal-friction", "A", plausible=(0, 0.15)
    )
    carrier: str = attribute("rail that carries money to the cells", source="facts:hawala-main-channel", grade="B")
    recruits: float = parameter("1/year", 0, 2, "recruits per fighter at ordinary sympathy", plausible=(0.05, 0.5))
    recruits_limit: float = parameter("", 1, 1000, "fighters over reference fighters at which recruitment stops")
    rejoin: float = parameter("1/year", 0, 2, "former members who return", plausible=(0.02, 0.3))
    leaving: float = parameter("1/year", 0, 2, "fighters who leave though paid", plausible=(0, 0.2))
    arrears: float = parameter(
        "1/year", 0, 5, "more who leave when pay is wholly in arrears", "facts:fighter-pay-household", plausible=(0, 1)
    )
    replacement: float = share("share of lost gifts that local extortion replaces", plausible=(0, 1))
    replacement_from: float = share("loss of gifts that the group ignores, share of the long mean")
    replacement_time: float = parameter("weeks", 1, 260, "time constant of that", plausible=(8, 52))
    cells: dict[str, Cell]


class Combat(Section):
    """Attacks from people, money and know-how."""

    people: float = parameter("elasticity", 0, 1, "elasticity of capacity to fighters (alpha)", plausible=(0, 1))
    money: float = parameter(
        "elasticity", 0.02, 1, "elasticity of capacity to operations money (epsilon); never tuned", plausible=(0.02, 1)
    )
    attack_cost: float = parameter(
        "USD/attack",
        500,
        20_000,
        "operations money for one more attack at the reference point; money sent by way of the treasury buys far fewer",
        "facts:marginal-attack-cost",
        "D",
        plausible=(2700, 8000),
    )
    kernel: Shares = parameter(
        "attacks/1000 USD", None, None, "attacks by week since spending", "facts:attack-kernel-week-0", "B"
    )
    branching: float = parameter(
        "share",
        0,
        0.9,
        "share of attacks triggered by earlier ones",
        "facts:self-excitation",
        "A",
        plausible=(0.37, 0.5),
    )
    excitation_decay: float = parameter(
        "weeks", 0.2, 12, "time constant of triggering", "facts:self-excitation-memory", "A", plausible=(1, 4)
    )
    deaths: float = parameter("deaths/attack", 0, 20, "mean deaths of an ordinary attack")
    severe_share: float = parameter("share", 0, 0.5, "share of attacks in the power-law tail")
    severe_from: float = parameter("deaths", 1, 100, "where the tail begins (x_min)")
    severe_exponent: float = parameter(
        "exponent",
        1.5,
        4,
        "exponent of the density in the tail",
        "facts:severity-exponent-war",
        "B",
        plausible=(2.3, 2.7),
    )
    deaths_cap: int = parameter("deaths", 1, 10_000, "most deaths in one attack")
    inspired: float = parameter("attacks/year", 0, 1000, "inspired attacks abroad at ordinary sympathy")

    @field_validator("kernel")
    @classmethod
    def _weeks(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != KERNEL_WEEKS or not sum(value) > 0:
            raise ValueError(f"allowed are {KERNEL_WEEKS} numbers, not all zero")
        return value


class Adaptation(Section):
    """The group's own choice of rail."""

    mode: Literal["none", "logit"] = attribute("the group's own rail-switching; off in all arms of the study")
    appeal: str = attribute("campaign whose rail it may change")
    sensitivity: float = parameter("", 0, 50, "slope of its logit in delivered per dollar given")
    expected: float = share("yield that it expects of a rail it has not tried")
    inertia: float = parameter("", 0, 20, "pull of the present rail")
    memory: float = parameter("weeks", 1, 260, "half-life of its memory of a rail's yield")
    every: int = parameter("weeks", 1, 520, "weeks between decisions")
