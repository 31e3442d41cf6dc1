"""A person who stands in every column that can hold one, beside a classmate of whom the same is true.

What is exported is all of the one and nothing of the other, and so is what erasing takes away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from models import ActorKind, Base, Role, Student, User
from resolvers.identity.passwords import hash_password
from resolvers.privacy.export import SECRET, STAMPS
from resolvers.privacy.held import HELD
from resolvers.trail.alarms import Alarm, AlarmKind, SignInFailed
from tests.answers import NOW
from tests.conftest import Execute, School
from tests.database import OneConnection
from tests.factories import gid
from tests.mutating import done, mutate
from tests.privacy.marked import MARKS, OTHER, Marks, contents, create_marked, sealed_bytes, where
from tests.privacy.test_export import EXPORT, texts

TEXTS = ("String", "Text", "JSONB")
# Why the marked person does not stand there, or not with a mark.
UNFILLED = {
    ("guardian", "single_name"): "instead of first and last name",
    ("guardian", "deleted_at"): "the record is in use",
    ("app_user", "deleted_at"): "the record is in use",
    ("user_institution", "user_id"): "operators'",
    ("user_institution", "acting_institution_id"): "operators'",
}
UNMARKED = {
    ("external_id", "entity"): "the name of a table",
    ("guardian", "country"): "a code of two letters",
    ("student", "country"): "a code of two letters",
    ("stored_file", "content_type"): "a media type",
}
AVERAGES = """SELECT 'grade', course_id, subject_id::text, count(*), avg(score), max(score) FROM grade GROUP BY 2, 3
              UNION ALL SELECT 'attendance', course_id, date::text || status || code, count(*), 0, 0
              FROM attendance GROUP BY 2, 3"""
Row = dict[str, Any]
PASSWORD = "correct horse battery"
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { token } }"


def key_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["id"], row.get("date")


@dataclass
class Class:
    """`others` are the rows of all tables that were there before the person was, `own` those that came with them."""

    student: Student
    others: dict[str, list[Row]]
    own: dict[str, list[Row]]

    def values(self) -> set[str]:
        """The person's texts in columns that are to be erased, and that nobody else has."""
        columns = {
            (table, name)
            for table, held in HELD.items()
            for name, action in held.columns.items()
            if action != "keep" and (table, name) not in UNMARKED
        }
        own = {each for table, name in columns for row in self.own[table] for each in texts([row[name]])}
        others = {each for rows in self.others.values() for row in rows for each in texts(row)}
        # The key of a record that stays is all that may be told of it.
        return own - others - {gid(self.student)}


async def everything(connections: OneConnection, school: School) -> dict[str, list[Row]]:
    found = await contents(connections, school)
    return {table: [orjson.loads(row) for row in rows] for table, rows in found.items()}


@pytest.fixture
async def classmates(connections: OneConnection, session: AsyncSession, school: School) -> Class:
    await create_marked(session, school, OTHER)
    others = await everything(connections, school)
    student = await create_marked(session, school)
    known = {table: {key_of(row) for row in rows} for table, rows in others.items()}
    after = await everything(connections, school)
    own = {table: [row for row in rows if key_of(row) not in known[table]] for table, rows in after.items()}
    # The teacher who has written the comment is nobody's family.
    own["app_user"] = [row for row in own["app_user"] if MARKS.text in row["username"]]
    return Class(student, others, own)


def marks_of(marks: Marks) -> list[str]:
    return [marks.text, marks.digits, marks.phone, marks.postal_code]


def unmarked(rows: list[Row], name: str) -> bool:
    told = str([row[name] for row in rows]).lower()
    return not any(mark.lower() in told for mark in [*marks_of(MARKS), MARKS.digits[-4:]])


def test_exceptions_are_columns_of_the_table() -> None:
    for table, name in [*UNFILLED, *UNMARKED]:
        assert name in HELD[table].columns


@pytest.mark.parametrize("table", HELD)
async def test_the_person_stands_in_every_column(classmates: Class, table: str) -> None:
    """Or what follows would prove nothing of it: a column that is new has to be filled by `create_marked`."""
    rows = classmates.own[table]
    for name, action in HELD[table].columns.items():
        if action == "keep" or (table, name) in UNFILLED:
            continue
        assert [row for row in rows if row[name] is not None], name
        if type(Base.metadata.tables[table].columns[name].type).__name__ in TEXTS and (table, name) not in UNMARKED:
            assert not unmarked(rows, name), name


