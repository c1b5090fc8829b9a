"""Tables as text: columns side by side; on a terminal that is narrower, one block below the other."""

import shutil
import sys
import textwrap
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

type Lines = Sequence[Sequence[str]]
"""Lines of cells, the heads first."""

_GAP = "  "
_PAGE = 30  # rows of a table in blocks before its next columns come: the cells of one row stay together
_LEAST = 8  # characters of a key column; where several would get fewer, rows are numbered instead


def terminal_width() -> int | None:
    """Return how many characters a line of the terminal holds; None where there is none (a pipe, a file)."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def folded(text: str) -> str:
    """Return a sentence in lines that the terminal holds; as it is where there is none."""
    width = terminal_width()
    return text if width is None else textwrap.fill(text, width)


def aligned(lines: Lines, right: Collection[int] = (), keys: int = 1) -> list[str]:
    """Return lines of words in columns, to the left but for those named.

    On a terminal that is narrower than the table its columns come in blocks, each after the first ``keys`` columns,
    and longer text is folded, so that nothing is left out. Elsewhere the table is as wide as it is.
    """
    width = terminal_width()
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if width is None or _total(widths) <= width:
        return [_joined(line, widths, right, range(len(widths))) for line in lines]
    if keys > 1 and keys * (_LEAST + len(_GAP)) > width // 2:
        lines, right = [(str(row or ""), *line) for row, line in enumerate(lines)], [one + 1 for one in right]
        widths, keys = [len(str(len(lines))), *widths], 1
    fits = [_fitted(widths, keys, width, room) for room in (width // 3, width // 2, 2 * width // 3)]
    tables = [_in_blocks(lines, one, right, keys, width) for one in fits]
    _, _, best = min((_cut(lines, one), len(table), table) for one, table in zip(fits, tables, strict=True))
    return best  # it cuts fewest words, then takes fewest lines


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _fitted(widths: Sequence[int], keys: int, width: int, room: int) -> list[int]:
    """Return widths that leave the keys only some room of a line, and let any other column stand beside them."""
    left = list(widths[:keys])
    while _total(left) > room and max(left) > 1:
        left[left.index(max(left))] -= 1
    return [*left, *(max(1, min(one, width - _total(left) - len(_GAP))) for one in widths[keys:])]


def _cut(lines: Lines, widths: Sequence[int]) -> int:
    cells = ((cell, fit) for line in lines for cell, fit in zip(line, widths, strict=True))
    return sum(len(word) > fit for cell, fit in cells for word in cell.split())


def _in_blocks(lines: Lines, widths: list[int], right: Collection[int], keys: int, width: int) -> list[str]:
    """Return a table in blocks of columns, one below the other, a page of rows at a time."""
    blocks, text = list(_blocks(widths, keys, width)), list[str]()
    for first in range(1, max(2, len(lines)), _PAGE):
        for block in blocks:
            text += [""] if text else []
            for line in (lines[0], *lines[first : first + _PAGE]):
                cells = [textwrap.wrap(line[place], widths[place]) or [""] for place in block]
                text += [_joined(row, widths, right, block) for row in zip_longest(*cells, fillvalue="")]
    return text


def _blocks(widths: Sequence[int], keys: int, width: int) -> Iterator[list[int]]:
    block = list(range(keys))
    for place in range(keys, len(widths)):
        if len(block) > keys and _total([widths[one] for one in (*block, place)]) > width:
            yield block
            block = list(range(keys))
        block.append(place)
    yield block


def _joined(cells: Sequence[str], widths: Sequence[int], right: Collection[int], block: Sequence[int]) -> str:
    sides = [str.rjust if one in right else str.ljust for one in block]
    return _GAP.join(side(cell, widths[one]) for side, one, cell in zip(sides, block, cells, strict=True)).rstrip()
