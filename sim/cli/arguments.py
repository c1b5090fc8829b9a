"""The arguments of the command: the options that there are, and the reading of a typed line."""

import re
from dataclasses import dataclass, field

from sim.config.shorthand import FLAGS
from sim.engine.text import close

_LONG = {
    "-h": "--help", "-m": "--multirun", "-r": "--run", "-cd": "--config-dir", "-cn": "--config-name",
    "-p": "--package", "-c": "--cfg", "-i": "--info",
}  # fmt: skip
_VALUE = ("--config-dir", "--config-name", "--package", "--cfg", "--completion")
_OPTIONAL = ("--info", "--parameters")
"""Options that may have a value."""
_WORD = re.compile("[^-=][^=]*$")
"""A value that may follow such an option: no other option and no override."""
_ALONE = ("--multirun", "--run", "--resolve", "--hydra-help", "--help", "--version", "--phases", "--plan")
OPTIONS = (*FLAGS, *_ALONE, *_VALUE, *_OPTIONAL, *_LONG)
_OWN_FOLDER = "refused; --config-dir adds a folder of your own"
_COMPLETION = "refused; --completion bash or --completion zsh prints what completes this command"
_REFUSED = {
    "--experimental-rerun": "refused: it would unpickle a file; config.yaml of a run holds all its values",
    "--config-path": _OWN_FOLDER, "-cp": _OWN_FOLDER,
    "--shell-completion": _COMPLETION, "-sc": _COMPLETION,
}  # fmt: skip


@dataclass
class Line:
    """A typed line: overrides, options by their long names with their values ("" without one), and errors."""

    overrides: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def read(arguments: list[str]) -> Line:
    """Read a typed line; options that are unknown, refused, given twice or without a value are errors."""
    line, waiting = Line(), list(arguments)
    while waiting:
        one = waiting.pop(0)
        name, given, value = one.partition("=")
        name = _LONG.get(name, name)
        if one in FLAGS or not one.startswith("-"):
            line.overrides.append(one)
        elif name in _REFUSED:
            line.errors.append(f"{one}: {_REFUSED[name]}")
            del waiting[: not given]
        elif name in _ALONE and not given:
            line.options[name] = ""
        elif name in _VALUE or name in _OPTIONAL:
            follows = waiting[:1] if name in _VALUE else [word for word in waiting[:1] if _WORD.match(word)]
            if follows and not given:
                value = waiting.pop(0)
            if name in _VALUE and not value:
                line.errors.append(f"{one}: needs a value")
            elif name in line.options:
                line.errors.append(f"{name}: is given 2 times; one folder or name at a time")
            line.options[name] = value
        else:
            line.errors.append(f"{one}: unknown option{close(name, OPTIONS) or '; --help lists them'}")
    return line
