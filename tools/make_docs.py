# ruff: noqa: E402  # the model is imported once it is known how
"""Write the generated parts of the pages: ``python tools/make_docs.py``.

A page (*.md, docs/**/*.md) holds ``<!-- made: NAME -->`` and ``<!-- end -->``; the part of that name is written between
them (`tools.parts`, and the `page.py` of each study). ``<!-- quote: NAME: WORDS -->`` holds the lines of a study's part
that contain these words, so that a second page can say nothing else. Prose that describes rules by hand holds
``<!-- read: sim/FILE.py HASH -->``: the hash of that file, without comments and docstrings, when the prose was last
compared with it.

  python tools/make_docs.py            write the pages
  python tools/make_docs.py --check    write nothing; print what differs and exit with 1
  python tools/make_docs.py --read     the prose has been compared with the code: renew the hashes
  python tools/make_docs.py --run      run the commands between ``<!-- ran: COMMAND -->`` and ``<!-- end -->``, insert
                                       what they print, and renew what docs/figures has of these runs
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
QUOTE = re.compile(r"(<!-- quote: (?P<name>[^:>]+): (?P<words>[^>]+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
RAN = re.compile(r"(<!-- ran: (?P<name>[^>]+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
READ = re.compile(r"<!-- read: (?P<file>\S+) (?P<hash>\S+) -->")
PAGES = ("tools/bench_page.py", "experiments/studies/*/page.py")
"""Modules whose ``page_parts()`` returns parts by name."""
FIGURES = {
    "python -m sim": "outputs/*/*/figures/1_capacity.png",
    "python -m experiments": "results/headline/figures/switch.png",
}
"""What docs/figures has of the runs that pages show."""


def pages() -> list[Path]:
    """The pages that may hold generated parts."""
    found = (page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts)
    return [*sorted(ROOT.glob("*.md")), *sorted(found)]


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

    return QUOTE.sub(_quoted, MADE.sub(part, text))


def _quoted(found: re.Match[str]) -> str:
    """The lines of a part that contain some words: rows of a table with its head, sentences as a list.

    Raises:
        KeyError: if no study has the part, or none of its lines the words.
    """
    lines = re.split(r"\n\n|\n(?=[-|A-Z])", markdown(page_parts()[found["name"]]))
    chosen = [" ".join(line.split()) for line in lines if found["words"] in line]
    if not chosen:
        raise KeyError(f"{found['name']}: no line contains {found['words']!r}")
    if chosen[0].startswith("|"):
        chosen = [line for line in lines if line.startswith("|")][:2] + chosen
    else:
        chosen = [f"- {line.removeprefix('- ')}" for line in chosen]
    return f"{found[1]}\n{'\n'.join(chosen)}\n\n{found[5]}"


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
    """The output of a command in an empty folder; some figures are left in docs/figures."""
    words = [sys.executable if word == "python" else word for word in shlex.split(command)]
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    environment["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
        for figure in Path(folder).glob(FIGURES[command]) if command in FIGURES else ():
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
