"""What all tests share: one line that says whether the rules have to be compiled first."""

from sim.compiling import PLAIN, is_cold


def pytest_report_header() -> str:
    """How the rules run."""
    if PLAIN:
        return "rules: plain Python (NUMBA_DISABLE_JIT), slow"
    return "rules: compiled" + (", perhaps for the first time: about a minute more" if is_cold() else "")
