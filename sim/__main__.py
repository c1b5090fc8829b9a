"""The command: ``python -m sim``, ``make sim`` and, once installed, ``insurgent-financing``."""

from importlib import import_module

from sim.cli.frame import attend


def main() -> None:
    """Run the command line of the model, and exit."""
    attend(lambda: import_module("sim.cli.entry").run)


if __name__ == "__main__":
    main()
