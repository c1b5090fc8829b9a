"""From what a user types to what Hydra understands: flags of our own, short names of parameters, mixes as in tables."""

import re
from typing import Any

from sim.configuration.folder import MIXED, NOTHING

_SHORT = re.compile(r"^(\+{0,2}rails\.[^.=]+\.traceability)=(?!\s*(?:\{|null\s*$|\$\{))(.*)$", re.DOTALL)
_CHOICE = re.compile(rf"^\+{{0,2}}({'|'.join(MIXED)})=", re.DOTALL)
_AS_IT_IS = r"""glob\([^)]*\)|\[[^\]]*\]|'[^']*'|"[^"]*"|\$\{[^}]*\}"""
_MIX = re.compile(rf"{_AS_IT_IS}|(?P<mix>[\w.-]+(?:\+[\w.-]+)+)|(?P<none>(?<![\w.-]){NOTHING}(?![\w.-]))")
FLAGS = {"--ledger": "ledger=true", "--no-figures": "figures=false"}
"""Flags that stand for an override, so that a sweep understands them too."""


def rewritten(argument: str) -> str:
    """The override that Hydra reads.

    ``rails.monero.traceability=0.05`` sets the link and leaves the rest; flags become overrides; ``policy=a+b`` is the
    list ``[a,b]`` and ``shock=nothing`` the empty one, as tables write them.
    """
    if argument in FLAGS:
        return FLAGS[argument]
    if choice := _CHOICE.match(argument):
        none = "[]" if choice[1] != "policy" else NOTHING  # of policies that is the status quo
        return choice[0] + _MIX.sub(lambda found: _listed(found, none), argument[choice.end() :])
    return _SHORT.sub(r"\1.link=\2", argument)


def _listed(found: re.Match[str], none: str) -> str:
    return f"[{found['mix'].replace('+', ',')}]" if found["mix"] else none if found["none"] else found[0]


def as_typed(arguments: list[str]) -> dict[str, str]:
    """For each key that Hydra sees, the argument as the user typed it."""
    typed = {}
    for argument in arguments:
        seen = rewritten(argument)
        typed[seen.split("=", 1)[0].lstrip("+~")] = argument
    return typed


def written(value: Any) -> str:
    """A value as one can type it: what Hydra reads from it is that value again."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{written(name)}:{written(inner)}' for name, inner in value.items())}}}"
    text = str(value)
    return text if not isinstance(value, str) or _is_itself(text) else _quoted(text)


def _is_itself(text: str) -> bool:
    """Whether Hydra takes a text for itself, and neither for a number nor for several values."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return OverridesParser.create().parse_override(f"key=[{text}]").value() == [text]
    except HydraException:
        return False


def _quoted(text: str) -> str:
    """A text in quotes; backslashes count as such only before a quote."""
    return "'" + re.sub(r"(\\*)('|$)", lambda found: found[1] * 2 + ("\\'" if found[2] else ""), text) + "'"
