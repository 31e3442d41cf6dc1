"""The same students made by two at once: the second one is told of the first."""

import asyncio
from typing import Any

from tests.uploads import upload_of
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


async def test_of_two_who_import_the_same_list_one_is_told_of_the_other(committed: Committed) -> None:
    document = """mutation($input: ImportStudentsInput!) { importStudents(input: $input) {
        created results { possibleDuplicates { student { studentNumber } } } errors { code }
    } }"""
    rows = "".join(f"Anju {n},Menon,FEMALE,2014-02-28\n" for n in range(3))
    text = f"firstName,lastName,gender,dateOfBirth\n{rows}"
    asked = (committed.ask(document, input={"file": upload_of(text)}) for _ in range(2))
    payloads = [each.found["importStudents"] for each in await asyncio.gather(*asked)]
    (refused,) = [each for each in payloads if each["errors"]]
    assert sorted(each["created"] or 0 for each in payloads) == [0, 3]
    numbers = [each["possibleDuplicates"][0]["student"]["studentNumber"] for each in refused["results"]]
    assert numbers == [f"STU-2025-{n:05}" for n in (1, 2, 3)]
    assert await committed.value("SELECT count(*) FROM student") == 3
