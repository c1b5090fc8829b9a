"""The command: ``python -m experiments`` and ``make run``."""

import sys


def main() -> None:
    """Run the command with what the user typed, and exit."""
    from experiments.command import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
