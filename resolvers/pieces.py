"""What comes of a statement that writes its rows as text (`resolvers.texts`).

Nothing is escaped by PostgreSQL: three signs stand for what the values must not be mistaken for. Where a value has one
of them there are more than the rows' layout has, and the text is of no use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A quotation mark of JSON; a null, between two of those; what stands between the pieces of a row and between rows.
QUOTE, NULL, NEXT = "\x01", "\x02", "\x03"
_COUNTED = f"{QUOTE}{NULL}".encode()


class Unclear(Exception):
    """A value has a sign that stands for something else, or is missing where one must be."""


@dataclass(frozen=True)
class Layout:
    """What each row has: pieces, quotes in them, values that may be NULL, and such as must be there."""

    width: int
    quotes: int
    doubtful: int
    required: int


class Pieces:
    """Rows as pieces: first their texts and then keys, where one that is null is empty.

    `row` is the statement's own: all pieces in one text, the number of rows, how many of the doubtful and of the
    required values are given, and the values that the cursors of the first row and of the last one shown are made of,
    if any are. Raises Unclear.
    """

    __slots__ = ("ends", "length", "pieces", "width")

    def __init__(self, row: Sequence[Any], layout: Layout) -> None:
        whole, rows, given, there, *self.ends = row
        self.length: int = rows
        self.width = layout.width
        self.pieces: list[str] = [] if whole is None else whole.split(NEXT)
        if len(self.pieces) != rows * layout.width or (there or 0) != rows * layout.required:
            raise Unclear("pieces")
        nulls = rows * layout.doubtful - (given or 0)
        # No row is left out and each value is counted, so that a sign in a value makes one too many.
        if whole and _signs(whole) != rows * layout.quotes + nulls:
            raise Unclear("signs")

    def __len__(self) -> int:
        return self.length

    def column(self, place: int) -> list[str]:
        return self.pieces[place :: self.width]

    @property
    def keys(self) -> list[str]:
        """The last piece of each row: the key that it was found by."""
        return self.column(self.width - 1)

    def cut(self, length: int) -> None:
        """Keep no more than so many rows."""
        del self.pieces[length * self.width :]
        self.length = min(self.length, length)

    @property
    def cursors(self) -> list[Mapping[str, Any]]:
        """What the cursors of the first and the last row shown are made of."""
        half = len(self.ends) // 2
        return [{f"_c{n}": value for n, value in enumerate(part)} for part in (self.ends[:half], self.ends[half:])]


def _signs(text: str) -> int:
    """How many quotes and nulls are in it."""
    if not text.isascii():
        return text.count(QUOTE) + text.count(NULL)
    # One pass for both; to encode other texts would take longer than the second.
    found = text.encode()
    return len(found) - len(found.translate(None, _COUNTED))
