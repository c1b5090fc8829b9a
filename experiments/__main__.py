"""The command: ``python -m experiments``, ``make run`` and, once installed, ``insurgent-financing-study``."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    """Run the command with what the user typed, and exit."""
    if found := _stranger():
        text = f"Python finds another sim first, {found}; type insurgent-financing-study, or work in another folder"
        print(f"{text}. Nothing was run.", file=sys.stderr)
        sys.exit(2)
    from sim.cli.frame import attend

    attend(_loaded)


def _stranger() -> Path | None:
    """Return the path of another package named sim that Python would import."""
    spec = importlib.util.find_spec("sim")
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else Path("sim")
    return None if found.parent == Path(__file__).resolve().parents[1] / "sim" else found


def _loaded() -> Callable[[list[str]], int]:
    from experiments.study.cli import run

    return run


if __name__ == "__main__":
    main()
