"""What comes of a statement that writes its rows as text (`resolvers.texts`), and JSON made of that.

Nothing is escaped by PostgreSQL: three signs stand for what the values must not be mistaken for. Where a value has one
of them the texts are of no use, and it shows: there are more of them than the form of the rows has.
"""

from collections.abc import Mapping, Sequence
from typing import Any

# A quotation mark of JSON; a null, between two of those; what stands between the pieces of a row and between rows.
QUOTE, NULL, NEXT = "\x01", "\x02", "\x03"


class Pieces:
    """Rows, each of `width` pieces: texts and, after them, keys, where one that is null is empty.

    `row` is the statement's own: all pieces in one text, the number of rows, how many doubtful values are given, and
    the values that the cursors of the first row and of the last one shown are made of, if any are.
    """

    __slots__ = ("ends", "given", "length", "pieces", "read", "whole", "width")

    def __init__(self, row: Sequence[Any], width: int) -> None:
        whole, self.read, given, *ends = row
        self.whole: str = whole or ""
        self.pieces = self.whole.split(NEXT) if self.whole else []
        self.length: int = self.read
        self.width = width
        self.given: int = given or 0
        self.ends = ends

    def __len__(self) -> int:
        return self.length

    def column(self, place: int) -> list[str]:
        return self.pieces[place :: self.width]

    def cut(self, length: int) -> None:
        """Show no more than so many rows."""
        del self.pieces[length * self.width :]
        self.length = min(self.length, length)

    @property
    def cursors(self) -> list[Mapping[str, Any]]:
        """What the cursors of the first and the last row shown are made of."""
        half = len(self.ends) // 2
        return [{f"_c{n}": value for n, value in enumerate(part)} for part in (self.ends[:half], self.ends[half:])]

    def faithful(self, quotes: int, doubtful: int) -> bool:
        """Whether all signs are where the form has them: so many quotes and values that may be null in each row."""
        ends = self.read * self.width - 1 if self.read else 0
        nulls = self.read * doubtful - self.given
        wanted = ((NEXT, ends), (QUOTE, self.read * quotes), (NULL, nulls))
        return all(self.whole.count(sign) == count for sign, count in wanted)


def _escapes() -> dict[str, str]:
    known = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    signs = {sign: known.get(sign, f"\\u{ord(sign):04x}") for sign in map(chr, range(1, 32))}
    # What escapes is escaped first.
    return {"\\": "\\\\", '"': '\\"'} | {sign: escape for sign, escape in signs.items() if sign not in (QUOTE, NULL)}


_ESCAPES = _escapes()


def finished(text: str) -> bytes:
    """JSON: the values escaped, and quotes and nulls put in."""
    for sign, escape in _ESCAPES.items():
        if sign in text:
            text = text.replace(sign, escape)
    found = text.encode()
    if NULL in text:
        found = found.replace(f"{QUOTE}{NULL}{QUOTE}".encode(), b"null")
    return found.replace(QUOTE.encode(), b'"')
