"""What refers to a row: it keeps the row from being deleted, or goes with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    ForeignKeyConstraint,
    Table,
    and_,
    bindparam,
    func,
    literal,
    select,
)

from models import Base, ExternalId
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.content import is_tracked, table_of

# More than these are not counted.
COUNTED = 1000
# Tables in the school's words, one and many; the others are called as they are, with an s.
WORDS = {
    "app_user": ("user", "users"),
    "assessment_category": ("assessment category", "assessment categories"),
    "attendance": ("attendance mark", "attendance marks"),
    "attendance_taken": ("roll call", "roll calls"),
    "course_subject": ("subject of a course", "subjects of courses"),
    "course_teacher": ("teacher of a course", "teachers of courses"),
    "enrollment": ("course enrolment", "course enrolments"),
    "family_info": ("family record", "family records"),
    "grade": ("mark", "marks"),
    "grade_entry_reopening": ("reopening of grade entry", "reopenings of grade entry"),
    "rollover_line": ("line of a rollover plan", "lines of rollover plans"),
    "school_enrollment": ("school enrolment", "school enrolments"),
    "stored_file": ("file", "files"),
    "student_guardian": ("link of a guardian", "links of guardians"),
}


def _keys(table: Table) -> Iterator[ForeignKeyConstraint]:
    """Keys of other tables, and of its own, that lead to a table's rows."""
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_key_constraints:
            if key.referred_table is table and len(key.elements) > 1:
                yield key


def _leads(key: ForeignKeyConstraint, row: Base) -> ColumnElement[bool]:
    return and_(*(each.parent == getattr(row, each.column.name) for each in key.elements))


def _counted(key: ForeignKeyConstraint, row: Base) -> Any:
    some = select(literal(1)).select_from(key.table).where(_leads(key, row)).limit(COUNTED + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def told_count(table: str, count: int) -> str:
    """So many rows of a table, in the school's words."""
    one, many = WORDS.get(table, (table.replace("_", " "), f"{table.replace('_', ' ')}s"))
    if count > COUNTED:
        return f"more than {COUNTED} {many}"
    return f"{count} {one if count == 1 else many}"


async def unused(change: Change, row: Base) -> None:
    """Raise Conflict where rows refer to this one that do not go with it: which, and how many."""
    keys = [key for key in _keys(table_of(type(row))) if key.ondelete != "CASCADE"]
    if not keys:
        return
    counts = (await change.session.execute(select(*(_counted(key, row) for key in keys)))).one()
    found = [told_count(key.table.name, count) for key, count in zip(keys, counts, strict=True) if count]
    if found:
        raise Conflict(f"id: it is still used by {' and '.join(found)}", field="id")


async def used_among(
    change: Change, model: type[Base], keys: Sequence[int], *, but: Mapping[str, Sequence[int]]
) -> Sequence[str]:
    """What refers to rows with these keys, and how much of it, whether or not it would go with them.

    `but` are keys of rows that do not count, by table.
    """
    given = bindparam("keys", list(keys), type_=ARRAY(BigInteger))
    counts = []
    keys_to = list(_keys(table_of(model)))
    for key in keys_to:
        columns = {each.column.name: each.parent for each in key.elements}
        leads = and_(columns["institution_id"] == change.institution_id, columns["id"] == func.any(given))
        if own := but.get(key.table.name):
            leads = and_(leads, key.table.c.id != func.all(bindparam(None, list(own), type_=ARRAY(BigInteger))))
        some = select(literal(1)).select_from(key.table).where(leads).limit(COUNTED + 1)
        counts.append(select(func.count()).select_from(some.subquery()).scalar_subquery())
    found = (await change.session.execute(select(*counts))).one()
    return [told_count(key.table.name, count) for key, count in zip(keys_to, found, strict=True) if count]


async def remove_dependents(change: Change, row: Any) -> None:
    """Delete what goes with a row, as far as the audit tells of it: links, bands, names in other systems."""
    models = {table_of(mapper.class_): mapper.class_ for mapper in Base.registry.mappers}
    for key in _keys(table_of(type(row))):
        if key.ondelete == "CASCADE" and is_tracked(key.table):
            for other in await change.session.scalars(select(models[key.table]).where(_leads(key, row))):
                await change.session.delete(other)
    names = select(ExternalId).where(
        ExternalId.institution_id == change.institution_id,
        ExternalId.entity == row.__tablename__,
        ExternalId.record_id == row.id,
    )
    for name in await change.session.scalars(names):
        await change.session.delete(name)
    await change.session.flush()
