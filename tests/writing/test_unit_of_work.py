"""One unit of work: every change with its audit, its activity entry and its events, or nothing."""

import datetime
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    ActivityEntry,
    ActorKind,
    AuditEntry,
    Outbox,
    Subject,
    User,
    UserStatus,
)
from resolvers.context import Context
from resolvers.errors import Conflict, NotFound
from tests.answers import NOW
from tests.audited import audited
from tests.conftest import School
from tests.database import OneConnection
from tests.factories import create_subject, create_user
from tests.writing.conftest import ACTOR

TOLD: list[tuple[str, str, Any, Any]] = [
    (
        "app_user",
        "INSERT",
        None,
        {
            "username": "ravi",
            "password_hash": "***",
            "status": "ACTIVE",
            "must_change_password": False,
            "preferences": {"theme": "dark"},
        },
    ),
    (
        "app_user",
        "UPDATE",
        {"first_name": "Meera", "status": "ACTIVE", "deleted_at": None},
        {"first_name": None, "status": "INACTIVE", "deleted_at": "2025-01-02T03:04:05.6+00:00"},
    ),
    ("subject", "DELETE", {"name": "Latin"}, None),
]


async def change_three(session: AsyncSession, school: School, context: Context) -> User:
    """Adds a user, changes another, who is returned, and removes a subject."""
    old = await create_user(session, school, first_name="Meera")
    gone = await create_subject(session, school, name="Latin")
    async with context.change("user.update", why="test") as change:
        user = User(institution_id=school.id, username="ravi", preferences={"theme": "dark"}, password_hash="secret")
        change.session.add(user)
        seen = await change.one(User, old.id, version=1)
        seen.first_name, seen.status = None, UserStatus.INACTIVE
        seen.deleted_at = datetime.datetime(2025, 1, 2, 3, 4, 5, 600_000, datetime.UTC)
        await change.session.delete(await change.one(Subject, gone.id))
    return old


async def test_objects_are_stamped_and_versioned(session: AsyncSession, school: School, context: Context) -> None:
    old = await change_three(session, school, context)
    await session.refresh(old)
    assert (old.version, old.updated_by, old.updated_at, old.created_by) == (2, ACTOR, NOW, None)
    made = (await session.scalars(select(User).where(User.username == "ravi"))).one()
    assert (made.version, made.created_by, made.updated_by, made.created_at) == (1, ACTOR, ACTOR, NOW)


async def test_objects_are_told(session: AsyncSession, school: School, context: Context) -> None:
    await change_three(session, school, context)
    entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [(each.table_name, each.operation.value, each.before, each.after) for each in entries] == TOLD
    by = {(each.actor_kind, each.actor_id, each.at, each.request_id) for each in entries}
    assert by == {(ActorKind.USER, ACTOR, NOW, "request-1")}
    told = (await session.scalars(select(ActivityEntry))).one()
    assert (told.action, told.details, told.actor_id) == ("user.update", {"why": "test"}, ACTOR)
    assert (told.request_id, told.address, told.at) == ("request-1", "192.0.2.1", NOW)


async def test_the_audit_leads_from_before_to_after(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, context: Context
) -> None:
    user = await create_user(session, school, preferences={"a": None}, password_hash="old")
    async with audited(connections, school, other_school):
        async with context.change("user.update") as change:
            seen = await change.one(User, user.id)
            seen.preferences, seen.email = {"a": {"b": None}}, "m@example.org"
            await change.session.flush()
            seen.email, seen.password_hash = "n@example.org", "new"
        async with context.change("user.update") as change:
            (await change.one(User, user.id)).username = None
            await change.update_rows(User, [{"id": user.id, "preferences": {}, "password_hash": None}])


