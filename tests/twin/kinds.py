"""Kinds, states and fixed numbers (ODD, section 2)."""

import zlib
from enum import IntEnum

NOBODY = -1
WEEKS_A_YEAR = 52.0
MAX_DELAY = 8
KERNEL_WEEKS = 5
EXCITATION_WEEKS = 12


class IntermediaryKind(IntEnum):
    """Those who move money for others."""

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


class Status(IntEnum):
    """What the intermediary at the donor's end did with a gift."""

    PASSED = 0
    BLOCKED = 1
    REPORTED = 2


class Found(IntEnum):
    """How a gift came to be known."""

    HIDDEN = 0
    BY_REPORT = 1
    BY_LINK = 2
    OFF_LEDGER = 3


class SwitchMode(IntEnum):
    """How donors take an appeal for another rail."""

    NONE = 0
    ANNOUNCEMENT = 1
    FULL = 2


def key_of(name: str) -> int:
    """The key by which a name has its own luck."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF
