"""Rows of a file that may be somebody who is there already, or who stands further up."""

import datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from resolvers.people import student_import
from resolvers.people.import_duplicates import Pairs, check_duplicates
from resolvers.sealing import Sealer
from resolvers.unit_of_work import Change
from tests.academics.marking import outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, gid
from tests.people.importing import ANJU, RAVI, WHOLE, importing

GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


async def test_what_is_one_students_alone_is_no_others(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    assert (await importing(execute, WHOLE, viewer=other_school.admin, system="ministry"))["errors"] == []
    there = (await importing(execute, WHOLE, system="ministry"))["results"][0]["student"]["id"]
    other = {"firstName": "Manju", "nationalId": "", "mobile": "", "email": "", "externalId": ""}
    rows = [
        WHOLE | other | {"mobile": "9876511111"},
        WHOLE | other | {"email": "ANJU@example.org"},
        WHOLE | other | {"nationalId": "2345-2345-2345"},
        WHOLE | other | {"externalId": "M-77"},
    ]
    async with audited(connections, school, nothing=True):
        payload = await importing(
            execute, *rows, system="ministry", mode="VALID_ROWS", allowDuplicates=True, dryRun=True
        )
    told = [(each["possibleDuplicates"], refusals(each["errors"])) for each in payload["results"]]
    line, words = [each["line"] for each in payload["results"]], "is another student's already"
    family = "a phone of the family is the guardian's"

    def like(*reasons: str, at: int | None = None) -> dict[str, Any]:
        student = None if at else {"id": there}
        return {"student": student, "line": at, "reasons": list(reasons), "retired": False}

    assert told[0] == (
        [like("MOBILE")],
        [("CONFLICT", f"file.{line[0]}.mobile", f"file.{line[0]}.mobile: '9876511111' {words}; {family}")],
    )
    assert told[1][0] == [like("EMAIL"), like("NAME_AND_BIRTH", at=line[0])]
    assert [(code, field) for code, field, _ in told[1][1]] == [("CONFLICT", f"file.{line[1]}.email")]
    assert told[2][0] == [like("NATIONAL_ID"), like("NAME_AND_BIRTH", at=line[0])]
    assert told[2][1] == [("CONFLICT", f"file.{line[2]}.nationalId", f"file.{line[2]}.nationalId: {words}")]
    said = f"file.{line[3]}.externalId: 'M-77' is what the system calls another record already"
    assert told[3][1] == [("CONFLICT", f"file.{line[3]}.externalId", said)]


@pytest.mark.parametrize("retired", [False, True])
async def test_who_may_be_the_same_is_told_and_may_be_allowed(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, retired: bool
) -> None:
    born = datetime.date(2014, 2, 28)
    there = await create_student(
        session,
        school,
        student_number="STU-1999-00001",
        first_name="ANJU",
        last_name="menon",
        date_of_birth=born,
        deleted_at=GONE if retired else None,
    )
    duplicate = {"student": {"id": gid(there)}, "line": None, "reasons": ["NAME_AND_BIRTH"], "retired": retired}
    async with audited(connections, school, nothing=True):
        payload = await importing(execute, RAVI, ANJU)
    words = "a student is there already, or further up, who may be the same: say allowDuplicates to add another one"
    assert refusals(payload["errors"]) == [("CONFLICT", "file.3", f"file.3: {words}")]
    assert payload["results"][0]["possibleDuplicates"] == [duplicate]
    payload = await importing(execute, RAVI, ANJU, allowDuplicates=True)
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 2)
    assert payload["results"][1]["possibleDuplicates"] == [duplicate]


async def test_lines_of_the_same_file_may_be_the_same(execute: Execute) -> None:
    first = RAVI | {"mobile": "9876511111", "email": "r@example.org", "nationalId": "234523452345", "externalId": "7"}
    rows = [
        first,
        first | {"firstName": "ravi", "mobile": "", "email": "", "nationalId": "", "externalId": ""},
        first | {"firstName": "Manju", "email": "R@example.org"},
    ]
    payload = await importing(execute, *rows, system="ldap", allowDuplicates=True, mode="VALID_ROWS")
    assert outcomes(payload) == ["CREATED", "CREATED", "REFUSED"]
    second, third = (each["possibleDuplicates"] for each in payload["results"][1:])
    like = {"student": None, "line": 2, "retired": False}
    assert second == [like | {"reasons": ["NAME_AND_BIRTH"]}]
    assert third == [like | {"reasons": ["MOBILE", "EMAIL", "NATIONAL_ID"]}]
    assert [each["message"] for each in payload["results"][2]["errors"]] == [
        "file.4.mobile: '9876511111' is in line 2 already",
        "file.4.email: 'R@example.org' is in line 2 already",
        "file.4.nationalId: is in line 2 already",
        "file.4.externalId: '7' is in line 2 already",
    ]


async def test_whoever_is_added_meanwhile_is_found_when_the_import_is_repeated(
    connections: OneConnection,
    session: AsyncSession,
    school: School,
    execute: Execute,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await create_student(session, school, student_number="STU-1999-00001", mobile="9876500001")
    checks: list[int] = []

    async def late(change: Change, sealer: Sealer, pairs: Pairs, *, allowed: bool) -> None:
        """The first time the student is not there yet."""
        checks.append(len(pairs))
        if len(checks) > 1:
            await check_duplicates(change, sealer, pairs, allowed=allowed)

    monkeypatch.setattr(student_import, "check_duplicates", late)
    async with audited(connections, school):
        payload = await importing(
            execute, RAVI, ANJU | {"mobile": "9876500001"}, mode="VALID_ROWS", allowDuplicates=True
        )
    assert checks == [2, 2]
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED", "REFUSED"])
    (error,) = payload["results"][1]["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", ["file", "3", "mobile"])
