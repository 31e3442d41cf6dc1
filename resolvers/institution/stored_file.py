"""The file that somebody asks for by its key, as far as they may see it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select

from models import Role, StoredFile, Student
from models.computed import tenant
from resolvers.access import scope
from resolvers.context import Context
from resolvers.statements import Statement, compiled


@lru_cache(maxsize=64)
def _statement(roles: frozenset[Role]) -> Statement:
    """Absent and hidden files, and those of another school, take the same statement."""
    shown = select(Student.id).where(
        Student.institution_id == StoredFile.institution_id,
        Student.photo_id == StoredFile.id,
        scope(Student, Student, roles),
    )
    columns = StoredFile.name, StoredFile.content_type, StoredFile.sha256, StoredFile.location
    found = select(*columns, func.array(shown.scalar_subquery()).label("students")).where(
        StoredFile.institution_id == tenant(),
        StoredFile.id == bindparam("key", type_=BigInteger()),
        scope(StoredFile, StoredFile, roles),
    )
    # Whoever sees a photo has seen the record of the student, but of nobody else who has the same one.
    return compiled(found, StoredFile, subjects=lambda rows, _: [each for row in rows for each in row[-1]])


async def find_file(context: Context, key: int) -> Any:
    """Name, type, hash and location of a file; None where there is none that the viewer may see."""
    rows = await context.fetch(_statement(context.viewer.roles), key=key)
    return rows[0] if rows else None
