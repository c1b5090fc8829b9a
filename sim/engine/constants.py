"""Kinds of numbers, fixed sizes, and the vocabularies that every file shares.

Array fields of a record have a fixed length, because that length is part of the compiled type: a user's own
rail or theatre then fits without a new compilation.
"""

import zlib
from enum import IntEnum
from typing import Annotated

type F8 = Annotated[float, "f8"]
type I8 = Annotated[int, "i8"]
type I4 = Annotated[int, "i4"]
type I1 = Annotated[int, "i1"]

MAX_RAILS = 12
MAX_THEATRES = 10
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
    """What a group cell does."""

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
    """Whether an intermediary serves customers."""

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
    """What became of a gift at the intermediary at the donor's end."""

    PASSED = 0
    BLOCKED = 1
    REPORTED = 2


class Found(IntEnum):
    """How a gift came to be known to enforcement."""

    HIDDEN = 0
    BY_REPORT = 1
    BY_LINK = 2
    OFF_LEDGER = 3


class Stream(IntEnum):
    """One stream of luck for each thing that chance decides."""

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


class SwitchMode(IntEnum):
    """How donors take an appeal for another rail: not at all, by their own choice, or all but a lost share follow."""

    NONE = 0
    ANNOUNCEMENT = 1
    FULL = 2


def key_of(name: str) -> int:
    """A name's own slot in every stream: adding one name never re-deals the luck of the others."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


class Policies:
    """The levers of policy, by which ``policy=...`` names them; any of them together are a mix, none the status quo."""

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
