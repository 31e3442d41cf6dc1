"""Students made of the rows of a file: all of them or the good ones, once, and what that costs."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, AuditEntry, Outbox, Role
from tests.academics.marking import outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, gid
from tests.mutating import mutate, refused
from tests.people.importing import ANJU, RAVI, WHOLE, Row, importing, numbered, stored, table
from tests.uploads import upload_of
from tests.writing.sent import sent


async def test_each_row_makes_a_student(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    registrar = school.viewer(Role.REGISTRAR, user_id=7)
    async with audited(connections, school):
        payload = await importing(execute, WHOLE, RAVI, viewer=registrar, system="ministry")
    assert (payload["errors"], outcomes(payload), payload["created"]) == ([], ["CREATED"] * 2, 2)
    assert [(each["line"], each["student"]["studentNumber"]) for each in payload["results"]] == [
        (2, "STU-2024-00001"),
        (4, "STU-2025-00001"),
    ]
    shown = await execute(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Student { firstName lastName preferredName gender dateOfBirth"
        " status registrationDate mobile email street postalCode country caste vaccinated needsClothes needsTransport"
        " nationalId health identifyingMarks externalIds { system value } } } }",
        ids=[each["student"]["id"] for each in payload["results"]],
    )
    whole, ravi = shown.found["nodes"]
    expected: dict[str, Any] = {name: value for name, value in WHOLE.items() if name != "externalId"}
    expected |= {"country": "IN", "vaccinated": True, "needsClothes": True, "needsTransport": False}
    expected |= {"nationalId": "234523452345", "externalIds": [{"system": "ministry", "value": "M-77"}]}
    assert whole == expected
    said = {name: ravi[name] for name in ("gender", "status", "registrationDate", "mobile", "vaccinated", "nationalId")}
    assert said == {
        "gender": "MALE",
        "status": "ACTIVE",
        "registrationDate": "2025-11-20",
        "mobile": None,
        "vaccinated": None,
        "nationalId": None,
    }
    assert {row.created_by for row in await stored(session)} == {7}


async def test_what_is_sealed_is_told_to_nobody(session: AsyncSession, execute: Execute) -> None:
    payload = await importing(execute, WHOLE, system="ministry")
    assert payload["errors"] == []
    (student,) = await stored(session)
    assert student.health_sealed is not None
    assert b"Asthma" not in student.health_sealed
    (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.table_name == "student"))
    assert entry.after is not None
    hidden = {name: value for name, value in entry.after.items() if "_sealed" in name or name == "national_id_index"}
    assert len(hidden) == 4
    assert set(hidden.values()) == {"***"}


async def test_what_was_done_is_told(session: AsyncSession, school: School, execute: Execute) -> None:
    await importing(execute, ANJU, RAVI)
    keys = [row.id for row in await stored(session)]
    (entry,) = await session.scalars(select(ActivityEntry))
    assert (entry.action, entry.details) == (
        "student.import",
        {"created": 2, "updated": 0, "unchanged": 0, "refused": 0},
    )
    (event,) = await session.scalars(select(Outbox))
    assert (event.topic, event.key) == ("institution", str(school.id))
    assert event.payload == {"action": "import_students", "students": keys}


BAD: list[tuple[Row, list[tuple[str, str]]]] = [
    ({"firstName": ""}, [("firstName", "must be given")]),
    ({"firstName": "x" * 51}, [("firstName", f"'{'x' * 40}…' has 51 characters, at most 50 are allowed")]),
    ({"lastName": "M"}, [("lastName", "'M' has fewer than 2 characters, the school's shortest name")]),
    ({"gender": "F"}, [("gender", "'F' is none of FEMALE, MALE, OTHER, UNSPECIFIED")]),
    ({"dateOfBirth": "2/28/14"}, [("dateOfBirth", "'2/28/14' is not a day in the form YYYY-MM-DD or dd-MM-yyyy")]),
    (
        {"dateOfBirth": "30-02-2014"},
        [("dateOfBirth", "'30-02-2014' is not a day in the form YYYY-MM-DD or dd-MM-yyyy")],
    ),
    ({"dateOfBirth": "2025-11-20"}, [("dateOfBirth", "2025-11-20 is not in the past")]),
    (
        {"dateOfBirth": "", "vaccinated": "maybe"},
        [("vaccinated", "'maybe' is neither true, yes, 1 nor false, no, 0"), ("dateOfBirth", "must be given")],
    ),
    (
        {"registrationDate": "2014-02-28"},
        [("dateOfBirth", "2014-02-28 is not before the registration")],
    ),
    ({"email": "nobody"}, [("email", "'nobody' is not an e-mail address")]),
    (
        {"postalCode": "64300"},
        [("postalCode", "'64300' is not 2 to 20 capital letters, digits, spaces and '-'; in India it has 6 digits")],
    ),
    ({"nationalId": "1234"}, [("nationalId", "a national id has 12 digits")]),
    ({"externalId": "x" * 300}, [("externalId", f"'{'x' * 40}…' has 300 characters, at most 255 are allowed")]),
]


@pytest.mark.parametrize(("change", "errors"), BAD, ids=[str(place) for place in range(len(BAD))])
async def test_a_row_that_breaks_a_rule_refuses_all_or_itself_alone(
    connections: OneConnection, school: School, execute: Execute, change: Row, errors: list[tuple[str, str]]
) -> None:
    expected = [("BAD_USER_INPUT", f"file.3.{name}", f"file.3.{name}: {words}") for name, words in errors]
    rows = [RAVI, ANJU | change]
    async with audited(connections, school, nothing=True):
        payload = await importing(execute, *rows, system="ministry")
    assert refusals(payload["errors"]) == expected
    assert [(each["line"], each["outcome"]) for each in payload["results"]] == [(3, "REFUSED")]
    async with audited(connections, school):
        payload = await importing(execute, *rows, system="ministry", mode="VALID_ROWS")
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED", "REFUSED"])
    assert refusals(payload["results"][1]["errors"]) == expected


async def test_what_the_school_wants_to_know_is_told_and_refuses_nobody(execute: Execute) -> None:
    young = RAVI | {"dateOfBirth": "2023-05-17", "street": "Mill Road", "mobile": "9876511111"}
    payload = await importing(execute, ANJU, young)
    assert (payload["errors"], outcomes(payload)) == ([], ["CREATED"] * 2)
    known, told = ([error["field"][2] for error in each["warnings"]] for each in payload["results"])
    assert known == ["street", "mobile", "guardians"]
    assert told == ["dateOfBirth", "guardians"]
    assert payload["results"][0]["warnings"][1]["message"] == (
        "file.2.mobile: must be given: the school requires it of new students"
    )


CELLS = [
    '=HYPERLINK("http://evil.example","x")',
    "'; DROP TABLE student; --",
    "<script>alert(1)</script>",
    "$1 || {{7*7}} %s \\N",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "«Zoë» 李 \u202e",
]


@pytest.mark.parametrize("cell", CELLS, ids=[str(place) for place in range(len(CELLS))])
async def test_cells_are_texts_and_nothing_else(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, cell: str
) -> None:
    async with audited(connections, school):
        row = ANJU | {"firstName": cell, "street": cell, "health": cell, "externalId": cell}
        payload = await importing(execute, row, system="ldap")
    assert payload["errors"] == []
    (student,) = await stored(session)
    assert (student.first_name, student.street) == (cell, cell)


async def test_a_dry_run_adds_nobody(connections: OneConnection, school: School, execute: Execute) -> None:
    async with audited(connections, school, nothing=True):
        payload = await importing(execute, ANJU, RAVI, dryRun=True)
    assert (payload["errors"], outcomes(payload), payload["operation"]) == ([], ["CREATED"] * 2, None)
    numbers = [each["student"]["studentNumber"] for each in payload["results"]]
    assert numbers == ["STU-2025-00001", "STU-2025-00002"]


async def test_the_same_file_again_is_answered_as_the_first_time(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    there = await create_student(session, school, student_number="STU-1999-00001", mobile="9876500000")
    asked = {"idempotencyKey": "list-1", "mode": "VALID_ROWS", "system": "ldap"}
    rows = [*numbered(2), {**RAVI, "dateOfBirth": "2023-05-17"}]
    first = await importing(execute, *rows, **asked)
    assert outcomes(first) == ["REFUSED", "CREATED", "CREATED"]
    assert first["results"][0]["possibleDuplicates"][0]["student"] == {"id": gid(there)}
    assert first["results"][2]["warnings"]
    async with audited(connections, school, nothing=True):
        assert await importing(execute, *rows, **asked) == first
        payload = await importing(execute, *rows[1:], **asked)
    assert refusals(payload["errors"])[0][:2] == ("CONFLICT", "idempotencyKey")


async def test_external_ids_need_a_system(connections: OneConnection, school: School, execute: Execute) -> None:
    async with audited(connections, school, nothing=True):
        for given in ({}, {"system": " "}, {"system": "x" * 101}):
            row = upload_of(table(ANJU | {"externalId": "7"}))
            assert await refused(execute, "importStudents", file=row, **given) == [("BAD_USER_INPUT", ["system"])]


async def test_the_number_of_rows_costs_no_statement(connections: OneConnection, execute: Execute) -> None:
    costs: list[tuple[int, int]] = []
    for part in (numbered(41)[40:], numbered(40)):
        document = "mutation($input: ImportStudentsInput!) { importStudents(input: $input) { created operation } }"
        given = {"file": upload_of(table(*part)), "system": "ldap", "idempotencyKey": f"key-{len(costs)}"}
        async with sent(connections) as statements:
            answer = await execute(document, input=given)
        assert answer.found["importStudents"]["created"] == len(part)
        async with sent(connections) as undoing:
            undone = await mutate(execute, "undo", "removed", operation=answer.found["importStudents"]["operation"])
        assert undone == {"removed": 2 * len(part), "errors": []}
        costs.append((len(statements), len(undoing)))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 12
