"""The command: ``python -m experiments``, ``make run`` and, once installed, ``insurgent-financing-study``."""

import sys
from importlib import import_module, util
from pathlib import Path


def main() -> None:
    """Run the command with what the user typed, and exit."""
    spec = util.find_spec("sim")
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else Path("sim")
    if found.parent != Path(__file__).resolve().parents[1] / "sim":
        text = f"Python finds another sim first, {found}; type insurgent-financing-study, or work in another folder"
        print(f"{text}. Nothing was run.", file=sys.stderr)
        sys.exit(2)
    from sim.cli.frame import attend

    attend(lambda: import_module("experiments.study.cli").run)


if __name__ == "__main__":
    main()
