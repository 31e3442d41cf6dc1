"""The same student made by two at once: the second one is told of the first."""

import asyncio
from typing import Any

from tests.writing.conftest import Committed

CREATE = """mutation($input: CreateStudentInput!) { createStudent(input: $input) {
    student { studentNumber } possibleDuplicates { student { studentNumber } reasons } errors { code field }
} }"""
STUDENT = {
    "firstName": "Anju",
    "lastName": "Menon",
    "gender": "FEMALE",
    "dateOfBirth": "2014-02-28",
    "street": "Mill Road",
    "guardians": [{"newGuardian": {"singleName": "Leela"}, "relation": "MOTHER"}],
}


async def create(committed: Committed, **given: Any) -> dict[str, Any]:
    payload: dict[str, Any] = (await committed.ask(CREATE, input=STUDENT | given)).found["createStudent"]
    return payload


async def test_of_two_at_once_one_is_made_and_the_other_told_of_it(committed: Committed) -> None:
    answers = await asyncio.gather(*(create(committed, mobile=f"987651111{n}") for n in range(2)))
    (made,) = [each for each in answers if each["student"]]
    (refused,) = [each for each in answers if not each["student"]]
    assert made["errors"] == made["possibleDuplicates"] == []
    assert refused["errors"] == [{"code": "CONFLICT", "field": ["allowDuplicates"]}]
    assert refused["possibleDuplicates"] == [{"student": made["student"], "reasons": ["NAME_AND_BIRTH"]}]
    assert await committed.value("SELECT count(*) FROM student") == 1


async def test_numbers_are_given_once(committed: Committed) -> None:
    made = [{"firstName": f"Anju {n}", "mobile": f"987651111{n}"} for n in range(8)]
    answers = await asyncio.gather(*(create(committed, **each) for each in made))
    assert [each["errors"] for each in answers] == [[]] * len(made)
    numbers = {each["student"]["studentNumber"] for each in answers}
    assert numbers == {f"STU-2025-{n:05}" for n in range(1, len(made) + 1)}
