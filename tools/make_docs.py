# ruff: noqa: E402  # the model is imported once it is known how
"""Write the generated parts of the pages: ``python tools/make_docs.py``.

A page (*.md, docs/*.md) holds ``<!-- made: NAME -->`` and ``<!-- end -->``; the part of that name is written between
them (`tools.parts`, and the `page.py` of each study). Prose that describes rules by hand holds
``<!-- read: sim/FILE.py HASH -->``: the hash of that file, without comments and docstrings, when the prose was last
compared with it.

  python tools/make_docs.py            write the pages
  python tools/make_docs.py --check    write nothing; print what differs and exit with 1
  python tools/make_docs.py --read     the prose has been compared with the code: renew the hashes
  python tools/make_docs.py --run      run the commands between ``<!-- ran: COMMAND -->`` and ``<!-- end -->``, insert
                                       what they print, and renew docs/figures from the default run
"""

import difflib
import hashlib
import importlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # nothing here is worth compiling
    sys.path.insert(0, str(ROOT))

import pandas as pd

from tools import parts

type Part = str | pd.DataFrame | Sequence[Part]
"""Markdown, a table of words and numbers, or some of both, one below the other."""

MADE = re.compile(r"(<!-- made: (?P<name>[^>]+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
RAN = re.compile(r"(<!-- ran: (?P<name>[^>]+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
READ = re.compile(r"<!-- read: (?P<file>\S+) (?P<hash>\S+) -->")
PAGES = ("tools/bench_page.py", "experiments/studies/*/page.py")
"""Modules whose ``page_parts()`` returns parts by name."""


def pages() -> list[Path]:
    """The pages that may hold generated parts."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@cache
def page_parts() -> dict[str, Part]:
    """The parts that the studies offer."""
    found: dict[str, Part] = {}
    for file in sorted(file for pattern in PAGES for file in ROOT.glob(pattern)):
        found |= importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)).page_parts()
    return found


def markdown(part: Part) -> str:
    """A part as Markdown."""
    if isinstance(part, str):
        return part
    return parts.table(part) if isinstance(part, pd.DataFrame) else "\n\n".join(map(markdown, part))


def made(text: str) -> str:
    """A page with every generated part written again.

    Raises:
        KeyError: if no part has the name.
    """

    def part(found: re.Match[str]) -> str:
        name, *arguments = found["name"].split()
        make = parts.parts().get(name)
        new = markdown(make(*arguments) if make else page_parts()[found["name"]])
        return f"{found[1]}\n{new.strip()}\n\n{found[4]}"

    return MADE.sub(part, text)


def unread(text: str) -> list[str]:
    """Files that changed since the prose of a page was last compared with them."""
    return [found["file"] for found in READ.finditer(text) if found["hash"] != hash_of(ROOT / found["file"])]


def read(text: str) -> str:
    """A page whose prose has been compared with the code."""
    return READ.sub(lambda found: f"<!-- read: {found['file']} {hash_of(ROOT / found['file'])} -->", text)


def ran(text: str) -> str:
    """A page with the output of every command that it shows."""
    return RAN.sub(lambda found: f"{found[1]}\n```text\n{_output(found['name'])}\n```\n\n{found[4]}", text)


def _output(command: str) -> str:
    """The output of a command in an empty folder; the default run leaves its figures in docs/figures."""
    words = [sys.executable if word == "python" else word for word in shlex.split(command)]
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    environment["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
        figures = Path(folder).glob("outputs/*/*/figures/1_capacity.png")
        for figure in figures if command == "python -m sim" else ():
            (ROOT / "docs" / "figures").mkdir(exist_ok=True)
            shutil.copy(figure, ROOT / "docs" / "figures")
    return (done.stdout or done.stderr).strip()


def hash_of(path: Path) -> str:
    """Hash of a file's code: comments, docstrings and line breaks do not count."""
    words, before = [], tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL):
            continue
        starts = before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            words.append(tokenize.tok_name[token.type])
        elif token.type not in (tokenize.NEWLINE, tokenize.ENDMARKER) and not (
            token.type == tokenize.STRING and starts
        ):
            words.append(token.string)
        before = token.type
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def main(arguments: list[str]) -> int:
    """Write or check the pages; returns the exit code."""
    if set(arguments) - {"--check", "--read", "--run"}:
        print(__doc__)
        return 2
    check, errors = "--check" in arguments, 0
    for path in pages():
        name, old = path.relative_to(ROOT), path.read_text(encoding="utf-8")
        new = made(read(old) if "--read" in arguments and not check else old)
        if "--run" in arguments and not check:
            new = ran(new)
        for file in unread(new):
            print(f"{name}: {file} changed since the prose about it was compared with it; compare, then --read")
            errors += 1
        if check and new != old:
            print("".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(name), "the code", n=0)))
            errors += 1
        elif new != old:
            path.write_text(new, encoding="utf-8")
            print(f"{name}: written")
    if check and errors:
        print("The pages differ from the code: python tools/make_docs.py")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
