"""Values as clients send and get them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.worlds import Worlds

CREATED = "query($at: DateTime!) { students(where: { createdAt: { gte: $at } }) { totalCount } }"
MISSED = """
query($least: Decimal!) { chronicAbsence(from: "2002-09-02", to: "2002-09-03", threshold: $least) { threshold } }
"""
BORN = "query($day: Date!) { students(where: { dateOfBirth: { gte: $day } }) { totalCount } }"


@pytest.mark.parametrize(
    "at", ["2025-09-01T04:30:00Z", "2025-09-01T10:00:00+05:30", "2025-09-01T04:30:00.000000+00:00"]
)
async def test_one_instant_has_many_spellings(worlds: Worlds, at: str) -> None:
    assert (await worlds.ask(CREATED, at=at)).found["students"]["totalCount"] == 50


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2025-09-01T04:30:00", "names no time zone"),
        ("2025-09-01", "names no time zone"),
        ("yesterday", "is not an instant in the form"),
        (5, "is not an instant in the form"),
        ("0001-01-01T00:00:00+14:00", "is not between the years 1 and 9999"),
        ("9999-12-31T23:59:59-14:00", "is not between the years 1 and 9999"),
    ],
)
async def test_what_is_no_instant_is_refused(worlds: Worlds, at: Any, message: str) -> None:
    answer = await worlds.ask(CREATED, refused=True, at=at)
    assert message in answer.errors[0].message
    assert answer.statements == 0


@pytest.mark.parametrize(
    "day", ["2013-02-30", "30/02/2013", "2013-1-1", "", 20130101, "2013-01-01T00:00:00Z", "20130101", "2013-W01-1"]
)
async def test_what_is_no_day_is_refused(worlds: Worlds, day: Any) -> None:
    answer = await worlds.ask(BORN, refused=True, day=day)
    assert "is not a day in the form YYYY-MM-DD" in answer.errors[0].message


async def test_the_first_and_the_last_day_can_be_asked_for(worlds: Worlds) -> None:
    assert (await worlds.ask(BORN, day="0001-01-01")).found["students"]["totalCount"] == 50
    assert (await worlds.ask(BORN, day="9999-12-31")).found["students"]["totalCount"] == 0


async def test_numbers_are_exact_text_instants_carry_their_offset(worlds: Worlds) -> None:
    document = """{
        guardians(first: 1) { nodes { income } }
        gradingScales(first: 1) { nodes { minScore maxScore passMark decimals } }
        users(first: 1) { nodes { preferences createdAt } }
        semesters(first: 1) { nodes { startDate } }
    }"""
    found = (await worlds.ask(document)).found
    assert found["guardians"]["nodes"] == [{"income": "120000.5"}]
    assert found["gradingScales"]["nodes"] == [{"minScore": "0", "maxScore": "20", "passMark": "9.5", "decimals": 2}]
    assert found["users"]["nodes"][0]["preferences"] == {"theme": "dark"}
    assert found["users"]["nodes"][0]["createdAt"].endswith("+00:00")
    assert found["semesters"]["nodes"] == [{"startDate": "2049-06-01"}]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1E999999", "has more than 50 digits before or after the point"),
        ("1E-999999", "has more than 50 digits before or after the point"),
        ("0E999999", "has more than 50 digits before or after the point"),
        ("9" * 51, "has more than 50 digits before or after the point"),
        ("0." + "1" * 51, "has more than 50 digits before or after the point"),
        ("Infinity", "is not a finite decimal number"),
        ("ten", "is not a decimal number"),
        ("x" * 10_000, "is not a decimal number"),
        (True, "is not a decimal number"),
    ],
    ids=lambda each: str(each)[:10],
)
async def test_what_is_no_number_of_a_bearable_length_is_refused(worlds: Worlds, number: Any, message: str) -> None:
    answer = await worlds.ask(MISSED, refused=True, least=number)
    (error,) = answer.errors
    assert message in error.message
    assert len(error.message) < 250
    assert answer.statements == 0


@pytest.mark.parametrize("number", ["0." + "0" * 49 + "1", "1E+2", "12.50", 7, 0.5], ids=str)
async def test_numbers_may_be_longer_than_any_column(worlds: Worlds, number: Any) -> None:
    found = (await worlds.ask(MISSED, least=number)).found["chronicAbsence"]
    assert Decimal(found["threshold"]) == Decimal(str(number))
