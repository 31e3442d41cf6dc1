"""What all of the trail has in common: who sees it, what it costs, and how far it is counted."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base, Role
from resolvers import counting
from tests.answers import run
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_student, gid
from tests.worlds import MARK, Worlds

OTHERS = [Role.REGISTRAR, Role.TEACHER, Role.REPORTER, Role.GUARDIAN, Role.STUDENT]


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", ["auditLog", "activityLog", "accessLog"])
async def test_nobody_else_sees_the_trail(worlds: Worlds, name: str, role: Role) -> None:
    assert (await worlds.ask(f"{{ {name} {{ totalCount nodes {{ id }} }} }}", role)).found == {
        name: {"totalCount": 0, "nodes": []}
    }


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERADMIN])
async def test_an_operator_sees_the_trail_too(worlds: Worlds, role: Role) -> None:
    found = (await worlds.ask("{ auditLog { totalCount } activityLog { totalCount } }", role)).found
    assert found == {"auditLog": {"totalCount": 50 * len(HISTORY_MODELS)}, "activityLog": {"totalCount": 50}}


async def test_others_see_no_history_of_what_they_see(worlds: Worlds) -> None:
    document = "{ students(first: 1) { nodes { history { id } accessLog { totalCount nodes { id } } } } }"
    empty = {"history": [], "accessLog": {"totalCount": 0, "nodes": []}}
    assert (await worlds.ask(document, Role.REPORTER)).found["students"]["nodes"] == [empty]


async def test_a_filter_cannot_ask_what_a_list_would_hide(worlds: Worlds) -> None:
    document = "query($where: AuditEntryWhere) { auditLog(where: $where) { nodes { id } } }"
    student = worlds.ours.gid(models.Student, 1)
    for where in ({"tableName": {"eq": "student"}}, {"record": {"eq": student}}, {"requestId": {"eq": "r"}}):
        answer = await worlds.ask(document, Role.REPORTER, where=where, refused=True)
        assert answer.refusal == ("FORBIDDEN", f"where.{next(iter(where))}")


@pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])
async def test_what_hangs_below_a_page_of_changes_costs_one_statement_a_relation(
    worlds: Worlds, planning: bool
) -> None:
    """Three hundred entries of six types, the users behind them, and what the records lead to."""
    document = """query($first: Int) { auditLog(first: $first) { nodes {
        changes { field }
        actor { roles { role } }
        record { id ... on Student { guardians { guardian { id } } } ... on Grade { subject { name } } }
    } } }"""
    answer = await worlds.ask(document, Role.ADMIN, Role.REPORTER, planning=planning, first=300)
    assert len(answer.found["auditLog"]["nodes"]) == 300
    assert answer.statements == 1 + 2 + 6 + 2 + 1


async def test_no_entry_shows_another_schools_record(worlds: Worlds) -> None:
    """Not even where the numbers of the records are theirs."""
    document = "{ auditLog(first: 300) { nodes { recordId record { id } changes { field before after } } } }"
    found = (await worlds.ask(document, Role.ADMIN, Role.REPORTER)).found["auditLog"]["nodes"]
    ours = {worlds.ours.gid(model, n) for model in HISTORY_MODELS for n in range(50)}
    assert {each["recordId"] for each in found} == {each["record"]["id"] for each in found} == ours
    assert MARK not in orjson.dumps(found).decode()


HISTORY_MODELS: list[type[Base]] = [
    models.Student,
    models.Grade,
    models.Enrollment,
    models.Attendance,
    models.ReportCard,
    models.ReportCardComment,
]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The trail is counted up to three."""
    caches: list[Any] = [counting.count_statement, counting.count_for]
    monkeypatch.setattr(counting, "COUNTED", 3)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("planning", [True, False], ids=["planned", "resolved"])
async def test_what_is_longer_than_is_counted_has_no_total(
    session: AsyncSession, school: School, connections: OneConnection, planning: bool
) -> None:
    students = [await create_student(session, school) for _ in range(3)]
    for student, count in zip(students, (0, 3, 4), strict=True):
        for _ in range(count):
            by = {"institution_id": school.id, "actor_kind": models.ActorKind.USER, "actor_id": 1}
            session.add(models.AccessEntry(**by, student_ids=[student.id]))
    await session.flush()
    document = """query($all: AccessEntryWhere) {
        some: accessLog(where: $all) { totalCount }
        every: accessLog { totalCount }
        students(orderBy: [{ field: CREATED_AT }]) { nodes { id accessLog(first: 2) { totalCount nodes { id } } } }
    }"""
    variables = {"all": {"students": {"has": gid(students[1])}}}
    found = (await run(connections, school.admin, document, variables, planning=planning)).found
    assert (found["some"]["totalCount"], found["every"]["totalCount"]) == (3, None)
    pages = {each["id"]: each["accessLog"] for each in found["students"]["nodes"]}
    assert [pages[gid(student)]["totalCount"] for student in students] == [0, 3, None]
    assert [len(pages[gid(student)]["nodes"]) for student in students] == [0, 2, 2]
