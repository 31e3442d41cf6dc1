"""What changed: by the names and in the values that clients know, filtered, and for ADMIN alone."""

import datetime
from collections.abc import AsyncIterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import AuditEntry, Role
from resolvers.context import Context
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import (
    create_course,
    create_school_year,
    create_student,
    create_subject,
    create_user,
    enroll,
    gid,
    grade,
    mark_attendance,
)

LOG = """query($where: AuditEntryWhere, $orderBy: [AuditEntryOrder!]) { auditLog(where: $where, orderBy: $orderBy) {
    nodes { tableName recordId operation changes { field before after } }
} }"""
Made = dict[str, Any]


@pytest.fixture
async def change(connections: OneConnection, school: School, session: AsyncSession) -> AsyncIterator[Context]:
    """What is changed by it is told as done by a user of the school."""
    user = await create_user(session, school, first_name="Meera", last_name="Nair")
    viewer = school.viewer(Role.ADMIN, user_id=user.id)
    context = Context(connections, viewer, now=NOW, timeout=60, request_id="request-1")
    yield context
    await context.close()


def told(entry: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {each["field"]: (each["before"], each["after"]) for each in entry["changes"]}


async def entries(execute: Execute, **variables: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await execute(LOG, **variables)).found["auditLog"]["nodes"]
    return found


async def marked(session: AsyncSession, school: School) -> Made:
    course = await create_course(session, await create_school_year(session, school))
    student, subject = await create_student(session, school), await create_subject(session, school)
    return {
        "course": course,
        "student": student,
        "subject": subject,
        "grade": await grade(session, student, course, subject),
        "enrollment": await enroll(session, student, course),
        "attendance": await mark_attendance(session, student, course),
    }


async def test_a_change_is_told_in_the_fields_of_the_type(
    session: AsyncSession, school: School, change: Context, execute: Execute
) -> None:
    made = await marked(session, school)
    teacher = await create_user(session, school)
    mark: Any = made["grade"]
    async with change.change("grade.update") as unit:
        seen = await unit.one(models.Grade, mark.id)
        seen.score, seen.graded_by_id, seen.comment = Decimal("12.5000"), teacher.id, "Better"
        seen.date = datetime.date(2025, 9, 2)
    (entry,) = await entries(execute, where={"tableName": {"eq": "grade"}})
    assert (entry["recordId"], entry["operation"]) == (gid(mark), "UPDATE")
    assert told(entry) == {
        "date": ("2025-09-01", "2025-09-02"),
        "score": ("7.5", "12.5"),
        "comment": (None, "Better"),
        "gradedBy": (None, gid(teacher)),
    }


async def test_a_record_that_is_made_and_removed_is_told_whole(
    school: School, change: Context, execute: Execute
) -> None:
    async with change.change("subject.create") as unit:
        (key,) = await unit.insert_rows(models.Subject, [{"name": "Latin", "code": "LAT"}])
    async with change.change("subject.delete") as unit:
        await unit.delete_rows(models.Subject, [{"id": key}])
    removed, made = await entries(execute)
    assert (made["operation"], told(made)) == ("INSERT", {"name": (None, "Latin"), "code": (None, "LAT")})
    assert (removed["operation"], told(removed)) == ("DELETE", {"name": ("Latin", None), "code": ("LAT", None)})
    assert made["recordId"] == removed["recordId"] == f"sub_{key}"


async def test_what_cannot_be_shown_has_a_mask_or_its_columns_name(
    session: AsyncSession, school: School, change: Context, execute: Execute
) -> None:
    user = await create_user(session, school, password_hash="old", must_change_password=False)
    async with change.change("user.update") as unit:
        seen = await unit.one(models.User, user.id)
        seen.password_hash, seen.must_change_password, seen.preferences = "new", True, {"size": 1.5}
    (entry,) = await entries(execute)
    assert told(entry) == {
        "passwordHash": ("***", "***"),
        "mustChangePassword": (False, True),
        "preferences": ({}, {"size": 1.5}),
    }


WRITTEN = text("""
    INSERT INTO audit_log (institution_id, table_name, record_id, operation, before, after, actor_kind, actor_id, at)
    VALUES (:school, :table, :record, :operation, CAST(:before AS jsonb), CAST(:after AS jsonb), :kind, :actor, :at)""")


async def write(session: AsyncSession, school: School, table: str, record: int = 1, **values: Any) -> None:
    """An entry as it stands in the log; `before` and `after` are JSON texts."""
    entry = {"operation": "UPDATE", "before": None, "after": "{}", "kind": "SYSTEM", "actor": None, "at": NOW}
    await session.execute(WRITTEN, {"school": school.id, "table": table, "record": record} | entry | values)


async def test_decimals_keep_all_their_digits(session: AsyncSession, school: School, execute: Execute) -> None:
    before, after = '{"amount": 123456789012345.6789}', '{"amount": 100}'
    await write(session, school, "scholarship", before=before, after=after)
    (entry,) = await entries(execute)
    assert told(entry) == {"amount": ("123456789012345.6789", "100")}


async def test_entries_of_tables_without_a_type_have_no_id(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    await write(session, school, "grade_entry_reopening", after='{"semester_id": 7}')
    await write(session, school, "of_an_older_version", after='{"some_column": "x"}')
    document = "{ auditLog { nodes { tableName recordId record { id } changes { field after } } } }"
    assert (await execute(document)).found["auditLog"]["nodes"] == [
        {
            "tableName": "of_an_older_version",
            "recordId": None,
            "record": None,
            "changes": [{"field": "someColumn", "after": "x"}],
        },
        {
            "tableName": "grade_entry_reopening",
            "recordId": None,
            "record": None,
            "changes": [{"field": "semesterId", "after": 7}],
        },
    ]


HISTORIES = ["student", "grade", "enrollment", "attendance"]


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_record_has_its_history(
    session: AsyncSession, school: School, change: Context, execute: Execute, name: str
) -> None:
    made = await marked(session, school)
    other = (await marked_again(session, made))[name]
    columns = {"student": "mobile", "grade": "comment", "enrollment": "drop_reason", "attendance": "reason"}
    for record, text_of in ((made[name], "9876543210"), (other, "9876543211"), (made[name], "9876543212")):
        async with change.change(f"{name}.update") as unit:
            seen: Any = await unit.one(type(record), record.id)
            if name == "enrollment":
                seen.end_date = datetime.date(2025, 10, int(text_of[-2:]))
            else:
                setattr(seen, columns[name], text_of)
    document = f"""query($id: ID!) {{ {name}(id: $id) {{ history {{
        recordId operation at requestId actorKind actor {{ fullName }} record {{ id }} changes {{ field after }}
    }} }} }}"""
    history = (await execute(document, id=gid(made[name]))).found[name]["history"]
    assert [each["changes"][0]["after"][-2:] for each in history] == ["12", "10"]
    for entry in history:
        assert entry["recordId"] == entry["record"]["id"] == gid(made[name])
        assert (entry["operation"], entry["at"], entry["requestId"]) == ("UPDATE", NOW.isoformat(), "request-1")
        assert (entry["actorKind"], entry["actor"]) == ("USER", {"fullName": "Meera Nair"})
    newest = f"query($id: ID!) {{ {name}(id: $id) {{ history(first: 1) {{ changes {{ after }} }} }} }}"
    (entry,) = (await execute(newest, id=gid(made[name]))).found[name]["history"]
    assert entry["changes"][0]["after"][-2:] == "12"


async def marked_again(session: AsyncSession, made: Made) -> dict[str, Any]:
    """The same of another student."""
    course: Any = made["course"]
    student = await create_student(session, SimpleNamespace(id=course.institution_id))
    subject: Any = made["subject"]
    return {
        "student": student,
        "grade": await grade(session, student, course, subject),
        "enrollment": await enroll(session, student, course),
        "attendance": await mark_attendance(session, student, course),
    }


async def test_a_removed_attendance_mark_keeps_its_id(
    session: AsyncSession, school: School, change: Context, execute: Execute
) -> None:
    made = await marked(session, school)
    mark: Any = made["attendance"]
    key = gid(mark)
    async with change.change("attendance.update") as unit:
        (await unit.one(models.Attendance, mark.id)).reason = "Rain"
    async with change.change("attendance.delete") as unit:
        await unit.delete_rows(models.Attendance, [{"id": mark.id, "date": mark.date}])
    removed, changed = await entries(execute)
    assert removed["recordId"] == key
    assert changed["recordId"] is None


async def test_a_program_did_it(session: AsyncSession, school: School, execute: Execute) -> None:
    user = await create_user(session, school)
    entry = {"institution_id": school.id, "table_name": "student", "record_id": 1, "operation": "UPDATE"}
    for kind in ("IMPORT", "API_KEY", "USER"):
        session.add(AuditEntry(**entry, actor_kind=kind, actor_id=None if kind == "IMPORT" else user.id))
    await session.flush()
    document = "query($where: AuditEntryWhere) { auditLog(where: $where) { nodes { actorKind actor { id } } } }"
    found = (await execute(document)).found["auditLog"]["nodes"]
    assert {each["actorKind"]: each["actor"] for each in found} == {
        "IMPORT": None,
        "API_KEY": None,
        "USER": {"id": gid(user)},
    }
    found = (await execute(document, where={"actor": {"eq": gid(user)}})).found["auditLog"]["nodes"]
    assert [each["actorKind"] for each in found] == ["USER"]
    found = (await execute(document, where={"actor": {"eq": None}, "actorKind": {"ne": "IMPORT"}})).found
    assert [each["actorKind"] for each in found["auditLog"]["nodes"]] == ["API_KEY"]


async def test_an_operator_of_another_school_is_not_shown(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, execute: Execute
) -> None:
    await connections.enter(other_school.id, 60)
    operator = await create_user(session, other_school)
    await connections.enter(school.id, 60)
    await write(session, school, "student", kind="USER", actor=operator.id)
    document = "{ auditLog { nodes { actorKind actor { id } } } }"
    assert (await execute(document)).found["auditLog"]["nodes"] == [{"actorKind": "USER", "actor": None}]


async def test_entries_are_found_by_their_records(
    session: AsyncSession, school: School, change: Context, execute: Execute
) -> None:
    made = await marked(session, school)
    for name in ("student", "grade"):
        async with change.change(f"{name}.update") as unit:
            seen: Any = await unit.one(type(made[name]), made[name].id)
            seen.updated_by = 1
            setattr(seen, {"student": "mobile", "grade": "comment"}[name], "9876543210")
    ids = {name: gid(record) for name, record in made.items()}

    async def found(condition: dict[str, Any]) -> list[str]:
        return [each["recordId"] for each in await entries(execute, where={"record": condition})]

    assert await found({"eq": ids["student"]}) == [ids["student"]]
    assert await found({"in": [ids["grade"], ids["student"], ids["course"]]}) == [ids["grade"], ids["student"]]
    assert await found({"in": []}) == []
    assert await found({"eq": ids["course"]}) == []
    for wrong in ({"eq": "nonsense"}, {"in": [ids["grade"], "sub_x"]}, {"eq": None}):
        answer = await execute(LOG, where={"record": wrong}, refused=True)
        assert answer.refusal == ("BAD_USER_INPUT", f"where.record.{next(iter(wrong))}")


async def test_the_latest_come_first_unless_another_order_is_asked_for(
    session: AsyncSession, school: School, execute: Execute
) -> None:
    for n, minutes in enumerate((2, 0, 1, 0)):
        at = NOW + datetime.timedelta(minutes=minutes)
        await write(session, school, f"t{n}", at=at)
    assert [each["tableName"] for each in await entries(execute)] == ["t0", "t2", "t3", "t1"]
    found = await entries(execute, orderBy=[{"field": "AT", "direction": "ASC"}])
    assert [each["tableName"] for each in found] == ["t1", "t3", "t2", "t0"]
