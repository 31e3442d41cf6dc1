"""Students made of the rows of a file: all of them or the good ones, who may be the same, and taking it back."""

import csv
import datetime
import io
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActivityEntry, AuditEntry, Outbox, Role, Student
from tests.academics.marking import outcomes, refusals
from tests.audited import audited
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import create_student, gid, name_outside
from tests.mutating import mutate, refused
from tests.uploads import upload_of
from tests.writing.sent import sent

Row = dict[str, str]
SHOWN = """created refused operation results {
    line outcome student { id studentNumber } errors { code field message } warnings { code field message }
    possibleDuplicates { student { id } line reasons retired }
}"""
ANJU: Row = {"firstName": "Anju", "lastName": "Menon", "gender": "FEMALE", "dateOfBirth": "2014-02-28"}
RAVI: Row = {"firstName": "Ravi", "lastName": "Rao", "gender": "male", "dateOfBirth": "2013-05-17"}
WHOLE: Row = {
    **ANJU,
    "preferredName": "Anjali",
    "status": "INACTIVE",
    "registrationDate": "2024-07-15",
    "mobile": "9876511111",
    "email": "anju@example.org",
    "street": "Mill Road, 12",
    "postalCode": "643001",
    "caste": "Menon",
    "vaccinated": "yes",
    "needsClothes": "1",
    "nationalId": "2345 2345 2345",
    "health": "Asthma",
    "identifyingMarks": "A scar\non the chin",
    "externalId": "M-77",
}
GONE = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)


def table(*rows: Row, delimiter: str = ",") -> str:
    """The rows as a file, with a column for whatever one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.DictWriter(written, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


async def importing(execute: Execute, *rows: Row, **more: Any) -> dict[str, Any]:
    return await mutate(execute, "importStudents", SHOWN, file=upload_of(table(*rows)), **more)


async def stored(session: AsyncSession) -> list[Student]:
    found = await session.scalars(select(Student).order_by(Student.id).execution_options(populate_existing=True))
    return list(found)


def numbered(count: int) -> list[Row]:
    return [
        ANJU
        | {"firstName": f"Anju {n}", "mobile": f"98765{n:05}", "email": f"a{n}@example.org", "externalId": f"M-{n}"}
        for n in range(count)
    ]


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


async def test_what_was_done_is_told(session: AsyncSession, execute: Execute) -> None:
    await importing(execute, ANJU, RAVI)
    keys = [row.id for row in await stored(session)]
    (entry,) = await session.scalars(select(ActivityEntry))
    assert (entry.action, entry.details) == (
        "student.import",
        {"created": 2, "updated": 0, "unchanged": 0, "refused": 0},
    )
    events = await session.scalars(select(Outbox).order_by(Outbox.id))
    assert [(each.topic, each.key, each.payload) for each in events] == [
        ("student", str(key), {"action": "create", "id": key}) for key in keys
    ]


BAD: list[tuple[Row, list[tuple[str, str]]]] = [
    ({"firstName": ""}, [("firstName", "must be given")]),
    ({"firstName": "x" * 51}, [("firstName", f"'{'x' * 40}…' has 51 characters, at most 50 are allowed")]),
    ({"lastName": "M"}, [("lastName", "'M' has fewer than 2 characters, the school's shortest name")]),
    ({"gender": "F"}, [("gender", "'F' is none of FEMALE, MALE, OTHER, UNSPECIFIED")]),
    ({"dateOfBirth": "28-02-2014"}, [("dateOfBirth", "'28-02-2014' is not a day in the form YYYY-MM-DD")]),
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


async def test_an_import_is_taken_back_while_nothing_depends_on_it(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    there = await create_student(session, school, student_number="STU-1999-00001")
    payload = await importing(execute, *numbered(2), system="ldap")
    given, (_, student) = {"operation": payload["operation"]}, [each["student"] for each in payload["results"]]
    added = await session.get_one(Student, (school.id, int(student["id"].removeprefix("stu_"))))
    name = await name_outside(session, added, system="ministry")
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", **given))["errors"]
    assert error["message"] == "operation: its students have 1 external id by now"
    await session.delete(name)
    await session.flush()
    async with audited(connections, school):
        undone = await mutate(execute, "undo", "removed restored", **given)
    assert undone == {"removed": 4, "restored": 0, "errors": []}
    assert [row.id for row in await stored(session)] == [there.id]
    async with audited(connections, school, nothing=True):
        assert await refused(execute, "undo", **given) == [("CONFLICT", ["operation"])]
    again = await importing(execute, ANJU)
    assert again["results"][0]["student"]["studentNumber"] == "STU-2025-00003"


BY_NOW: list[tuple[str, dict[str, Any], str]] = [
    ("updateStudent", {"version": 1, "firstName": "Manju"}, "1 of its 2 records have been changed since"),
    ("createFamilyInfo", {}, "its students have 1 family record by now"),
    (
        "linkGuardian",
        {"relation": "MOTHER"},
        "its students have 1 link of a guardian by now",
    ),
]


@pytest.mark.parametrize(("name", "more", "words"), BY_NOW, ids=[name for name, _, _ in BY_NOW])
async def test_an_import_stays_where_something_depends_on_it(
    connections: OneConnection, school: School, execute: Execute, name: str, more: dict[str, Any], words: str
) -> None:
    payload = await importing(execute, ANJU, RAVI)
    student = payload["results"][0]["student"]["id"]
    if name == "linkGuardian":
        guardian = await mutate(execute, "createGuardian", "guardian { id }", singleName="Leela")
        more = more | {"guardian": guardian["guardian"]["id"]}
    field = "id" if name == "updateStudent" else "student"
    assert (await mutate(execute, name, "__typename", **{field: student}, **more))["errors"] == []
    async with audited(connections, school, nothing=True):
        (error,) = (await mutate(execute, "undo", "removed", operation=payload["operation"]))["errors"]
    assert (error["code"], error["message"]) == ("CONFLICT", f"operation: {words}")


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
