"""The command ``python -m sim.law``: where the ledger rails of a scenario lie on the map of traceability."""

import math
import sys
from pathlib import Path

from sim.cli.arguments import read
from sim.cli.frame import attend
from sim.config import ConfigurationError, load
from sim.engine.constants import Freezing
from sim.engine.text import signed
from sim.output.columns import aligned, folded

_HEAD = "rail, link, freezable, gifts/week, cashed/week, of income, elasticity, loss, at link 1, from".split(", ")


def main() -> None:
    """Run the command, and exit."""
    attend(lambda: run)


def run(arguments: list[str]) -> int:
    """Do what was typed and return the exit code: 0 done, 2 bad input."""
    line = read(arguments)
    others = {*line.options} - {"--config-dir", "--help"}
    line.errors += [f"{one}: allowed are --config-dir and --help" for one in others]
    try:
        if line.errors:
            raise ConfigurationError(line.errors)
        if "--help" in line.options:
            print(Path(__file__).with_name("law.txt").read_text(encoding="utf-8"), end="")
        else:
            print(_map(line.overrides, line.options.get("--config-dir")))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _map(overrides: list[str], folder: str | None) -> str:
    from sim.law import loss, measured, threshold_link  # late, so that an invalid line is reported at once
    from sim.results import with_and_without_switch
    from sim.windows import window_of

    scenario, without = with_and_without_switch(load(*overrides, config_dir=folder))
    over, margin = window_of(scenario, scenario.report.window), scenario.report.margin
    if over.missing:
        raise ConfigurationError([f"report.window: {over.missing}"])
    if scenario.rules.freezing != Freezing.RENEWED_WALLETS:
        raise ConfigurationError(["rules.freezing: the law holds for renewed_wallets alone"])
    if not any(rail.ledger for rail in without.rails):
        raise ConfigurationError(["rail: none of the chosen ones is on a ledger, so the law has nothing to say"])
    try:
        elasticity, rails = measured(without)
    except ValueError as error:
        raise ConfigurationError([f"group: {error}"]) from None
    if not any(one["gifts"] for one in rails.values()):
        raise ConfigurationError(["giving: no gift comes over a rail on a ledger in the window"])
    lines = [_HEAD]
    sentences = ["", "At these values, without fear and arrests (study=traceability_sweep has draws and all roads):"]
    largest = max(rails, key=lambda name: rails[name]["income_share"], default="")
    for name, one in rails.items():
        moved = {} if one["gifts"] else {key: rails[largest][key] for key in ("gifts", "income_share", "wallets")}
        about = one | moved | {"elasticity": elasticity}
        link = about.pop("link")
        least = float(threshold_link(margin, **about))
        shown = [link, *(about[key] for key in ("freezable", "gifts", "cashed", "income_share", "elasticity"))]
        losses = [signed(100.0 * float(loss(at, **about))) for at in (link, 1.0)]
        verdict, start = "cannot matter through freezing, whatever its link", "-"
        if not math.isnan(least):
            verb, start = "matters" if link >= least else "would matter", f"{least:.2f}"
            verdict = f"{verb} through freezing from link {start} on; its link is {link:.2g}"
        lines.append([name, *(f"{value:.2g}" for value in shown), *losses, start])
        sentences.append(f"{name}: {f'not used; with all gifts of {largest} it ' * bool(moved)}{verdict}.")
    head = "Change of attack capacity by what links freeze, no switch"
    head += f"; means of {over.words}; margin {100.0 * margin:g}%"
    return "\n".join([folded(head), *aligned(lines, range(1, len(_HEAD))), *map(folded, sentences)])
