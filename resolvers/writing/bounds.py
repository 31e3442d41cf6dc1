"""What a column can hold, checked before the database refuses it without naming the column.

Raises Invalid with the field, the value and the bound.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Enum, Integer, Numeric, SmallInteger, String

from resolvers.errors import Invalid, shown, spelled


def _check_text(name: str, value: str, length: int) -> None:
    if len(value) > length:
        raise Invalid(f"{name}: {shown(value)} has {len(value)} characters, at most {length} are allowed", field=name)


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


def check_bounds(column: "Column[Any]", value: Any) -> None:
    """Refuse a value that the column cannot hold as it is."""
    kind, name = column.type, spelled(column.name)
    if value is None or isinstance(kind, Enum):
        return
    if isinstance(kind, String) and kind.length is not None and isinstance(value, str):
        _check_text(name, value, kind.length)
    elif isinstance(kind, Numeric) and isinstance(value, Decimal | int) and kind.precision is not None:
        _check_number(name, value, kind.precision, kind.scale or 0)
    elif isinstance(kind, Integer) and isinstance(value, int):
        _check_integer(name, value, _bits(kind))


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
