"""The command ``python -m sim.law``: where the ledger rails of a scenario lie on the map of traceability."""

import math
import sys

from sim.cli.arguments import read
from sim.cli.frame import attend
from sim.config import ConfigurationError, load
from sim.engine.constants import Freezing
from sim.engine.text import signed
from sim.output.columns import aligned, folded

_HELP = """Prints where the ledger rails of a scenario lie on the map of traceability: what freezing by links costs the
group at a rail's link and at link 1, and the link from which on it costs report.margin or more. Nothing is written.

  python -m sim.law [--config-dir folder] [key=value ...]        (groups and values as in python -m sim)
  python -m sim.law --config-dir my group=donor_funded rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]

Gifts, shares and elasticity are those of a few runs without the switch, in the main window of the report."""
_HEAD = [
    "rail",
    "link",
    "freezable",
    "gifts/week",
    "cashed/week",
    "of income",
    "elasticity",
    "loss",
    "at link 1",
    "from",
]


def main() -> None:
    """Run the command, and exit."""
    attend(lambda: run)


def run(arguments: list[str]) -> int:
    """Do what was typed and return the exit code: 0 done, 2 bad input."""
    line = read(arguments)
    line.errors += [
        f"{one}: allowed are --config-dir and --help" for one in {*line.options} - {"--config-dir", "--help"}
    ]
    try:
        if line.errors:
            raise ConfigurationError(line.errors)
        print(_HELP if "--help" in line.options else _map(line.overrides, line.options.get("--config-dir")))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _map(overrides: list[str], folder: str | None) -> str:
    """Return the map of a scenario without its switch as text."""
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
        lines.append(
            [name, *(f"{value:.2g}" for value in shown), *losses, "-" if math.isnan(least) else f"{least:.2f}"]
        )
        verdict = f"{'matters' if link >= least else 'would matter'} through freezing from link {least:.2f} on"
        verdict += f"; its link is {link:.2g}"
        verdict = "cannot matter through freezing, whatever its link" if math.isnan(least) else verdict
        sentences.append(f"{name}: {f'not used; with all gifts of {largest} it ' * bool(moved)}{verdict}.")
    head = (
        f"Change of attack capacity by what links freeze, no switch; means of {over.words}; margin {100.0 * margin:g}%"
    )
    return "\n".join([folded(head), *aligned(lines, range(1, len(_HEAD))), *map(folded, sentences)])
