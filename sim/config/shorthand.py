"""Translation of arguments for Hydra: flags of the project, short names, mixes as in tables, any script."""

import re
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import MIXED, NOTHING, RULES
from sim.config.untrusted_yaml import NO_TEXT

if TYPE_CHECKING:
    from hydra.core.override_parser import types

type Override = types.Override
"""An override as Hydra reads it; Hydra is imported only where one is read."""
_SHORT = re.compile(r"^(\+{0,2}rails\.[^.=]+\.traceability)=(?!\s*(?:\{|null\s*$|\$\{))(.*)$", re.DOTALL)
_CHOICE = re.compile(rf"^\+{{0,2}}({'|'.join((*MIXED, RULES))})=", re.DOTALL)
_AS_IT_IS = r"""glob\([^)]*\)|\[[^\]]*\]|'[^']*'|"[^"]*"|\$\{[^}]*\}"""
_MIX = re.compile(rf"{_AS_IT_IS}|(?P<mix>[\w.-]+(?:\+[\w.-]+)+)|(?P<none>(?<![\w.-]){NOTHING}(?![\w.-]))")
FLAGS = {"--ledger": "ledger=true", "--no-figures": "figures=false"}
"""Flags that abbreviate an override, so that a sweep understands them too."""
_PATHS = ("hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir")
"""Keys whose value is one word, with any characters."""

_KEY = re.compile(r"[+~]{0,2}[\w$.@:/-]*", re.ASCII)
_ESCAPED = r"\\([\\()\[\]{}:=, \t])"
_UNIT = rf"\$\{{[^}}]+\}}|{_ESCAPED}"  # a reference or an escaped character, always part of a word
_LETTERS = r"\w/\-\\+.$%*@?|: \t"  # words that Hydra reads without quotes
_WORD = re.compile(rf"(?:{_UNIT}|[{_LETTERS}])*", re.ASCII)
_EASY = re.compile(rf"[{_LETTERS},()\[\]{{}}]*", re.ASCII)
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_PARTS = {
    within: re.compile(
        rf"(?P<quoted>\s*(?:{_QUOTED.pattern})(?=\s*(?:[,:()\[\]{{}}]|$)))"
        rf"|(?P<sign>[,()\[\]{{}}{more}])|(?P<word>(?:{_UNIT}|[^,()\[\]{{}}{more}])+)",
        re.DOTALL,
    )
    for within, more in {"": "", "[": "", "(": "=", "{": ":"}.items()
}
"""Parts of a value: words, words in quotes, and signs; = is one in a function, : in a mapping."""


def rewritten(argument: str) -> str:
    """Return arguments as Hydra reads them, with flags as overrides.

    ``rails.monero.traceability=0.05`` sets the link and leaves the rest. ``policy=a+b`` is the list ``[a,b]`` and
    ``shock=nothing`` the empty one, as tables write them. A word that Hydra reads only in quotes receives them:
    ``hydra.run.dir=/data/müller``.
    """
    if argument in FLAGS:
        return FLAGS[argument]
    if choice := _CHOICE.match(argument):
        none = "[]" if choice[1] != "policy" else NOTHING  # of policies that is the status quo

        def listed(found: re.Match[str]) -> str:
            if found["none"]:
                return none
            return f"[{found['mix'].replace('+', ',')}]" if found["mix"] else found[0]

        argument = choice[0] + _MIX.sub(listed, argument[choice.end() :])
    key, sign, value = _SHORT.sub(r"\1.link=\2", argument).partition("=")
    if key.lstrip("+") in _PATHS and not _QUOTED.fullmatch(value.strip()):
        return f"{key}{sign}{_readable(value)}"
    return f"{key}{sign}{value if _EASY.fullmatch(value) else _with_quotes(value)}"


def _with_quotes(value: str) -> str:
    """Return a value whose words have quotes where they need them; lists, mappings and functions stay as they are."""
    done, within, place = "", [""], 0
    while found := _PARTS[within[-1]].match(value, place):
        part, place = found[0], found.end()
        if part in ("(", "[", "{"):
            within.append(part)
        elif part in (")", "]", "}") and len(within) > 1:
            within.pop()
        unclosed = part.lstrip()[:1] in ("'", '"')
        done += _readable(part) if found.lastgroup == "word" and not unclosed else part
    return done


def _readable(word: str) -> str:
    inner = word.strip(" \t")
    if _WORD.fullmatch(inner) or NO_TEXT.search(inner):
        return word
    return quoted(re.sub(_ESCAPED, r"\1", inner))


def quoted(text: str, double: bool = False) -> str:
    """Return a text in quotes, as Hydra reads it."""
    from hydra.core.override_parser.types import Quote, QuotedString

    return QuotedString(text, Quote.double if double else Quote.single).with_quotes()


def unreadable(typed: str) -> str:
    """Return the argument that Hydra cannot read, the reason, and the form that works."""
    key, sign, value = typed.partition("=")
    known = _KEY.match(key)
    strange = key[known.end() if known else 0 :][:1]
    if NO_TEXT.search(typed):
        why = "it holds bytes that are no text (UTF-8)"
    elif strange:
        why = f"no key holds {strange}; names are made of a-z, A-Z, 0-9, _ and -"
    elif not sign or not key:
        why = "write key=value"
    else:
        word = value.strip().strip("'\"")
        form = shlex.quote(f"{key}={quoted(word, double=True)}")
        why = f"brackets and quotes must come in pairs; if {word} is one word, write {form}"
    return f"{typed}: cannot be read; {why}"


def written(value: Any) -> str:
    """Return a value in a form that can be typed and that Hydra reads as the same value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{written(name)}:{written(inner)}' for name, inner in value.items())}}}"
    text = str(value)
    return text if not isinstance(value, str) or _is_itself(text) else quoted(text)


@lru_cache(4096)
def parse(line: str) -> Override:
    """Return an override as Hydra reads it.

    Raises:
        HydraException: if it cannot be read.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    return OverridesParser.create().parse_override(line)


def _is_itself(text: str) -> bool:  # and neither a number nor several values
    from hydra.errors import HydraException

    try:
        return bool(parse(f"key=[{text}]").value() == [text])
    except HydraException:
        return False
