"""The command: ``python -m experiments`` and ``make run``."""

import sys

from sim.command.beginning import begin
from sim.command.leaving import leave


def main() -> None:
    """Run the command with what the user typed, and exit."""
    try:
        begin()
        from experiments.command import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules were loaded
        print("Interrupted; nothing was run.", file=sys.stderr)
        code = 130
    leave(code)


if __name__ == "__main__":
    main()
