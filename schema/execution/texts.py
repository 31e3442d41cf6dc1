"""Levels whose rows come as text, and the list that they are in the end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from models import Base
from resolvers.access.sets import KeySet
from resolvers.batches import Shape, values_as_text
from resolvers.paging import Page, Window
from resolvers.pieces import Pieces, finished
from resolvers.rows import Row
from schema.execution.chunks import Encoded
from schema.execution.levels import Levels, check_there
from schema.execution.plan import Child, NotPlanned, ObjectPlan, TextForm
from schema.execution.steps import Ask, Fork, Steps


class _Found(dict[str, str]):
    """JSON for the keys of parents, which are texts here; null for all others."""

    def __missing__(self, key: str) -> str:
        return "null"


def as_texts(form: TextForm, shape: Shape) -> Shape:
    return replace(shape, columns=form.columns, texts=form.texts)


def page_of_pieces(pieces: Pieces, window: Window, signed: str, cursor_size: int) -> Page:
    """The page, its first and last row; the row beyond it is cut off."""
    more = len(pieces) > window.size
    pieces.cut(window.size)
    return Page(cast(list[Row], pieces.cursors) if pieces else [], signed, more, window.after is not None, cursor_size)


def _numbers(keys: Iterable[str]) -> list[int]:
    """The keys that there are, each once."""
    return [int(key) for key in {*keys} if key]


def _check(form: TextForm, pieces: Pieces) -> None:
    if not pieces.faithful(form.quotes, form.doubtful):
        raise NotPlanned("a value is missing that must be there, or has a sign that stands for something else")


class Texts(Levels):
    """The same levels as text; all of the plan has a form for it."""

    def shape_of(self, child: Child, known: frozenset[KeySet]) -> tuple[Shape, Mapping[str, Any]]:
        shape, values = super().shape_of(child, known)
        return as_texts(child.plan.text, shape), values

    def objects(self, plan: ObjectPlan, rows: Any) -> Steps[Any]:
        """The rows as JSON, each by itself."""
        form = plan.text
        if form is None:
            raise NotPlanned("some of the rows are not for texts")
        if not rows or not plan.children:
            return self.texts(form, rows)
        columns = [set(rows.column(place)) for place in form.places]
        keys = [{*_numbers(found), *((None,) if "" in found else ())} for found in columns]
        fills = [self.fill(plan.model, child, found) for child, found in zip(plan.children, keys, strict=True)]
        *values, _ = yield Fork(fills, partial(_check, form, rows))
        return form.make(rows.pieces, rows.width, *values)

    def texts(self, form: TextForm, rows: Any) -> list[str]:
        if not rows:
            return []
        _check(form, rows)
        return form.make(rows.pieces, rows.width)

    def fill_values(self, child: Child, parents: type[Base], ids: list[Any]) -> Steps[Callable[[Any], Any]]:
        pieces = yield Ask(values_as_text(parents, child.reads.batch.parent), {"keys": ids}, few=True)
        check_there(child, missing=len(pieces) < len(ids))
        values = pieces.column(1)
        found = yield from self.fill_rows(child, _numbers(values), frozenset())
        return _Found(zip(pieces.column(0), map(found, values), strict=True)).__getitem__

    def found(self, rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        return _Found(zip(rows.column(rows.width - 1), made, strict=True) if rows else ()).__getitem__

    def listed(self, keys: list[Any], rows: Any, made: Sequence[Any]) -> Callable[[Any], Any]:
        by_key: dict[str, list[str]] = {key: [] for key in ["", *map(str, keys)]}
        for key, one in zip(rows.column(rows.width - 1) if rows else (), made, strict=True):
            by_key[key].append(one)
        return {key: f"[{','.join(each)}]" for key, each in by_key.items()}.__getitem__


def encoded(texts: Sequence[str]) -> Encoded:
    """The list of them, as it stands in the answer."""
    return Encoded([finished(f"[{','.join(texts)}]")])
