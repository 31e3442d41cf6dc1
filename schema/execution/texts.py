"""Levels whose rows come as text, and the list that they are in the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from models import Base
from resolvers.access.sets import KeySet
from resolvers.batches import Shape, values_as_text
from resolvers.paging import Page, Window
from resolvers.pieces import NULL, QUOTE, Pieces
from resolvers.rows import Row
from schema.execution.chunks import Encoded
from schema.execution.levels import Levels, check_there
from schema.execution.plan import Child, ObjectPlan, TextForm
from schema.execution.steps import Ask, Steps


class _Found(dict[str, str]):
    """JSON for the keys of parents, which are texts here; null for all others."""

    def __missing__(self, key: str) -> str:
        return "null"


def as_texts(form: TextForm, shape: Shape) -> Shape:
    return replace(shape, columns=form.writing.columns, writing=form.writing)


def page_of_pieces(pieces: Pieces, window: Window, signed: str, cursor_size: int) -> Page:
    """The page, its first and last row; the row beyond it is cut off."""
    more = len(pieces) > window.size
    pieces.cut(window.size)
    return Page(cast(list[Row], pieces.cursors) if pieces else [], signed, more, window.after is not None, cursor_size)


def _key(piece: str) -> int | None:
    return int(piece) if piece else None


class Texts(Levels):
    """The same levels as text; all of the plan has a form for it."""

    def shape_of(self, child: Child, known: frozenset[KeySet]) -> tuple[Shape, Mapping[str, Any]]:
        shape, values = super().shape_of(child, known)
        return as_texts(child.plan.form, shape), values

    def objects(self, plan: ObjectPlan, rows: Any) -> Steps[Any]:
        """The rows as JSON, each by itself."""
        form = plan.form
        assert form is not None
        if not rows:
            return []
        keys = [set(map(_key, set(rows.column(place)))) for place in form.places]
        fills = [self.fill(plan.model, child, found) for child, found in zip(plan.children, keys, strict=True)]
        return form.make(rows.pieces, rows.width, *((yield fills) if fills else ()))

    def fill_values(self, child: Child, parents: type[Base], ids: list[Any]) -> Steps[Callable[[Any], Any]]:
        pieces = yield Ask(values_as_text(parents, child.reads.batch.parent), {"keys": ids}, few=True)
        check_there(child, missing=len(pieces) < len(ids))
        values = pieces.column(1)
        found = yield from self.fill_rows(child, list(set(map(_key, set(values))) - {None}), frozenset())
        return _Found(zip(pieces.column(0), map(found, values), strict=True)).__getitem__

    def found(self, rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        return _Found(zip(rows.keys, made, strict=True) if rows else ()).__getitem__

    def listed(self, keys: list[Any], rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        by_key: dict[str, list[str]] = {key: [] for key in ["", *map(str, keys)]}
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
    found = text.encode()
    if NULL in text:
        found = found.replace(f"{QUOTE}{NULL}{QUOTE}".encode(), b"null")
    return found.replace(QUOTE.encode(), b'"')


def encoded(texts: Sequence[str]) -> Encoded:
    """The list of them, as it stands in the answer."""
    return Encoded([finished(f"[{','.join(texts)}]")])
