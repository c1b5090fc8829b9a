"""The command: ``python -m sim``, ``make run`` and, once installed, ``insurgent-financing``."""

import sys


def main() -> None:
    """Run the command with what the user typed, and exit."""
    from sim.command.entry import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
