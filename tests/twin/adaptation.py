"""How the group and the agencies answer (ODD, section 7.11)."""

from typing import TYPE_CHECKING

from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Stream
from tests.twin.arithmetic import decay, gumbel
from tests.twin.philox import uniforms

if TYPE_CHECKING:
    from tests.twin.appeals import Appeal
    from tests.twin.model import Model


def replace_lost_gifts(model: "Model") -> None:
    """Lost gifts are partly made good by local extortion, from next week on."""
    group, treasury, week = model.p.group, model.treasury, model.week
    delivered = sum(model.now.delivered)
    slow = max(1.0 / (week + 1.0), 1.0 - decay(1, 4.0 * WEEKS_A_YEAR))
    fast = max(1.0 / (week + 1.0), 1.0 - decay(1, 4.0))
    treasury.gifts_long += slow * (delivered - treasury.gifts_long)
    treasury.gifts_short += fast * (delivered - treasury.gifts_short)
    lost = ((1.0 - group.replacement_from) * treasury.gifts_long - treasury.gifts_short) / 100.0
    treasury.extortion += (group.replacement * lost - treasury.extortion) / group.replacement_time


def choose_rail(model: "Model", appeal: "Appeal") -> None:
    """The campaign remembers what each rail yielded, and may ask for another."""
    p, now, adaptation = model.p, model.now, model.p.adaptation
    fade = decay(1, adaptation.memory)
    for r in range(len(p.rails)):
        appeal.sent[r] = fade * appeal.sent[r] + (1.0 - fade) * now.given[r]
        appeal.seized[r] = fade * appeal.seized[r] + (1.0 - fade) * now.frozen[r]
        if now.given[r] <= 0:
            continue
        arrived = min(1.0, now.delivered[r] / now.given[r])
        if r == appeal.asked and appeal.met > 0:
            arrived *= appeal.taken / appeal.met
        appeal.yields[r] = fade * appeal.yields[r] + (1.0 - fade) * arrived
    if model.week % adaptation.every != adaptation.every - 1:
        return
    best, most = NOBODY, 0.0
    for r, rail in enumerate(p.rails):
        if not rail.ledger or not now.serves[r]:
            continue
        lost = appeal.seized[r] / appeal.sent[r] if appeal.sent[r] > 0.0 else 0.0
        score = adaptation.sensitivity * (appeal.yields[r] * max(0.0, 1.0 - lost))
        if r == appeal.asked:
            score += adaptation.inertia
        score += gumbel(uniforms(p.seed, Stream.CAMPAIGN, appeal.key, model.week, model.rail_keys[r])[0])
        if best == NOBODY or score > most:
            best, most = r, score
    if best not in (NOBODY, appeal.asked):
        appeal.ask_only_for(best)


def adapt(model: "Model") -> None:
    """Phase 13: lost gifts are made good; agencies move their effort; one campaign may change its rail."""
    replace_lost_gifts(model)
    model.agencies.do("move_effort")
    if model.p.adaptation.mode == "logit":
        choose_rail(model, model.appeal_called(model.p.adaptation.appeal))
