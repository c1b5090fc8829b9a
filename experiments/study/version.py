"""The version of runs: runs of one version and one kind of machine mix, others do not."""

import hashlib
from collections.abc import Sequence

from sim.output import provenance


def version(observables: Sequence[str] = ()) -> str:
    """Return the version of runs as ``rules-columns-mathematics``: all that a run depends on beside scenario and seed.

    Args:
        observables: sections of the record by which runs are measured too.
    """
    from experiments.study.chunk import BESIDE, columns, weekly  # imports what only a run needs

    recorded = hashlib.sha256(repr((columns((), observables), BESIDE, weekly(observables))).encode()).hexdigest()[:8]
    return f"{provenance.code()}-{recorded}-{provenance.mathematics()}"
