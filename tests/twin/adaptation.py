"""How the group and the agencies answer (ODD, section 7.11)."""

from math import inf
from typing import TYPE_CHECKING

from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Routes, Stream, SwitchMode
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
    present = appeal.moves_to if appeal.mode == SwitchMode.FULL else appeal.asked
    for r in range(len(p.rails)):
        appeal.sent[r] = fade * appeal.sent[r] + (1.0 - fade) * now.given[r]
        appeal.seized[r] = fade * appeal.seized[r] + (1.0 - fade) * now.frozen[r]
        if now.given[r] <= 0:
            continue
        arrived = min(1.0, now.delivered[r] / now.given[r])
        if r == present and appeal.met > 0:
            arrived *= appeal.taken / appeal.met
        appeal.yields[r] = fade * appeal.yields[r] + (1.0 - fade) * arrived
    if model.week % adaptation.every != adaptation.every - 1:
        return
    yields = {r: net_yield(appeal, r) for r, rail in enumerate(p.rails) if rail.ledger and now.serves[r]}
    if p.rules.routes == Routes.REROUTING:
        yields = {NOBODY: adaptation.no_coin, **yields}
    best = best_route(model, appeal.key, present, yields)
    if best != present:
        appeal.ask_only_for(best)
        appeal.mode = SwitchMode.NONE


def net_yield(appeal: "Appeal", r: int) -> float:
    """The yield of a rail as remembered, less the share that was frozen there."""
    lost = appeal.seized[r] / appeal.sent[r] if appeal.sent[r] > 0.0 else 0.0
    return appeal.yields[r] * max(0.0, 1.0 - lost)


def choose_carrier(model: "Model") -> None:
    """The treasury may send its money over another rail off the ledger."""
    treasury, every = model.treasury, model.p.adaptation.every
    if (model.week + 1) % every == 0:
        here = (treasury.carrier, *(r for r, served in enumerate(model.now.serves) if served))
        yields = {r: treasury.carried[r] for r, rail in enumerate(model.p.rails) if r in here and not rail.ledger}
        treasury.carrier = best_route(model, treasury.key, treasury.carrier, yields)


def best_route(model: "Model", key: int, present: int, yields: dict[int, float]) -> int:
    """The route of the highest score (logit): yield, and inertia for the present one; that one if there is no other."""
    adaptation = model.p.adaptation
    best, most = present, -inf
    for r, remembered in yields.items():
        score = adaptation.sensitivity * remembered
        if r == present:
            score += adaptation.inertia
        slot = 1 if r == NOBODY else model.rail_keys[r]
        score += gumbel(uniforms(model.p.seed, Stream.CAMPAIGN, key, model.week, slot)[0])
        if score > most:
            best, most = r, score
    return best


def adapt(model: "Model") -> None:
    """Phase 13: lost gifts are made good; agencies move their effort; carrier and campaign may change their rail."""
    replace_lost_gifts(model)
    model.agencies.do("move_effort")
    rerouting = model.p.rules.routes == Routes.REROUTING
    if rerouting:
        choose_carrier(model)
    if model.appeals and (rerouting or model.p.adaptation.mode == "logit"):
        choose_rail(model, model.appeal_called(model.p.adaptation.appeal))
