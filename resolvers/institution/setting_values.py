"""What settings may be: every value parses as its type, and those that drive the server have bounds besides."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import available_timezones

import orjson

from models import SettingType
from resolvers.errors import Invalid, shown
from resolvers.people.required_details import DETAILS, NOTHING, REQUIRED
from resolvers.reports.aggregate_groups import AggregateBy
from resolvers.reports.aggregate_statements import CROSSED_BY, FEWEST, SMALLEST_GROUP

LONGEST_KEPT_DAYS = 36_500


@dataclass(frozen=True)
class Form:
    """A pattern that the whole value has; `words` follow the value in the refusal of another one."""

    pattern: str
    words: str

    def check(self, value: str) -> None:
        if re.fullmatch(self.pattern, value) is None:
            raise Invalid(f"value: {shown(value)} {self.words}", field="value")


@dataclass(frozen=True)
class Span:
    """The lowest and the highest number, both inclusive."""

    lowest: int
    highest: int

    def check(self, value: str) -> None:
        if not self.lowest <= Decimal(value) <= self.highest:
            raise Invalid(f"value: {value} is not between {self.lowest} and {self.highest}", field="value")


@dataclass(frozen=True)
class Names:
    """Any of the known names with commas between them, or `nothing` alone."""

    known: frozenset[str]
    nothing: str

    def check(self, value: str) -> None:
        names = [name.strip() for name in value.split(",")]
        unknown = [name for name in names if name not in self.known]
        if unknown and names != [self.nothing]:
            every = ", ".join(sorted(self.known))
            raise Invalid(f"value: {shown(unknown[0])} is neither {self.nothing} nor one of {every}", field="value")


_NUMBER_OF_DAYS = Span(0, LONGEST_KEPT_DAYS)
_MARK = Span(-9999, 9999)
_AGE = Span(0, 100)
_DATE_PART = "(d|dd|M|MM|MMM|MMMM|yy|yyyy)"

# What settings of these keys may be, beside what parses as their types.
BOUNDS: Mapping[str, Form | Names | Span] = {
    "DATE_FORMAT": Form(rf"{_DATE_PART}([-./, ]+{_DATE_PART}){{2}}", "is not a form of days such as dd-MM-yyyy"),
    "LANGUAGE": Form(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "is not a code of a language such as en or en-GB"),
    "SESSION_TIMEOUT_MINUTES": Span(1, 1440),
    "MAX_FILE_UPLOAD_MB": Span(1, 100),
    REQUIRED: Names(DETAILS, NOTHING),
    "MIN_PASSWORD_LENGTH": Span(8, 128),
    "RETENTION_DAYS_ACCESS_LOG": _NUMBER_OF_DAYS,
    "RETENTION_DAYS_ACTIVITY_LOG": _NUMBER_OF_DAYS,
    "RETENTION_DAYS_AUDIT_LOG": _NUMBER_OF_DAYS,
    "RETENTION_DAYS_SESSION": _NUMBER_OF_DAYS,
    "RETENTION_DAYS_IDEMPOTENCY_KEY": _NUMBER_OF_DAYS,
    "MIN_STUDENT_AGE": _AGE,
    "MAX_STUDENT_AGE": _AGE,
    "MIN_NAME_LENGTH": Span(1, 50),
    "WORKING_DAYS_PER_WEEK": Span(1, 7),
    SMALLEST_GROUP: Span(FEWEST, 100),
    CROSSED_BY: Form("|".join(AggregateBy), f"is none of {', '.join(AggregateBy)}"),
    "GRADE_SCALE_MIN": _MARK,
    "GRADE_SCALE_MAX": _MARK,
    "PASS_MARK": _MARK,
    "REPORT_CARD_RANKS": Form("COMPETITION|DENSE|NONE", "is not COMPETITION, DENSE or NONE"),
    "CURRENCY_SYMBOL": Form(r"\S{1,5}", "is not 1 to 5 characters without white space"),
    "TAX_RATE_PERCENT": Span(0, 100),
    "LATE_FEE_GRACE_DAYS": Span(0, 365),
}


def _day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _document(value: str) -> bool:
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return True


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


# How a value of each type is recognised, and what one that is not is not.
_TYPES: Mapping[SettingType, tuple[Callable[[str], bool], str]] = {
    SettingType.STRING: (lambda value: True, "a text"),
    SettingType.INTEGER: (_like(r"-?[0-9]{1,18}"), "a whole number of at most 18 digits"),
    SettingType.DECIMAL: (_like(r"-?[0-9]{1,15}(\.[0-9]{1,4})?"), "a number with at most 4 decimals after a point"),
    SettingType.BOOLEAN: (_like("true|false"), "true or false"),
    SettingType.DATE: (_day, "a day in the form YYYY-MM-DD"),
    SettingType.MONTH: (_like("[1-9]|1[0-2]"), "a month from 1 to 12"),
    SettingType.TIMEZONE: (lambda value: value in available_timezones(), "a time zone such as Asia/Kolkata"),
    SettingType.CURRENCY: (_like("[A-Z]{3}"), "a currency's code of three capital letters"),
    SettingType.JSON: (_document, "a JSON document"),
}


def check_value(key: str, kind: SettingType, value: str) -> None:
    """Raise Invalid unless a value parses as its type, and lies in the bounds that its key has."""
    parses, words = _TYPES[kind]
    if not parses(value):
        raise Invalid(f"value: {shown(value)} is not {words}", field="value")
    if key in BOUNDS:
        BOUNDS[key].check(value)
