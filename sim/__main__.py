"""The command: ``python -m sim``, ``make run`` and, once installed, ``insurgent-financing``."""

import sys

from sim.command.beginning import begin
from sim.command.leaving import leave


def main() -> None:
    """Run the command with what the user typed, and exit."""
    try:
        begin()
        from sim.command.entry import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while it was still being loaded, or already ending
        print("Interrupted.", file=sys.stderr)
        code = 130
    leave(code)


if __name__ == "__main__":
    main()
