"""Operator inputs of `where`: one for each kind of value."""

import datetime
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import UNSET

T = TypeVar("T")

EQUAL = "Equal to; null: missing."
NOT_EQUAL = "Not equal to; null: not missing. A missing value is not equal to any."
ONE_OF = "Equal to one of these."
GREATER = "Greater than, or later."
GREATER_EQUAL = "Greater than or equal to; or not earlier."
LESS = "Less than, or earlier."
LESS_EQUAL = "Less than or equal to; or not later."


def operator(description: str) -> Any:
    return strawberry.field(description=description, default=UNSET)


def one_of() -> Any:
    return strawberry.field(description=ONE_OF, default=UNSET, name="in")


@strawberry.input(description="Conditions on an id.")
class IDFilter:
    eq: strawberry.ID | None = operator(EQUAL)
    ne: strawberry.ID | None = operator(NOT_EQUAL)
    in_: list[strawberry.ID] | None = one_of()


@strawberry.input(description="Conditions on ids of which a record has several.")
class IDsFilter:
    has: strawberry.ID | None = operator("This one is among them.")
    has_any: list[strawberry.ID] | None = operator("One of these is among them.")


@strawberry.input(description="Conditions on the id of a record of any type.")
class RecordFilter:
    eq: strawberry.ID | None = operator("This record.")
    in_: list[strawberry.ID] | None = strawberry.field(description="One of these records.", default=UNSET, name="in")


@strawberry.input(description="Conditions on a yes-or-no value.")
class BooleanFilter:
    eq: bool | None = operator(EQUAL)
    ne: bool | None = operator(NOT_EQUAL)


@strawberry.input(description="Conditions on a text. Upper and lower case differ.")
class StringFilter:
    eq: str | None = operator(EQUAL)
    ne: str | None = operator(NOT_EQUAL)
    in_: list[str] | None = one_of()
    starts_with: str | None = operator("Begins with.")


@strawberry.input(description="Conditions on a whole number.")
class IntFilter:
    eq: int | None = operator(EQUAL)
    ne: int | None = operator(NOT_EQUAL)
    in_: list[int] | None = one_of()
    gt: int | None = operator(GREATER)
    gte: int | None = operator(GREATER_EQUAL)
    lt: int | None = operator(LESS)
    lte: int | None = operator(LESS_EQUAL)


@strawberry.input(description="Conditions on a day.")
class DateFilter:
    eq: datetime.date | None = operator(EQUAL)
    ne: datetime.date | None = operator(NOT_EQUAL)
    in_: list[datetime.date] | None = one_of()
    gt: datetime.date | None = operator(GREATER)
    gte: datetime.date | None = operator(GREATER_EQUAL)
    lt: datetime.date | None = operator(LESS)
    lte: datetime.date | None = operator(LESS_EQUAL)


@strawberry.input(description="Conditions on an instant.")
class DateTimeFilter:
    eq: datetime.datetime | None = operator(EQUAL)
    ne: datetime.datetime | None = operator(NOT_EQUAL)
    gt: datetime.datetime | None = operator(GREATER)
    gte: datetime.datetime | None = operator(GREATER_EQUAL)
    lt: datetime.datetime | None = operator(LESS)
    lte: datetime.datetime | None = operator(LESS_EQUAL)


@strawberry.input(description="Conditions on a national id, for those who may see it.")
class NationalIdFilter:
    eq: str | None = operator("Equal to these 12 digits, however they are grouped; null: missing.")


@strawberry.input(name="Filter", description="Conditions on one of a closed set of values.")
class EnumFilter(Generic[T]):
    eq: T | None = operator(EQUAL)
    ne: T | None = operator(NOT_EQUAL)
    in_: list[T] | None = one_of()
