"""Levels whose rows come as text, and the list that they are in the end."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from models import Base
from resolvers.access.sets import KeySet
from resolvers.batches import Shape
from resolvers.paging import Page, Window
from resolvers.pieces import NULL, QUOTE, Pieces
from resolvers.rows import Row
from resolvers.statements import Statement
from schema.execution.chunks import Encoded
from schema.execution.levels import Levels
from schema.execution.plan import Child, ObjectPlan, TextForm
from schema.execution.steps import Ask, Steps
from schema.execution.whole import Whole, read_whole


class _Found(dict[str, str]):
    """JSON for the keys of parents, which are texts here; null for all others."""

    def __missing__(self, key: str) -> str:
        return "null"


def as_texts(form: TextForm, shape: Shape) -> Shape:
    return shape.but(columns=form.writing.columns, writing=form.writing)


def page_of_pieces(pieces: Pieces, window: Window, signed: str, cursor_size: int) -> Page:
    """The page, its first and last row; the row beyond it is cut off."""
    more = len(pieces) > window.size
    pieces.cut(window.size)
    return Page(cast(list[Row], pieces.cursors) if pieces else [], signed, more, window.after is not None, cursor_size)


def _keys(column: list[str]) -> set[str | None]:
    """The keys of a level, each once: texts here, of which an empty one stands for none."""
    found: set[str | None] = set(column)
    return found - {""} | {None} if "" in found else found


class Texts(Levels):
    """The same levels as text; all of the plan has a form for it.

    `whole` is what was read of the levels below with the page; None where each is read when it is known for which keys.
    """

    whole: Whole | None = None

    def page(self, plan: ObjectPlan, statement: Statement, values: Mapping[str, Any], *, alone: bool) -> Steps[Pieces]:
        """The rows of a page, and with them what hangs below, if that is not much; `alone` is for `read_whole`."""
        self.whole = yield from read_whole(self, plan, statement, values, alone=alone)
        if self.whole is not None:
            return self.whole.page()
        pieces: Pieces = yield Ask(statement, values)
        return pieces

    def shaped(self, plan: ObjectPlan, shape: Shape) -> Shape:
        assert plan.form is not None
        return as_texts(plan.form, shape)

    def objects(self, plan: ObjectPlan, rows: Any) -> Steps[Any]:
        """The rows as JSON, each by itself."""
        form = plan.form
        assert form is not None
        if not rows:
            return []
        columns = {place: _keys(rows.column(place)) for place in set(form.places)}
        keyed = zip(plan.children, form.places, strict=True)
        fills = [self.fill(plan.model, child, columns[place]) for child, place in keyed]
        return form.make(rows.pieces, rows.width, *((yield fills) if fills else ()))

    def rows_below(self, child: Child, keys: list[str], known: frozenset[KeySet]) -> Steps[Any]:
        if self.whole is not None:
            return self.whole.rows(child, keys)
        return (yield from super().rows_below(child, list(map(int, keys)), known))

    def fill_values(self, child: Child, parents: type[Base], keys: list[str]) -> Steps[Callable[[Any], Any]]:
        """The keys stand in the rows: Python would need longer for the ids than PostgreSQL for a key of each row."""
        return (yield from self.fill_rows(child, keys, self.proven(parents, child.reads.batch)))

    def found(self, rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        return _Found(zip(rows.keys, made, strict=True) if rows else ()).__getitem__

    def listed(self, keys: list[str], rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        by_key: dict[str, list[str]] = {key: [] for key in ["", *keys]}
        for key, one in zip(rows.keys if rows else (), made, strict=True):
            by_key[key].append(one)
        return {key: f"[{','.join(each)}]" for key, each in by_key.items()}.__getitem__


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
    # One character for another: texts have that done in less time than bytes.
    found = text.replace(QUOTE, '"').encode()
    return _with_nulls(found) if NULL in text else found


def _with_nulls(text: bytes) -> bytes:
    """Null in place of its sign and the quotes on either side; to look for all three at once takes twice as long."""
    first, *others, last = text.split(NULL.encode())
    return b"null".join([first[:-1], *[each[1:-1] for each in others], last[1:]])


def encoded(texts: Sequence[str]) -> Encoded:
    """The list of them, as it stands in the answer."""
    return Encoded([finished(f"[{','.join(texts)}]")])
