"""An import of students taken back: they are removed, and not only retired, as if they had never been there."""

from sqlalchemy import ARRAY, BigInteger, all_, any_, bindparam, func, select

from models import ExternalId, Operation, Student
from resolvers.errors import Conflict
from resolvers.unit_of_work import Change
from resolvers.writing.references import told_count, used_among
from resolvers.writing.undoing import FIELD, Undone, hold_left


async def take_import_back(change: Change, operation: Operation) -> Undone:
    """Remove the students with their external ids, while nobody has changed one and nothing refers to any."""
    students, names = operation.summary["students"], operation.summary["names"]
    for model, keys in ((Student, students), (ExternalId, names)):
        await hold_left(change, model, [({"id": key}, 1) for key in keys])
    used = [*await used_among(change, Student, students), *await _named_since(change, students, names)]
    if used:
        raise Conflict(f"{FIELD}: its students have {' and '.join(used)} by now", field=FIELD)
    removed = await change.delete_rows(ExternalId, [{"id": key} for key in names])
    removed += await change.delete_rows(Student, [{"id": key} for key in students])
    for key in students:
        change.publish("student", key, {"action": "delete", "id": key})
    return Undone(len(removed), 0)


async def _named_since(change: Change, students: list[int], names: list[int]) -> list[str]:
    """Names in other systems that the import did not give."""
    found = select(func.count()).where(
        ExternalId.institution_id == change.institution_id,
        ExternalId.entity == Student.__tablename__,
        ExternalId.record_id == any_(bindparam("students", students, type_=ARRAY(BigInteger))),
        ExternalId.id != all_(bindparam("names", names, type_=ARRAY(BigInteger))),
    )
    count = (await change.session.execute(found)).scalar_one()
    return [told_count("external_id", count)] if count else []
