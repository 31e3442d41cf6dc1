"""PostgreSQL reads from the text of an array the very values that it was made of."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import Gender
from resolvers.writing.array_text import array_text

ODD = [
    "",
    "null",
    "NULL",
    " two  ",
    'a "b"',
    "c\\d",
    "\\",
    "\\n",
    "e\nf\r\t\b\f",
    "\x01\x1f\x7f",
    "{1,2}",
    "é 木 😀",
    "'",
    None,
]
DAY = datetime.date(2026, 2, 28)
INSTANT = datetime.datetime(2026, 2, 28, 23, 59, 59, 5, datetime.UTC)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ODD),
        ("text", [f"{first}{then}" for first in ODD for then in ODD]),
        ("text", []),
        ("bigint", [0, -1, 2**63 - 1, -(2**63), None]),
        ("boolean", [True, False, None]),
        ("numeric", [Decimal("1.50"), Decimal("-0.001"), Decimal("1E+20"), None]),
        ("date", [DAY, datetime.date(1, 1, 1), None]),
        ("timestamptz", [INSTANT, None]),
        ("bytea", [b"", bytes(range(256)), b"\\x00", None]),
    ],
)
async def test_values_come_back(session: AsyncSession, kind: str, values: Sequence[Any]) -> None:
    sql = text(f"SELECT v FROM unnest(CAST(CAST(:given AS text) AS {kind}[])) WITH ORDINALITY AS i(v, n) ORDER BY n")
    assert list(await session.scalars(sql, {"given": array_text(values)})) == list(values)


async def test_choices_are_their_values() -> None:
    assert array_text([Gender.FEMALE, None]) == '{"FEMALE",null}'


@pytest.mark.parametrize("value", [1.5, float("nan"), [1, 2], (1,), {"a": 1}, bytearray(b"a"), memoryview(b"a")])
def test_what_has_no_form_of_its_own_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=f"cannot be {type(value).__name__}"):
        array_text([None, value])
