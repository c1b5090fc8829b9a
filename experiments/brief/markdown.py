"""A user's own paragraphs in Markdown (CommonMark), without raw HTML and without images, for every form of a brief.

Marks of numbers (`experiments.messages.marked`) pass through unchanged.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_KINDS = {"heading_open": "heading", "bullet_list_open": "point", "ordered_list_open": "number"}


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    words: str
    bold: bool = False
    italic: bool = False
    address: str = ""


@dataclass(frozen=True)
class Piece:
    """A paragraph, heading, point or numbered point; ``level`` is that of a heading, or the depth of a list."""

    kind: str
    level: int
    runs: Sequence[Run]


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).disable("image")
    parser.validateLink = lambda url: bool(_ADDRESS.match(url))  # type: ignore[method-assign]
    return parser


def html(words: str) -> str:
    """Return Markdown as HTML that is safe whatever it holds; headings begin at level 2, below the title."""
    tokens = _parser().parse(words)
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return str(_parser().renderer.render(tokens, _parser().options, {}))


def pieces(words: str) -> list[Piece]:
    """Return Markdown as paragraphs with styled runs, for forms that are not HTML."""
    found, lists, heading = list[Piece](), list[str](), 0
    for token in _parser().parse(words):
        kind = _KINDS.get(token.type, "")
        if kind == "heading":
            heading = min(6, int(token.tag[1]) + 1)
        elif kind:
            lists.append(kind)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "heading_close":
            heading = 0
        elif token.type in ("fence", "code_block"):
            found.append(Piece("paragraph", 0, [Run(token.content.rstrip("\n"))]))
        elif token.type == "inline":
            kind = "heading" if heading else lists[-1] if lists else "paragraph"
            found.append(Piece(kind, heading or len(lists), [*_runs(token.children or [])]))
    return found


def _runs(tokens: Sequence[Token]) -> Iterator[Run]:
    style = Run("")
    for token in tokens:
        if token.type.startswith("strong"):
            style = replace(style, bold=token.nesting > 0)
        elif token.type.startswith("em_"):
            style = replace(style, italic=token.nesting > 0)
        elif token.type.startswith("link"):
            style = replace(style, address=str(token.attrGet("href") or ""))
        elif words := " " if token.type == "softbreak" else "\n" if token.type == "hardbreak" else token.content:
            yield replace(style, words=words)


def escaped(words: str) -> str:
    """Return words such that Markdown shows them as they are."""
    return re.sub(r"([\\`*_\[\]<>#~&])", r"\\\1", words)
