"""Displays that need no run: help, the phases of a week, the table of parameters."""

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

from sim.config import CONF, ConfigurationError, groups_in
from sim.config.untrusted_yaml import no_folder
from sim.output.columns import aligned, folded
from sim.output.program import as_started

_HEAD = """\
Runs the default scenario twice on the same random numbers, with and without the switch of 21 June 2020,
prints the outcomes and writes weekly series, a summary, figures and provenance.

  python -m sim [option ...] [key=value ...]        (in a clone also: make sim ARGS="...")

Examples
  python -m sim policy=exchange_kyc rails.monero.traceability=0.05 population.donors=50000 seed=7
  python -m sim policy=[exchange_kyc,channel_takedown] vendor=eager
  python -m sim -m policy=status_quo,channel_takedown 'seed=range(0,10)'
  python -m sim --config-dir my rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]
      with my/rail/mycoin.yaml, a copy of conf/rail/bitcoin.yaml whose first line is  # @package rails.mycoin

Groups (group=option; lists: group=[a,b] or a+b; none: group=[])"""

_TAIL = """\
Single values
  key=value changes one, +key=value adds one, ~key removes one; --parameters lists them all with range and source.

Options
  --ledger              write every gift too, with the truth and what enforcement saw of it (ledger.parquet)
  --no-figures          draw no figures
  --phases              show the phases of a week and what each touches
  --parameters [text]   show every parameter (whose name holds the text) with unit, range, source and grade
  -m                    try every combination of values that are listed with commas or range(from,to): one study,
                        one table (multirun/DATE/TIME/runs.parquet); hydra.sweep.dir=folder chooses another folder, and
                        in one that is there already only what is missing is run; hydra/sweeper=basic instead gives
                        each job a folder of its own
  --config-dir folder   a folder with files of your own: each wins over the packaged file of its name; what is read
                        of it and what is not is said, and config.yaml and provenance.json of a run name its files
  --cfg job             show the configuration instead of running
  hydra.run.dir=folder  where to write; it must not exist yet (default: outputs/DATE/TIME)
  --hydra-help          more options, from Hydra
  --completion shell    print what completes both commands by Tab, in bash or zsh; type
                        eval "$(python -m sim --completion bash)"
  --version             print version, commit and place of this program

Exit codes
  0 done   1 failed, or something could not be written   2 bad input, nothing was run   130 interrupted by Ctrl-C
  141 done, but nobody read all that was printed, as in  ... | head;  the files are whole"""


def show_help(config_dir: str | None) -> int:
    """Print how to call the command, with every group and its options.

    Raises:
        ConfigurationError: if there is no such folder of a user's own.
    """
    if config_dir and (error := no_folder(config_dir)):
        raise ConfigurationError([f"--config-dir {config_dir}: {error}"])
    own = [Path(config_dir)] if config_dir else []
    print(as_started(_HEAD))
    for name, options in groups_in([CONF, *own]).items():
        words = textwrap.fill(", ".join(options), 92, subsequent_indent=" " * 15)
        print(f"  {name:<13}{words}")
    print(f"\n{as_started(_TAIL)}")
    return 0


def show_version() -> int:
    """Print version, commit and place of this program."""
    from sim.output.provenance import version_in_words

    print(version_in_words())
    return 0


def show_completion(arguments: Sequence[str]) -> int:
    """Print the script that completes both commands in a shell.

    Raises:
        ConfigurationError: if another shell is meant.
    """
    from sim.cli.completion import SHELLS, script

    words = [word for one in arguments for word in one.split("=", 1)]
    shell = "".join(words[words.index("--completion") + 1 :][:1])
    if shell not in SHELLS:
        raise ConfigurationError([f"--completion {shell}: allowed is {' or '.join(SHELLS)}"])
    print(script(shell))
    return 0


def show_phases() -> int:
    """Print the phases of a week: number, name, description, inputs and outputs."""
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # nothing is run, so nothing need be compiled
    from sim.phases import table

    print("A week, in order; shocks and policies that begin come before the first phase.\n")
    for number, phase in enumerate(table(), 1):
        first = phase.doc.split(". ")[0].rstrip(".")
        print(f"{number:>3}  {phase.name:<15}{textwrap.fill(first, 100, subsequent_indent=' ' * 20)}.")
        for word, names in (("reads", phase.reads), ("writes", phase.writes)):
            print(f"     {'':<15}{textwrap.fill(f'{word} ' + ', '.join(names), 100, subsequent_indent=' ' * 20)}")
    return 0


def _meant(text: str, name: str, doc: str) -> bool:
    """Return whether a filter matches a parameter: part of its name or description, or its name with a rail for *."""
    parts, stars = text.split("."), name.split(".")
    concrete = len(parts) > 1 and all(star in ("*", part) for part, star in zip(parts, stars, strict=False))
    return text in name or text in doc or (concrete and len(parts) <= len(stars))


def show_parameters(text: str = "") -> int:
    """Print every parameter whose name or description holds a text: unit, range, source, grade."""
    from sim.engine.parameters import table
    from sim.scenario import Scenario

    rows = [row for row in table(Scenario) if _meant(text.lower(), row.name, row.doc.lower())]
    if not rows:
        print(f"No parameter holds {text!r} in its name or description.")
        return 0
    cells = [("parameter", "range", "plausible", "unit", "grade", "source", "meaning")]
    for row in rows:
        span = f"{row.low} to {row.high}" if row.low or row.high else ""
        cells.append((row.name, span, row.plausible, row.unit, row.grade, row.source, row.doc))
    print("\n".join(aligned(cells)))
    grades = "Grades: A, B measured; C judgement; D derived; M from memory; - needs none."
    print(f"\n{folded(f'{len(rows)} parameters. {grades}')}")
    return 0
