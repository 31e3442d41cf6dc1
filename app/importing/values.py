"""What may stand in a cell: each kind says how its text becomes a value and how PostgreSQL holds it while staged.

A parser raises Refused where the cell is wrong, and Doubtful where it can be passed over with a warning.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

Parser = Callable[[str], Any]

DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE | re.ASCII)
NUMBER = re.compile(r"-?(\d{1,9})(\.\d+)?", re.ASCII)
PHONE = re.compile(r"[0-9+() -]{5,20}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FIRST_YEAR, LAST_YEAR = 1900, 2199
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Refused(Exception):
    """The cell is wrong: `code` and the reason of the diagnostic."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Doubtful(Refused):
    """The cell is odd, and `value` is taken in its place."""

    def __init__(self, code: str, reason: str, value: Any = None) -> None:
        super().__init__(code, reason)
        self.value = value


@dataclass(frozen=True)
class Kind:
    """`sql` is the type of the staging column; `parse` is never called with an empty cell."""

    sql: str
    parse: Parser


def maximum(column: "InstrumentedAttribute[Any]") -> int:
    """How many characters the model's column holds."""
    return int(column.property.columns[0].type.length)


def text(limit: int) -> Kind:
    def parse(cell: str) -> str:
        if len(cell) > limit:
            raise Refused("too_long", f"has {len(cell):,} characters; at most {limit:,} fit")
        return cell

    return Kind("text", parse)


def text_of(column: "InstrumentedAttribute[Any]") -> Kind:
    return text(maximum(column))


def _day(cell: str) -> datetime.date:
    given = INSTANT.fullmatch(cell)
    match = DAY.fullmatch(given.group(1) if given else cell)
    if match is None:
        raise Refused("date", "is not a date written YYYY-MM-DD")
    year, month, day = map(int, match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("date", f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise Refused("date", "is no day of the calendar") from None


# Of an instant the day counts as it is written: a due date does not move with the time zone.
DATE = Kind("date", _day)


def _boolean(cell: str) -> bool:
    try:
        return BOOLEANS[cell.lower()]
    except KeyError:
        raise Refused("boolean", "is neither true nor false") from None


BOOLEAN = Kind("boolean", _boolean)


def number(*, lowest: Decimal | None = None, whole_digits: int = 5, places: int = 4) -> Kind:
    """A plain decimal that numeric(whole_digits + places, places) holds exactly."""

    def parse(cell: str) -> Decimal:
        match = NUMBER.fullmatch(cell)
        if match is None:
            raise Refused("number", "is no number written like 12 or 12.5")
        value = Decimal(cell)
        if len(match.group(1).lstrip("0")) > whole_digits:
            raise Refused("number", f"has more than {whole_digits} digits before the point")
        if value != round(value, places):
            raise Refused("number", f"has more than {places} decimals")
        if lowest is not None and value < lowest:
            raise Refused("number", f"is below {lowest}")
        return value

    return Kind("numeric", parse)


def _integer(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", cell):
        raise Refused("number", "is no whole number")
    return int(cell)


INTEGER = Kind("integer", _integer)


def key_of(cell: str) -> str:
    """How a name of a list of values is compared: `fullyGraded`, `fully graded` and `FULLY_GRADED` are one."""
    return re.sub(r"[\s_-]", "", cell).lower()


def choice(values: Mapping[str, str], *, extension: str | None, others: bool = False) -> Kind:
    """One of a closed list. `ext:…` (and with `others` any unknown word) becomes `extension`, with a warning."""
    known = {key_of(name): value for name, value in values.items()}

    def parse(cell: str) -> str | None:
        found = known.get(key_of(cell))
        if found is not None:
            return found
        if cell.lower().startswith("ext:") or others:
            raise Doubtful("extension_value", f"is an extension; taken as {extension or 'not given'}", extension)
        raise Refused("enum", f"is none of {', '.join(values)}")

    return Kind("text", parse)


def items(kind: Kind) -> Kind:
    """A list with commas, as in `"t1,t2"`; empty items are passed over."""

    def parse(cell: str) -> list[Any]:
        found: list[Any] = []
        doubt: Doubtful | None = None
        for item in filter(None, (item.strip() for item in cell.split(","))):
            try:
                found.append(kind.parse(item))
            except Doubtful as fault:
                doubt = fault
                found += [] if fault.value is None else [fault.value]
        if doubt is not None:
            raise Doubtful(doubt.code, str(doubt), found)
        return found

    return Kind(f"{kind.sql}[]", parse)


def _phone(cell: str) -> str:
    if len(cell) > 20:
        raise Refused("too_long", f"has {len(cell):,} characters; at most 20 fit")
    if not PHONE.fullmatch(cell):
        raise Doubtful("format", "is no phone number (digits, blanks, + ( ) -), and is left out")
    return cell


PHONE_NUMBER = Kind("text", _phone)


def email(limit: int) -> Kind:
    def parse(cell: str) -> str:
        if len(cell) > limit:
            raise Refused("too_long", f"has {len(cell):,} characters; at most {limit:,} fit")
        if not EMAIL.fullmatch(cell):
            raise Doubtful("format", "is no e-mail address, and is left out")
        return cell

    return Kind("text", parse)


def _grade(cell: str) -> str:
    if len(cell) > 20:
        raise Refused("too_long", f"has {len(cell)} characters; at most 20 fit")
    return cell.lstrip("0") or "0" if cell.isascii() and cell.isdecimal() else cell.upper()


# Some systems write level 9 as 09.
GRADE = Kind("text", _grade)


def _identifier(cell: str) -> str:
    """`{type:id}`, one of a user's identifiers in other systems."""
    system, colon, value = cell.strip("{}").partition(":")
    if not (colon and system.strip() and value.strip()):
        raise Doubtful("format", "is not written {type:id}, and is left out")
    if len(system) > 100 or len(value) > 255:
        raise Refused("too_long", "an identifier has at most 100 characters of type and 255 of value")
    return f"{system.strip()}:{value.strip()}"


IDENTIFIERS = items(Kind("text", _identifier))
SOURCED_ID = text(255)
SOURCED_IDS = items(SOURCED_ID)
