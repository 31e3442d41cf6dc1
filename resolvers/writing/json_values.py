"""Python values as JSON, in the form in which PostgreSQL's `to_jsonb` writes the column's value.

Days are `2026-01-31`, instants `2026-01-31T08:00:00.5+00:00`, decimals are numbers and never floats in between.
"""

import datetime
import decimal
from typing import Any

import orjson


def _instant(value: datetime.datetime) -> str:
    text = value.astimezone(datetime.UTC).isoformat()
    whole, dot, rest = text.partition(".")
    fraction = rest[:6].rstrip("0")
    return f"{whole}{dot}{fraction}{rest[6:]}" if dot else text


def _other(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return _instant(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, str):
        return str(value.value) if hasattr(value, "value") else str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def as_json(value: Any) -> str:
    """A value, or dictionaries and lists of values, as the text of a JSON document."""
    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
    return orjson.dumps(value, default=_other, option=options).decode()
