"""Everything that is held about a student, as one JSON document: each table of `resolvers.privacy.held` with its rows.

For ADMIN, who hands it to the person after having looked at it: it holds what concerns others too, such as a
restriction of contact or another guardian's address, and what the families' roles are not shown.
"""

from functools import lru_cache
from typing import Any

import orjson

from models import Base, Role, Student
from models.computed import Sealed
from resolvers.context import Context
from resolvers.errors import Forbidden
from resolvers.privacy.found import PEOPLE, People, selection
from resolvers.privacy.held import HELD, Held
from resolvers.rows import Row
from resolvers.statements import Statement
from resolvers.unsealing import opener

READERS = frozenset({Role.ADMIN, Role.SUPERADMIN})
ARGUMENTS = ("tenant", "students", "guardians", "users", "files")
SEALED = {name: each.column for name, each in vars(Student).items() if isinstance(each, Sealed)}
# What opens an account or a seal says nothing about the person.
SECRET = frozenset({"password_hash", "token_hash", "request_hash", "checksum", "sha256", "national_id_index"})
STAMPS = ("id", "created_at", "updated_at", "version")
_PEOPLE = Statement(PEOPLE, ("tenant", "student"), Row, {})


def shown(held: Held) -> tuple[str, ...]:
    """The columns that are told, each as `_expression` says."""
    columns = Base.metadata.tables[held.table].columns
    told = [name for name, action in held.columns.items() if action != "derived"]
    hidden = SECRET | (set(SEALED.values()) if held.table == "student" else set())
    return (*(name for name in STAMPS if name in columns), *(name for name in told if name not in hidden))


def _expression(held: Held, name: str) -> str:
    """SQL: what is told of a column of the rows `t`."""
    own = f"ARRAY(SELECT e.key FROM unnest(t.{name}) AS e(key) WHERE e.key = ANY(k.students))"
    return own if held.columns.get(name) == "own" else f"t.{name}"


@lru_cache(maxsize=64)
def statement(held: Held) -> Statement:
    # Built from arrays, since a function takes no more than a hundred arguments.
    names = ", ".join(f"'{name}'" for name in shown(held))
    values = ", ".join(f"to_jsonb({_expression(held, name)})" for name in shown(held))
    each = f"unnest(ARRAY[{names}], ARRAY[{values}]) AS e(name, value)"
    content = f"(SELECT jsonb_object_agg(e.name, e.value) FROM {each})::text"
    sealed = "".join(f", t.{column} AS {name}" for name, column in SEALED.items()) if held.table == "student" else ""
    sql = selection(held, f"t.id, {content} AS content{sealed}")
    return Statement(sql, ARGUMENTS, Row, {}, lambda rows, values: values["students"] if rows else ())


def _content(context: Context, held: Held, row: Any) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(row["content"])
    if held.table == "student":
        content |= {name: opener(context, Student, name)(row[name], row["id"]) for name in SEALED}
    return content


async def export_subject(context: Context, student: int) -> dict[str, Any] | None:
    """Rows by table, `{"student": [{"first_name": …}], …}`; None where there is no such student.

    Raises Unauthenticated, and Forbidden where the viewer is no ADMIN.
    """
    if not READERS & context.viewer.roles:
        raise Forbidden("exportSubject is for ADMIN and SUPERADMIN")
    (row,) = await context.fetch(_PEOPLE, student=student)
    who = People(context.viewer.institution_id, **dict(row))
    keys = dict(zip(ARGUMENTS[1:], who.arguments[1:], strict=True))
    found = {}
    for held in HELD.values():
        rows = await context.fetch(statement(held), **keys)
        found[held.table] = [_content(context, held, row) for row in rows]
    return found if found["student"] else None
