"""What a column can hold, checked before the database refuses it without naming the column.

Raises Invalid with the field, the value and the bound.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import BigInteger, Column, Enum, Integer, Numeric, SmallInteger, String

from resolvers.errors import Invalid, shown, spelled


def _text_bound(name: str, length: int) -> Callable[[Any], None]:
    # One call a value: files of thousands of rows consist of texts.
    def refuse(value: Any) -> None:
        if isinstance(value, str) and len(value) > length:
            words = f"has {len(value)} characters, at most {length} are allowed"
            raise Invalid(f"{name}: {shown(value)} {words}", field=name)

    return refuse


def _check_number(name: str, value: Decimal | int, precision: int, scale: int) -> None:
    number = Decimal(value)
    bound = Decimal(10) ** (precision - scale)
    if abs(number) >= bound:
        raise Invalid(f"{name}: {value} is not between -{bound} and {bound}, both excluded", field=name)
    if number != round(number, scale):
        raise Invalid(f"{name}: {value} has more than {scale} decimals", field=name)


def _check_integer(name: str, value: int, bits: int) -> None:
    bound = 2 ** (bits - 1)
    if not -bound <= value < bound:
        raise Invalid(f"{name}: {value} is not between {-bound} and {bound - 1}", field=name)


def _bits(kind: Integer) -> int:
    if isinstance(kind, SmallInteger):
        return 16
    return 64 if isinstance(kind, BigInteger) else 32


@lru_cache(maxsize=4096)
def bound_of(column: "Column[Any]") -> Callable[[Any], None] | None:
    """What refuses a value that the column cannot hold as it is; None where it holds all that it is given."""
    kind, name = column.type, spelled(column.name)
    if isinstance(kind, Enum):
        return None
    if isinstance(kind, String) and kind.length is not None:
        return _text_bound(name, kind.length)
    if isinstance(kind, Numeric) and kind.precision is not None:
        return _bound(Decimal | int, partial(_check_number, name, precision=kind.precision, scale=kind.scale or 0))
    return _bound(int, partial(_check_integer, name, bits=_bits(kind))) if isinstance(kind, Integer) else None


def _bound(kind: Any, check: Callable[[Any], None]) -> Callable[[Any], None]:
    def refuse(value: Any) -> None:
        if isinstance(value, kind):
            check(value)

    return refuse


def check_bounds(column: "Column[Any]", value: Any) -> None:
    """Refuse a value that the column cannot hold as it is."""
    bound = bound_of(column)
    if bound is not None:
        bound(value)


def told_bound(column: "Column[Any]") -> str:
    """What clients read about the bound of a column, as a sentence after others; empty where there is none."""
    kind = column.type
    if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length is not None:
        return f" At most {kind.length} characters."
    return f" At most {kind.scale} decimals." if isinstance(kind, Numeric) else ""


def told_default(column: "Column[Any]") -> str:
    """What clients read about the value of a column that is left out."""
    default: Any = column.server_default
    if default is None:
        return ""
    return f" Left out: {str(getattr(default.arg, 'text', default.arg)).strip(chr(39)) or 'empty'}."


def may_be_empty(column: "Column[Any]") -> bool:
    """Whether an empty text is a value of the column: it is where it is what is left out."""
    default: Any = column.server_default
    return default is not None and default.arg == ""