def test_nothing_of_the_person_stands_elsewhere() -> None:
    """By the columns' names and what they refer to; who made or changed a row is staff's key."""
    for table in Base.metadata.tables.values():
        if table.name in HELD:
            continue
        named = {column.name for column in table.columns} & {"student_id", "guardian_id"}
        pointing = {key.column.table.name for key in table.foreign_keys} & {"student", "guardian", "report_card"}
        assert (named, pointing) == (set(), set()), table.name


async def test_rows_came_to_tables_that_are_held_alone(classmates: Class) -> None:
    assert {table for table, rows in classmates.own.items() if rows} == HELD.keys() - {"user_institution"}


def shown(table: str, row: Row) -> Iterator[tuple[str, Any]]:
    """What an export must say of a row."""
    for name, value in row.items():
        action = HELD[table].columns.get(name)
        if name not in SECRET and not name.endswith("_sealed") and action != "derived" and (action or name in STAMPS):
            yield name, value


async def test_the_export_is_all_of_the_one_and_nothing_of_the_other(execute: Execute, classmates: Class) -> None:
    found = (await execute(EXPORT, student=gid(classmates.student))).found["exportSubject"]
    for table in HELD:
        own = {key_of(row): row for row in classmates.own[table]}
        told = {key_of(row): row for row in found[table]}
        assert told.keys() == own.keys(), table
        for key, row in own.items():
            expected = dict(shown(table, row))
            assert {name: told[key][name] for name in expected} == expected, table
    assert found["student"][0].items() >= MARKS.sealed.items()
    said = orjson.dumps(found).decode()
    assert [mark for mark in marks_of(OTHER) if mark in said] == []
    assert {name for rows in found.values() for row in rows for name in row} & SECRET == set()


async def test_erasing_takes_all_of_the_one_and_nothing_of_the_other(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, classmates: Class
) -> None:
    sealed, values = await sealed_bytes(session, classmates.student), classmates.values()
    assert len(values) > 50
    averages = await _averages(session)
    await done(execute, "eraseSubject", "dryRun", student=gid(classmates.student), dryRun=False)
    assert where(await contents(connections, school), *marks_of(MARKS), *sealed, *values) == {}
    after = {
        table: {key_of(row): row for row in rows} for table, rows in (await everything(connections, school)).items()
    }
    for table, rows in classmates.others.items():
        assert [after[table].get(key_of(row)) for row in rows] == rows, table
    assert await _averages(session) == averages


async def test_of_rows_that_stay_the_columns_are_as_the_table_says(
    connections: OneConnection, school: School, execute: Execute, classmates: Class
) -> None:
    await done(execute, "eraseSubject", "dryRun", student=gid(classmates.student), dryRun=False)
    after = {
        table: {key_of(row): row for row in rows} for table, rows in (await everything(connections, school)).items()
    }
    for table, held in HELD.items():
        for before in classmates.own[table]:
            if held.goes:
                assert key_of(before) not in after[table], table
                continue
            row = after[table][key_of(before)]
            for name, action in held.columns.items():
                assert action != "null" or row[name] is None, (table, name)
                assert action != "keep" or row[name] == before[name], (table, name)


async def _averages(session: AsyncSession) -> list[Any]:
    return sorted(tuple(row) for row in await session.execute(text(AVERAGES)))


