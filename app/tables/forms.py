"""Values as a school writes them, and texts that no spreadsheet takes for a formula.

Date       by DATE_FORMAT            Decimal, Float   with the language's decimal sign, no sign between thousands
DateTime   by DATE_FORMAT, with the  Boolean          yes and no in the language
           time of day, in the       JSON             its text
           school's time zone
"""

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from app.tables.words import Words, words_of
from resolvers.institution.conventions import Conventions

_PARTS = re.compile(r"d{1,2}|M{1,4}|y{4}|y{2}")
TIME = "%H:%M:%S"
BETWEEN = "; "
# Spreadsheets take what begins so for a formula, or see what comes after it: =, +, -, @ as ASCII and in full width.
_ACTIVE = re.compile(r"'*(?:[\t\r]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def harmless(text: str) -> str:
    """A text behind an apostrophe where it would be taken for a formula.

    A number is none, whatever its sign. Nothing is lost: what begins with apostrophes before such a text gets one more,
    so that taking one away from it gives back what there was.
    """
    return f"'{text}" if _ACTIVE.match(text) and not _NUMBER.fullmatch(text) else text


def _parts_of_day(day: datetime.date, words: Words) -> Mapping[str, str]:
    return {
        "d": str(day.day),
        "dd": f"{day.day:02}",
        "M": str(day.month),
        "MM": f"{day.month:02}",
        "MMM": words.short_months[day.month - 1],
        "MMMM": words.months[day.month - 1],
        "yy": f"{day.year % 100:02}",
        "yyyy": f"{day.year:04}",
    }


class Forms:
    """How one school writes; `zone` is its time zone, `words` are those of its language where they are given."""

    def __init__(self, conventions: Conventions, zone: ZoneInfo, words: Words | None = None) -> None:
        self.pattern = conventions.date_format
        self.words = words or words_of(conventions.language)
        self.zone = zone
        self._texts: Mapping[str, Callable[[Any], str]] = {
            "Date": lambda value: self.day(datetime.date.fromisoformat(value)),
            "DateTime": lambda value: self.instant(self.local(value)),
            "Decimal": self.number,
            "Float": self.number,
            "Int": str,
            "Boolean": lambda value: self.words.yes if value else self.words.no,
            "JSON": lambda value: harmless(orjson.dumps(value).decode()),
        }

    def text(self, kind: str, value: Any) -> str:
        """A cell's value, as JSON has it, as text; nothing for null."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            # What is dangerous is how a cell begins; a list in one cell is text, also where it has one item.
            return harmless(BETWEEN.join(self.plain(kind, each) for each in value))
        return self._texts[kind](value) if kind in self._texts else harmless(str(value))

    def plain(self, kind: str, value: Any) -> str:
        """The same for a place that takes no text for a formula."""
        if value is None:
            return ""
        if kind == "JSON":
            return orjson.dumps(value).decode()
        return self._texts[kind](value) if kind in self._texts else str(value)

    def day(self, day: datetime.date) -> str:
        parts = _parts_of_day(day, self.words)
        return _PARTS.sub(lambda found: parts[found[0]], self.pattern)

    def local(self, value: str) -> datetime.datetime:
        return datetime.datetime.fromisoformat(value).astimezone(self.zone)

    def instant(self, at: datetime.datetime) -> str:
        return f"{self.day(at.date())} {at:{TIME}}"

    def number(self, value: Any) -> str:
        text = f"{Decimal(value):f}" if isinstance(value, str) else str(value)
        return text.replace(".", self.words.decimal)
