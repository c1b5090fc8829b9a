"""The command: ``python -m sim``, ``make sim`` and, once installed, ``insurgent-financing``."""

from collections.abc import Callable

from sim.cli.frame import attend


def main() -> None:
    """Run the command line of the model, and exit."""
    attend(_loaded)


def _loaded() -> Callable[[list[str]], int]:
    from sim.cli.entry import run

    return run


if __name__ == "__main__":
    main()
