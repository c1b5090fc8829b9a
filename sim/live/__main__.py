"""The command: ``python -m sim.live``, ``make live`` and, once installed, ``insurgent-financing-live``."""

import argparse
import os
import sys

from sim.cli.frame import attend

_LAST_PORT = 65_535
NOT_INSTALLED = "Not installed: {}. The live page needs it; type  pip install 'insurgent-financing-sim[live]'"


def run(arguments: list[str]) -> int:
    """Serve the page to this machine alone until Ctrl-C, and return the exit code: 0 ended, 1 failed, 2 bad input.

    Solara sends no statistics of use from here, and does not ask for newer versions of itself.
    """
    about = "Shows a run in a browser, week by week, with and without the switch. Ctrl-C ends it."
    parser = argparse.ArgumentParser(prog="python -m sim.live", description=about)
    parser.add_argument("overrides", nargs="*", metavar="key=value", help="as of python -m sim; sliders start there")
    parser.add_argument("--port", type=_port, default=8765, help="8765 unless given; 0: any that is free")
    parser.add_argument("--no-open", action="store_true", help="print the address only, open no browser")
    asked = parser.parse_intermixed_args(arguments)
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    try:
        from sim.live import page  # isort: skip  # before Solara's server, which replaces matplotlib's settings
        from solara.__main__ import cli
    except ModuleNotFoundError as error:
        print(NOT_INSTALLED.format(error.name), file=sys.stderr)
        return 1
    from sim.compilation import compile_all
    from sim.config import ConfigurationError

    try:
        page.ask(asked.overrides)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    compile_all()
    options = ["--production", "--no-check-version", "--host=localhost", f"--port={asked.port}"]
    try:
        cli.main(["run", *options, *(["--no-open"] if asked.no_open else []), "sim.live.page"], standalone_mode=False)
    except SystemExit as stop:  # the server ends so where it cannot listen
        return int(stop.code not in (None, 0))
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text}: must be a whole number from 0 to {_LAST_PORT}")
    return int(text)


def main() -> None:
    """Serve the page, and exit."""
    attend(lambda: run)


if __name__ == "__main__":
    main()
