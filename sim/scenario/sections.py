"""The sections of a scenario, by the names that they have in ``conf/``."""

from sim.engine.parameters import Section
from sim.scenario.disruption import Effects, Enforcement, Observer, Policy
from sim.scenario.giving import Appeal, Campaigns, Choice, Giving, Inspiration, Population
from sim.scenario.group import Adaptation, Combat, Group
from sim.scenario.rails import Intermediaries, Rail, Screening, Theatre
from sim.scenario.timeline import Horizon, Report, Shock


class Sections(Section):
    """The parameters of a scenario, each within its own range; `Scenario` validates them together."""

    seed: int
    horizon: Horizon
    population: Population
    giving: Giving
    choice: Choice
    rails: tuple[Rail, ...]
    theatres: tuple[Theatre, ...]
    appeals: tuple[Appeal, ...]
    campaigns: Campaigns
    intermediaries: Intermediaries
    screening: Screening
    group: Group
    combat: Combat
    inspiration: Inspiration
    enforcement: Enforcement
    effects: Effects
    policies: dict[str, Policy]
    shocks: dict[str, Shock]
    adaptation: Adaptation
    observer: Observer
    report: Report
