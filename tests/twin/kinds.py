"""Kinds, states and fixed numbers (ODD, section 2), as the model has them; the key of a name is written once more."""

import zlib

from sim.engine.constants import EXCITATION_WEEKS as EXCITATION_WEEKS
from sim.engine.constants import KERNEL_WEEKS as KERNEL_WEEKS
from sim.engine.constants import MAX_DELAY as MAX_DELAY
from sim.engine.constants import NOBODY as NOBODY
from sim.engine.constants import POLICIES as POLICIES
from sim.engine.constants import WEEKS_A_YEAR as WEEKS_A_YEAR
from sim.engine.constants import Found as Found
from sim.engine.constants import IntermediaryKind as IntermediaryKind
from sim.engine.constants import IntermediaryState as IntermediaryState
from sim.engine.constants import Status as Status
from sim.engine.constants import Stream as Stream
from sim.engine.constants import SwitchMode as SwitchMode


def key_of(name: str) -> int:
    """The key by which a name has its own luck."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF
