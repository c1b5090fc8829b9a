"""Number types, fixed sizes, and the enumerations that every file shares.

Array fields of a record have a fixed length, because the length is part of the compiled type. A user's own rail or
theatre then needs no new compilation.
"""

import zlib
from enum import IntEnum
from typing import Annotated

type F8 = Annotated[float, "f8"]
type I8 = Annotated[int, "i8"]
type I4 = Annotated[int, "i4"]
type I2 = Annotated[int, "i2"]
type U2 = Annotated[int, "u2"]
type I1 = Annotated[int, "i1"]

MAX_RAILS = 12
MAX_THEATRES = 12
MAX_DELAY = 8
"""Longest delay of a transfer, weeks (exclusive)."""
KERNEL_WEEKS = 5
"""Weeks over which money spent on operations still yields attacks (Bahney et al. 2010)."""
EXCITATION_WEEKS = 12
"""Weeks over which an attack still triggers others."""
WEEKS_A_YEAR = 52.0
NOBODY = -1
"""No rail, no gift, no intermediary."""


class CellKind(IntEnum):
    """The role of a group cell."""

    TREASURY = 0
    PROVINCE = 1
    EXTERNAL = 2


class IntermediaryKind(IntEnum):
    """The six kinds of intermediaries."""

    BANK = 0
    EXCHANGE = 1
    PROCESSOR = 2
    HAWALA_BROKER = 3
    OTC_TRADER = 4
    COURIER = 5


class IntermediaryState(IntEnum):
    """State of an intermediary; only an open one serves customers."""

    OPEN = 0
    SANCTIONED = 1
    CLOSED = 2


class AgencyKind(IntEnum):
    """The six enforcement agencies; an agency's row in its population is its kind."""

    FIU = 0
    CHAIN_ANALYST = 1
    REGULATOR = 2
    PROSECUTOR = 3
    MILITARY = 4
    COMMUNICATORS = 5


class Status(IntEnum):
    """The result of screening a gift at the donor's intermediary."""

    PASSED = 0
    BLOCKED = 1
    REPORTED = 2


class Found(IntEnum):
    """Way in which enforcement discovered a gift."""

    HIDDEN = 0
    BY_REPORT = 1
    BY_LINK = 2
    OFF_LEDGER = 3


class Stream(IntEnum):
    """The streams of random numbers: one for each random decision."""

    DONOR = 1
    ATTEMPT = 2
    CHOICE = 3
    GIFT = 4
    INTERMEDIARY = 5
    SCREEN = 6
    TRACE = 7
    EVIDENCE = 8
    PRICE = 9
    CAMPAIGN = 10
    MOVE = 11
    FALSE_REPORTS = 12
    FALSE_LEADS = 13
    CHANNEL = 14
    POOL = 15
    RECRUIT = 16
    REJOIN = 17
    LEAVE = 18
    CASUALTY = 19
    ATTACK = 20
    SEVERITY = 21
    INSPIRED = 22
    LEADER = 23
    SANCTION = 24
    FALSE_FREEZE = 25
    LITERACY = 26
    HABIT = 27
    FREEZE = 28
    FOLLOW = 29
    OBSERVER = 100


TurnedAway = IntEnum("TurnedAway", ["LOST", "DISPLACEMENT"], start=0)
"""What becomes of a donor who will not or cannot give to a public campaign."""
Liking = IntEnum("Liking", ["OWN_CONSTANT", "ADOPTION_GAP"], start=0)
"""How donors like a new rail."""
Freezing = IntEnum("Freezing", ["WHOLE_WALLET", "RENEWED_WALLETS"], start=0)
"""What a found link on a public ledger leads to."""
Capacity = IntEnum("Capacity", ["PRODUCT", "CES", "LUMPY"], start=0)
"""How people and money make capacity."""
Force = IntEnum("Force", ["ONE_SIGN", "BACKLASH"], start=0)
"""The response of attacks and sympathy to force, arrests and loss of leaders."""
Routes = IntEnum("Routes", ["FIXED", "REROUTING"], start=0)
"""How the group chooses its carrier and the rail that a campaign asks for."""
News = IntEnum("News", ["EVERY_EVENT", "WEIGHED", "ARRESTS_ONLY", "UNHEARD"], start=0)
"""What donors hear of freezes and arrests."""
Benefactors = IntEnum("Benefactors", ["INDIFFERENT", "REPELLED"], start=0)
"""Whether crime of the group repels donors."""


class SwitchMode(IntEnum):
    """Response of donors to an appeal for another rail.

    NONE: they do not. ANNOUNCEMENT: each donor chooses. FULL: all follow, except the share that is lost. ASKED: the
    appeal asks for the rail and takes the others still.
    """

    NONE = 0
    ANNOUNCEMENT = 1
    FULL = 2
    ASKED = 3


def key_of(name: str) -> int:
    """Return the slot of a name in every stream: a new name never changes the random numbers of the others."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


class Policies:
    """The policies by the names that ``policy=...`` takes; no policy is the status quo, several are a mix."""

    exchange_kyc: F8
    privacy_delisting: F8
    chain_analytics: F8
    issuer_freezing: F8
    donor_prosecution: F8
    hawala_licensing: F8
    channel_takedown: F8
    revenue_strikes: F8
    decapitation: F8
    kinetic_pressure: F8
    counter_inspiration: F8
    adaptive: F8


POLICIES = tuple(Policies.__annotations__)

HARM_MODELLED = frozenset(
    {"exchange_kyc", "privacy_delisting", "chain_analytics", "issuer_freezing", "hawala_licensing", "adaptive"}
)
"""Policies whose harm the model has: lawful money. It has none of force, takedown, prosecution and counter-messages."""
HARMS = ("lawful_frozen", "lawful_hindered", "harm")
"""Outcomes that measure harm; ``harm`` is the sum of the others."""


def harm_modelled(mix: str) -> str:
    """Return whether the model has the harm of a policy or mix, ``a+b``: ``yes``, of a ``part``, or ``no``."""
    known = {policy in HARM_MODELLED for policy in mix.split("+")}
    return "yes" if False not in known else "part" if True in known else "no"
