"""Appeals for money: public campaigns, whose channels are taken down and reopen, and network appeals."""

import math
from typing import ClassVar

from sim.arithmetic import halved
from sim.compiling import rule
from sim.draws import Decision, normal, uniform, uniforms
from sim.policies import Levers
from sim.records import (
    F8,
    I1,
    I4,
    I8,
    AgentRecord,
    CentsByArrivalAndRail,
    FlagsByRail,
    FloatsByRail,
    WeeksByRail,
)
from sim.scenario import Scenario

# --- the record ------------------------------------------------------------------------------------------------------


class Appeal(AgentRecord):
    """A public campaign or a network appeal, Reads campaigns.*."""

    key: I8
    share: F8  # share of the attempts of its kind
    audience: F8  # share of its audience that it reaches when its channel is up, 0..1
    visible: F8  # what donors see of it this week, 0..1
    opens: I4  # first week
    back: I4  # week in which a channel that was taken down is back
    public: I1
    accepts: FlagsByRail
    asked: I1  # rail it asks for, or NOBODY
    mode: I1  # SwitchMode
    moves_to: I1  # rail that gifts go over in mode FULL
    loses: F8  # share of donors that it loses in mode FULL, 0..1
    looked_at: WeeksByRail  # week in which a link last led to its wallet, by rail
    met: I8  # donors who would have given this week
    taken: I8  # of those, donors who gave
    yields: FloatsByRail  # what arrived per dollar given by rail, as the group remembers it
    arriving: CentsByArrivalAndRail  # cents by week of arrival (modulo MAX_DELAY) and rail

    _shown = ("share", "visible")
    _more = "appeal=[...] chooses them: write a file of your own for conf/appeal"
    _fewer = "appeal=[...] chooses them; share = 0 silences it; the policy is channel_takedown"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "public": "appeals.NAME.public says what it is",
        "visible": "it follows every week from audience, opens and back",
        "met": "it counts donors of the week",
        "taken": "it counts donors of the week",
        "mode": "a shock of type switch does it",
        "moves_to": "a shock of type switch does it",
        "loses": "a shock of type switch does it",
        "looked_at": "it notes when a link led to the wallet",
    }
    _by_rail = ("accepts", "yields", "arriving")
    _signed = ("opens", "back", "asked")

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return str(self.model.config.appeals[self._row].name)

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: some matter to public campaigns alone."""
        if name in ("audience", "back") and not self.public:
            return "a network appeal has no channel that could be taken down"
        if name == "yields" and self.model.adaptive_appeal != self._row:
            return "nobody weighs rails by it: adaptation.mode, adaptation.appeal"
        return super().not_by_hand(name)


# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def size_by_chance(appeal: Appeal, seed: int, p: Scenario) -> float:
    """Lognormal factor of mean 1 by which public campaigns differ. Reads campaigns.sigma."""
    u, v, _, _ = uniforms(seed, Decision.CAMPAIGN, appeal.key, 0, 0)
    sigma = p.campaigns.sigma
    return math.exp(sigma * normal(u, v) - 0.5 * sigma * sigma)


@rule
def life_of_channel(levers: Levers, p: Scenario) -> float:
    """Mean weeks until a takedown: from campaigns.life at rest to effects.channel_takedown, straight in the rate.

    A takedown costs a share of the audience, which comes back: weak action (302 days) and sustained action (14 days)
    fall out of one mechanism (Amarasingam et al. 2021).
    """
    weak = 1.0 / p.campaigns.life
    strong = 1.0 / p.effects.channel_takedown
    return 1.0 / (weak + (strong - weak) * levers.channel_takedown)


@rule
def keep_channel(appeal: Appeal, levers: Levers, week: int, seed: int, p: Scenario) -> None:
    """One week of an appeal; a public campaign's channel may be taken down, and its audience grows back.

    Reads campaigns.rebuild, campaigns.reopen, campaigns.audience_lost, effects.takedown_audience.
    """
    if appeal.share <= 0.0 or week < appeal.opens:
        appeal.visible = 0.0
        return
    if not appeal.public:
        appeal.visible = 1.0
        return
    appeal.audience = 1.0 - (1.0 - appeal.audience) * halved(1.0, p.campaigns.rebuild)
    if week >= appeal.back:
        hazard = 1.0 / life_of_channel(levers, p)
        if uniform(seed, Decision.CHANNEL, appeal.key, week) < 1.0 - math.exp(-hazard):
            lost = p.campaigns.audience_lost
            appeal.audience *= 1.0 - lost - (p.effects.takedown_audience - lost) * levers.channel_takedown
            appeal.back = week + 1 + p.campaigns.reopen
    appeal.visible = appeal.audience if week >= appeal.back else 0.0
