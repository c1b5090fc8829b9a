"""The outcomes of a week, and a gift (ODD, section 2)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engine.constants import NOBODY, Found, Status

if TYPE_CHECKING:
    from tests.twin.appeals import Appeal
    from tests.twin.donors import Donor
    from tests.twin.intermediaries import Intermediary
    from tests.twin.theatres import Community


@dataclass(slots=True, eq=False)
class Gift:
    """One transfer from a donor; ``row`` counts gifts from the start of the run."""

    row: int
    donor: "Donor"
    attempt: int
    week: int
    amount: int
    community: "Community"
    appeal: "Appeal"
    rail: int
    chosen: int
    intermediary: "Intermediary"
    status: Status = Status.PASSED
    linked: int = 0
    found: Found = Found.HIDDEN
    due: int = NOBODY
    found_week: int = NOBODY


class Week:
    """One row of the book: money in cents by rail, attacks by theatre."""

    def __init__(self, rails: int, theatres: int) -> None:
        self.first_gift = 0
        self.last_gift = 0
        self.due = NOBODY
        self.found = NOBODY
        self.serves = [0] * rails
        self.attempts = 0
        self.gifts = [0] * rails
        self.campaign_given = 0
        self.campaign_delivered = 0
        self.paused = 0
        self.deterred = 0
        self.arrested = 0
        self.opening = [0] * rails
        self.given = [0] * rails
        self.collected = [0] * rails
        self.price = [0] * rails
        self.converted_in = [0] * rails
        self.blocked = [0] * rails
        self.fees = [0] * rails
        self.skimmed = [0] * rails
        self.spent = [0] * rails
        self.frozen = [0] * rails
        self.raided = [0] * rails
        self.converted_out = [0] * rails
        self.held = [0] * rails
        self.forfeited = [0] * rails
        self.custody = [0] * rails
        self.delivered = [0] * rails
        self.revenue = [0] * 5
        self.operations = 0
        self.pay = 0
        self.outflow = 0
        self.reserves = 0
        self.fighters = [0] * theatres
        self.recruits = 0
        self.left = 0
        self.killed = 0
        self.know_how = [0.0] * theatres
        self.capacity = [0.0] * theatres
        self.rate = [0.0] * theatres
        self.capacity_core = 0.0
        self.capacity_network = 0.0
        self.rate_core = 0.0
        self.rate_network = 0.0
        self.attacks = [0] * theatres
        self.attacks_core = 0
        self.deaths = [0] * theatres
        self.inspired = 0
        self.sympathy = [0.0] * theatres
        self.risk = [0.0] * rails
        self.reports = 0
        self.false_reports = 0
        self.followed = 0
        self.backlog = 0.0
        self.cases = 0
        self.followed_share = [0.0] * rails
        self.arrests = 0
        self.true_attributions = 0
        self.false_attributions = 0
        self.lawful_frozen = 0
        self.lawful_hindered = 0
        self.closed = 0
        self.claims = [0] * theatres
        self.recorded = 0
        self.crypto_estimate = 0
        self.pool_claim = 0
