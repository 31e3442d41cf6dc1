"""Erasing a person: the school keeps its counts and averages, and nothing that says whose they were.

Rows are changed or removed by `resolvers.privacy.held`, set by set; then the trail is blotted out, with what it has
just been told of this very change. The bytes of photos go once all of it is committed. Names in free texts about
others, such as a task's title, are not found.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from models import Base, Student
from resolvers.context import Context
from resolvers.errors import Conflict
from resolvers.files.store import Unsettled
from resolvers.identity.revocation import forget_user
from resolvers.privacy.found import NAMED, People, people, selection
from resolvers.privacy.gone import gone_records, gone_rows, gone_student
from resolvers.privacy.held import HELD, Held
from resolvers.privacy.marks import TELLING, Rows, marks
from resolvers.privacy.neutral import NEUTRAL
from resolvers.rows import Row
from resolvers.unit_of_work import Change
from resolvers.writing.json_values import as_json

MODELS: Mapping[str, type[Base]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
# What the trail calls the things that are done with records of a table, where that is not the table's name.
TOPICS = {"app_user": "user"}
_TRAIL = 'SELECT "table", changed FROM erase_from_trail($1::jsonb, $2::bigint[], $3::jsonb, $4::text[])'


@dataclass(frozen=True)
class ErasedTable:
    """How many rows of a table were changed, and how many removed."""

    table: str
    changed: int
    removed: int


@dataclass(frozen=True)
class Erasure:
    student: int
    dry_run: bool
    tables: list[ErasedTable]


def _wanted(held: Held) -> str:
    """The columns that erasing has to know of each row."""
    names = {*held.keys, *held.erased, *TELLING.get(held.table, ())}
    if held.table == "guardian":
        names.add("full_name")
    if held.table == "stored_file":
        names.add("location")
    if held.table == "external_id":
        names |= {"entity", "value"}
    return ", ".join(f"t.{name}" for name in sorted(names))


def _neutral(held: Held, row: Any, now: datetime.datetime) -> dict[str, Any]:
    """The row's key, and its columns as they are to be."""
    key = {name: row[name] for name in held.keys}
    columns = {
        name: NEUTRAL[held.table, name](row, now) if action == "neutral" else None
        for name, action in held.columns.items()
        if name in held.erased
    }
    return key | columns


async def _erase(change: Change, held: Held, rows: Sequence[Any], now: datetime.datetime) -> ErasedTable:
    model = MODELS[held.table]
    if held.goes:
        removed = await change.delete_rows(model, [{name: row[name] for name in held.keys} for row in rows])
        return ErasedTable(held.table, 0, len(removed))
    changed = await change.update_rows(model, [_neutral(held, row, now) for row in rows]) if held.erased else []
    return ErasedTable(held.table, len(changed), 0)


def _records(who: People, rows: Rows, gone: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    """Whose entries the trail is to be blotted out of: by table, or by what the trail calls its records."""
    return [
        {
            "table": held.table,
            "entity": TOPICS.get(held.table, held.table),
            "ids": [row["id"] for row in rows[held.table]] + gone.get(held.table, []),
            "students": who.students if "student_id" in held.columns else [],
            "kept": list(held.kept),
        }
        for held in [*NAMED, HELD["external_id"]]
    ]


def _named(who: People, rows: Rows, gone: Mapping[str, list[int]]) -> dict[str, bool]:
    """The ids by which clients know the person's records, as they stand in answers and events."""
    found = {f"student {key}": True for key in who.students}
    for held in HELD.values():
        if held.prefix is not None:
            for row in rows[held.table]:
                day = f"{row['date']:%Y%m%d}_" if "date" in held.keys else ""
                found[f"{held.prefix}_{day}{row['id']}"] = True
            found |= {f"{held.prefix}_{key}": True for key in gone.get(held.table, [])}
    return found


async def _erase_trail(
    driver: "asyncpg.Connection[Row]", who: People, rows: Rows, texts: list[str]
) -> list[ErasedTable]:
    gone = await gone_records(driver, who)
    given = as_json(_records(who, rows, gone)), who.users, as_json(_named(who, rows, gone)), texts
    return [ErasedTable(row["table"], row["changed"], 0) for row in await driver.fetch(_TRAIL, *given)]


def _as_row(table: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A row that is there no more, as `marks` looks at one."""
    names = ("first_name", "last_name", "single_name", "entity", "value")
    row: dict[str, Any] = dict.fromkeys((*TELLING.get(table, ()), *names)) | dict(told)
    return row | {"full_name": row["single_name"] or f"{row['first_name']} {row['last_name']}"}


async def _marks(
    driver: "asyncpg.Connection[Row]", who: People, rows: Rows, told: Mapping[str, Any] | None
) -> list[str]:
    """What tells the person, in what stands of them and in what went before."""
    known = {**rows} if told is None else {**rows, "student": [_as_row("student", told)]}
    for table in ("guardian", "external_id"):
        gone = [_as_row(table, row) for row in await gone_rows(driver, who, table)]
        known[table] = [*rows[table], *gone]
    return await marks(driver, who, known)


async def erase_subject(context: Context, *, student: int, dry_run: bool) -> Erasure:
    """Erase a student, and those of whom the school knows only for the student; `dry_run` only counts.

    Of a student who has been removed, as an import taken back does it, what the trail still tells is erased.

    Raises NotFound, and Conflict where the student's account has a role of its own at the school.
    """
    async with context.change("student.erase") as change:
        driver = await change.unit.driver()
        told = await gone_student(driver, change.institution_id, student)
        if told is None:
            await change.one(Student, student, field="student")
        who = await people(driver, change.institution_id, student)
        if who.on_staff:
            raise Conflict(
                "student: the student's account has another role at the school: part them first", field="student"
            )
        held = [each for each in HELD.values() if each.goes or each.erased]
        rows = {
            each.table: await driver.fetch(selection(each, _wanted(each)), *who.arguments) for each in HELD.values()
        }
        change.unit.unsettled += [Unsettled(change.institution_id, row["location"]) for row in rows["stored_file"]]
        texts = await _marks(driver, who, rows, told)
        tables = [await _erase(change, each, rows[each.table], context.now) for each in held]
        tables += await _erase_trail(driver, who, rows, texts)
        for user in who.users:
            await forget_user(change.session, change.institution_id, user)
        tables = [each for each in tables if each.changed or each.removed]
        change.details |= {"id": student, "rows": {each.table: each.changed + each.removed for each in tables}}
        change.publish("student", student, {"action": "erase", "id": student})
        if dry_run:
            context.rehearse()
    return Erasure(student, dry_run, tables)
