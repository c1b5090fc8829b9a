"""From what a user types to what Hydra understands: flags of our own, and short names of parameters."""

import re

_SHORT = re.compile(r"^(\+{0,2}rails\.[^.=]+\.traceability)=(?!\s*(?:\{|null\s*$|\$\{))(.*)$", re.DOTALL)
FLAGS = {"--ledger": "ledger=true", "--no-figures": "figures=false"}
"""Flags that stand for an override, so that a sweep understands them too."""


def rewritten(argument: str) -> str:
    """``rails.monero.traceability=0.05`` sets the link and leaves the rest; flags become overrides."""
    if argument in FLAGS:
        return FLAGS[argument]
    return _SHORT.sub(r"\1.link=\2", argument)


def as_typed(arguments: list[str]) -> dict[str, str]:
    """For each key that Hydra sees, the argument as the user typed it."""
    typed = {}
    for argument in arguments:
        seen = rewritten(argument)
        typed[seen.split("=", 1)[0].lstrip("+~")] = argument
    return typed
