"""What an audit entry says of a row: its columns, what they were, and what they became."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Numeric

from models import Base


@dataclass(frozen=True)
class Changed:
    """A column and its two values as clients get them: decimals are text without trailing zeros."""

    column: str
    before: Any
    after: Any


def changed(table: str, before: str | None, after: str | None) -> list[Changed]:
    """The columns of a row of `table` that the two JSON objects name, in the order of the table."""
    tables = Base.metadata.tables
    known: Mapping[str, Any] = dict(tables[table].columns) if table in tables else {}
    sides = [_content(known, text) for text in (before, after)]
    order = {name: n for n, name in enumerate(known)}
    names = sorted({name for side in sides for name in side}, key=lambda name: (order.get(name, len(order)), name))
    return [Changed(name, *(side.get(name) for side in sides)) for name in names]


def _content(known: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    content: dict[str, Any] | None = orjson.loads(text) if text else None
    if not content or not text:
        return {}
    decimals = [name for name in content if name in known and isinstance(known[name].type, Numeric)]
    if decimals:
        # As it was written, digit by digit: a float in between would round it.
        exact = json.loads(text, parse_float=Decimal)
        content |= {name: _trimmed(exact[name]) for name in decimals}
    return content


def _trimmed(value: Any) -> Any:
    return f"{Decimal(value).normalize():f}" if isinstance(value, int | Decimal) else value