async def test_an_event_is_written_with_the_change(session: AsyncSession, school: School, context: Context) -> None:
    async with context.change("subject.create") as change:
        (made,) = await change.insert_rows(Subject, [{"name": "Latin"}])
        change.publish("subject", made, {"action": "create", "day": datetime.date(2025, 1, 1)}, schema_version=2)
    sent = (await session.scalars(select(Outbox))).one()
    assert (sent.topic, sent.key, sent.payload, sent.schema_version, sent.created_at) == (
        ("subject", str(made), {"action": "create", "day": "2025-01-01"}, 2, NOW)
    )


async def test_a_failure_leaves_nothing(
    connections: OneConnection, session: AsyncSession, school: School, context: Context
) -> None:
    async def fail() -> None:
        async with context.change("subject.create") as change:
            await change.insert_rows(Subject, [{"name": "Latin"}])
            change.session.add(Subject(institution_id=school.id, name="Greek"))
            raise ZeroDivisionError

    async with audited(connections, school, nothing=True):
        with pytest.raises(ZeroDivisionError):
            await fail()
    assert (await session.scalars(select(ActivityEntry))).all() == []


WAYS_PAST: list[Any] = [
    update(User).values(first_name="Eve"),
    text("UPDATE app_user SET first_name = 'Eve'"),
    text("SELECT 1"),
]


@pytest.mark.parametrize("statement", WAYS_PAST, ids=["core", "text", "read"])
async def test_no_statement_writes_past_the_audit(
    connections: OneConnection, session: AsyncSession, school: School, context: Context, statement: Any
) -> None:
    await create_user(session, school)
    async with audited(connections, school, nothing=True):
        with pytest.raises(RuntimeError, match="past the audit"):
            async with context.change("user.update") as change:
                await change.session.execute(statement)


async def test_nothing_is_written_outside_of_a_change(
    connections: OneConnection, session: AsyncSession, school: School, context: Context
) -> None:
    user = await create_user(session, school)

    async def write_late() -> None:
        async with context.mutation():
            async with context.change("user.update") as change:
                seen = await change.one(User, user.id)
            seen.first_name = "Eve"

    async with audited(connections, school, nothing=True):
        with pytest.raises(RuntimeError, match="User was changed outside of any change"):
            await write_late()


@pytest.mark.parametrize("statement", [*WAYS_PAST[:2], None], ids=["core", "text", "object"])
async def test_a_session_without_a_change_writes_nothing_that_has_an_audit(
    connections: OneConnection, session: AsyncSession, school: School, statement: Any
) -> None:
    user = await create_user(session, school)

    async def write() -> None:
        async with connections.write(school.id, 60) as bare:
            if statement is not None:
                await bare.execute(statement)
            else:
                (await bare.get_one(User, (school.id, user.id))).first_name = "Eve"

    async with audited(connections, school, nothing=True):
        with pytest.raises(RuntimeError, match="past the audit"):
            await write()


async def test_what_the_server_counts_moves_neither_version_nor_audit(
    connections: OneConnection, session: AsyncSession, school: School, context: Context
) -> None:
    user = await create_user(session, school)
    async with audited(connections, school), context.change("login") as change:
        await change.count(User, user.id, failed_logins=3, last_login_at=NOW)
    await session.refresh(user)
    assert (user.version, user.failed_logins, user.last_login_at) == (1, 3, NOW)
    assert (await session.scalars(select(AuditEntry))).all() == []
    with pytest.raises(ValueError, match="first_name"):
        async with context.change("login") as change:
            await change.count(User, user.id, first_name="Eve")


async def test_a_row_is_found_by_key_tenant_and_version(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, context: Context
) -> None:
    user = await create_user(session, school)
    await connections.enter(other_school.id, 60)
    stranger = await create_user(session, other_school)
    await connections.enter(school.id, 60)
    for key in (0, stranger.id):
        with pytest.raises(NotFound, match="user: there is no User with this id"):
            async with context.change("user.update") as change:
                await change.one(User, key, field="user")
    with pytest.raises(Conflict) as refused:
        async with context.change("user.update") as change:
            await change.one(User, user.id, version=2)
    assert (refused.value.field, refused.value.record, refused.value.version) == ("version", user.id, 1)