async def _lived(connections: OneConnection, session: AsyncSession, school: School, execute: Execute) -> Student:
    """A marked person whose account was used: by its owner, by the office, and by somebody who guessed."""
    student = await create_marked(session, school)
    user = await session.get_one(User, (school.id, student.user_id))
    user.password_hash, user.locked_until = await hash_password(PASSWORD), None
    await session.flush()
    given = {"firstName": f"{MARKS.text}renamed", "email": f"{MARKS.text}.new@example.org", "mobile": MARKS.phone}
    await done(execute, "updateUser", "__typename", id=gid(user), version=user.version, **given)
    await done(execute, "unlockUser", "__typename", id=gid(user))
    for password in (PASSWORD, "wrong"):
        found = {"institution": school.code, "username": user.username, "password": password}
        await execute(LOGIN, viewer=None, input=found)
    assert {type(note) for note in connections.notes} == {SignInFailed}
    own = school.viewer(Role.STUDENT, user_id=user.id)
    given = {"currentPassword": PASSWORD, "newPassword": "battery horse correct"}
    await done(execute, "changePassword", "__typename", viewer=own, **given)
    connections.notes = [Alarm(AlarmKind.MASS_READ, school.id, ActorKind.USER, user.id, NOW, "r", "192.0.2.77")]
    await connections.flush(NOW)
    return student


async def test_a_life_with_the_server_is_exported_and_erased(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute
) -> None:
    student = await _lived(connections, session, school, execute)
    user = student.user_id
    found = (await execute(EXPORT, student=gid(student))).found["exportSubject"]
    done_by = {row["action"] for row in found["activity_log"]}
    assert done_by >= {"user.update", "user.unlock", "login", "login.failed", "password.change", "alarm.mass_read"}
    assert [row["payload"]["alarm"] for row in found["outbox"] if row["topic"] == "alarm"] == ["mass_read"]
    assert f"{MARKS.text}renamed" in texts(found["audit_log"])
    await done(execute, "eraseSubject", "dryRun", student=gid(student), dryRun=False)
    left = await contents(connections, school)
    assert where(left, *marks_of(MARKS), "192.0.2.77") == {}
    acts = "SELECT count(*) FROM activity_log WHERE actor_id = :user AND address IS NOT NULL"
    assert await session.scalar(text(acts), {"user": user}) == 0


ALLOWED = [(Role.ADMIN,), (Role.SUPERADMIN,), (Role.ADMIN, Role.STUDENT)]
REFUSED = [
    (),
    *((role,) for role in Role if role not in (Role.ADMIN, Role.SUPERADMIN)),
    tuple(role for role in Role if role not in (Role.ADMIN, Role.SUPERADMIN)),
]


@pytest.mark.parametrize("roles", ALLOWED)
async def test_who_may_export_and_erase(
    session: AsyncSession, school: School, execute: Execute, roles: tuple[Role, ...]
) -> None:
    student = await create_marked(session, school)
    viewer = school.viewer(*roles, user_id=99)
    found = (await execute(EXPORT, viewer=viewer, student=gid(student))).found["exportSubject"]
    assert found["student"][0]["national_id"] == MARKS.digits
    for dry in (True, False):
        payload = await mutate(
            execute, "eraseSubject", "student { fullName }", viewer=viewer, student=gid(student), dryRun=dry
        )
        assert (payload["student"], payload["errors"]) == ({"fullName": "Erased Student"}, [])


@pytest.mark.parametrize("roles", REFUSED)
async def test_who_may_not_though_it_is_the_own_record(
    connections: OneConnection, session: AsyncSession, school: School, execute: Execute, roles: tuple[Role, ...]
) -> None:
    student = await create_marked(session, school)
    viewer = school.viewer(*roles, user_id=student.user_id or 0)
    before = await contents(connections, school)
    answer = await execute(EXPORT, viewer=viewer, refused=True, student=gid(student))
    assert (answer.refusal[0], answer.data, answer.statements) == ("FORBIDDEN", {"exportSubject": None}, 0)
    for dry in ("true", "false"):
        document = f'mutation {{ eraseSubject(input: {{student: "{gid(student)}", dryRun: {dry}}}) {{ dryRun }} }}'
        answer = await execute(document, viewer=viewer, refused=True)
        assert (answer.refusal[0], answer.data, answer.statements) == ("FORBIDDEN", {"eraseSubject": None}, 0)
    assert await contents(connections, school) == before


async def test_who_is_not_signed_in_may_neither(session: AsyncSession, school: School, execute: Execute) -> None:
    student = await create_marked(session, school)
    answer = await execute(EXPORT, viewer=None, refused=True, student=gid(student))
    assert (answer.refusal[0], answer.statements) == ("UNAUTHENTICATED", 0)
