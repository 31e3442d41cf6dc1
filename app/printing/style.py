"""How a school writes days and numbers on what it prints: in its language, and by its setting DATE_FORMAT."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from app.printing.words import Words
from app.tables import words as tables
from app.tables.forms import Forms
from resolvers.institution.conventions import Conventions

NOTHING = "\N{EN DASH}"
# Days have none; instants are not printed.
ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Style:
    """Writes as exported tables do, but with the words of the printed report."""

    words: Words
    date_format: str

    @cached_property
    def forms(self) -> Forms:
        words = self.words
        given = tables.Words(words.decimal_mark, words.yes, words.no, words.months, words.short_months)
        return Forms(Conventions(self.date_format, words.language), ZONE, given)

    def day(self, day: datetime.date | str) -> str:
        """A day, given as such or as `2025-06-01`."""
        return self.forms.day(datetime.date.fromisoformat(day) if isinstance(day, str) else day)

    def month(self, day: datetime.date) -> str:
        return f"{self.words.short_months[day.month - 1]} {day.year}"

    def number(self, value: str | int | None) -> str:
        """A figure as the API gives it, `83.38`, with the language's decimal mark; a dash for none."""
        return NOTHING if value is None else self.forms.number(value)

    def fixed(self, value: str | None, decimals: int) -> str:
        """The same with as many decimals as its scale has, so that figures stand under each other."""
        return NOTHING if value is None else self.number(f"{Decimal(value):.{decimals}f}")

    def percent(self, value: str | None) -> str:
        return NOTHING if value is None else f"{self.number(value)}\N{NO-BREAK SPACE}%"
