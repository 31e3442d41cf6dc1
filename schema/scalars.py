"""Scalars beyond GraphQL's own, each with where its form is specified."""

import datetime
import decimal
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from resolvers.upload import Upload

JSON = NewType("JSON", object)


# Of a decimal number, before and after the point: more than any column holds, and little enough to write out.
DIGITS = 50


def _parse_decimal(value: Any) -> decimal.Decimal:
    try:
        number = decimal.Decimal(value if isinstance(value, str) else str(value))
    except (decimal.InvalidOperation, ValueError):
        raise GraphQLError(f"{_short(repr(value))} is not a decimal number") from None
    if not number.is_finite():
        raise GraphQLError(f"{value!r} is not a finite decimal number")
    exponent = number.as_tuple().exponent
    if number.adjusted() >= DIGITS or not isinstance(exponent, int) or not -DIGITS <= exponent < DIGITS:
        raise GraphQLError(f"{_short(repr(value))} has more than {DIGITS} digits before or after the point")
    return number


def _short(text: str) -> str:
    return text if len(text) <= DIGITS else f"{text[:DIGITS]}…"


def _parse_date(value: Any) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    # The standard library reads other forms of ISO 8601 too.
    if day is None or day.isoformat() != value:
        raise GraphQLError(f"{value!r} is not a day in the form YYYY-MM-DD")
    return day


def _parse_instant(value: Any) -> datetime.datetime:
    try:
        instant = datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError(f"{value!r} is not an instant in the form 2026-01-31T08:00:00Z") from None
    if instant.tzinfo is None:
        raise GraphQLError(f"{value!r} names no time zone: add Z or an offset")
    try:
        return instant.astimezone(datetime.UTC)
    except OverflowError:
        raise GraphQLError(f"{value!r} is not between the years 1 and 9999 in UTC") from None


def _parse_upload(value: Any) -> Upload:
    if not isinstance(value, Upload):
        raise GraphQLError("A file must come as a part of a multipart request, mapped to a variable")
    return value


def _json(value: Any) -> Any:
    """Rows carry JSON as the database's text."""
    return orjson.loads(value) if isinstance(value, str) else value


SCALARS: dict[object, ScalarDefinition] = {
    decimal.Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number, exact, as a string without trailing zeros: `12.5`.",
        specified_by_url="https://www.postgresql.org/docs/current/datatype-numeric.html",
        serialize=str,
        parse_value=_parse_decimal,
    ),
    datetime.date: strawberry.scalar(
        name="Date",
        description="A day, `2026-01-31`, in the school's time zone.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=datetime.date.isoformat,
        parse_value=_parse_date,
    ),
    datetime.datetime: strawberry.scalar(
        name="DateTime",
        description="An instant with its offset from UTC, `2026-01-31T08:00:00+00:00`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=datetime.datetime.isoformat,
        parse_value=_parse_instant,
    ),
    Upload: strawberry.scalar(
        name="Upload",
        description="A file, sent as a part of a multipart request; never in an answer. All files of a request have at"
        " most the size of the school's setting MAX_FILE_UPLOAD_MB together.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        parse_value=_parse_upload,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="A JSON value as it is.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_json,
        parse_value=lambda value: value,
    ),
}
