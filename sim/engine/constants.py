"""Fixed sizes and the vocabularies that every file shares.

Array fields of a record have a fixed length, because that length is part of the compiled type: a user's own
rail or theatre then fits without a new compilation.
"""

import zlib
from enum import IntEnum

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


class SwitchMode(IntEnum):
    """How donors take an appeal for another rail: not at all, by their own choice, or all but a lost share follow."""

    NONE = 0
    ANNOUNCEMENT = 1
    FULL = 2


def key_of(name: str) -> int:
    """A name's own slot in every stream: adding one name never re-deals the luck of the others."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


POLICIES = (
    "exchange_kyc",
    "privacy_delisting",
    "chain_analytics",
    "issuer_freezing",
    "donor_prosecution",
    "hawala_licensing",
    "channel_takedown",
    "revenue_strikes",
    "decapitation",
    "kinetic_pressure",
    "counter_inspiration",
    "adaptive",
)
"""Levers of policy; ``policy=[]`` is the status quo and any list of them is a mix."""
