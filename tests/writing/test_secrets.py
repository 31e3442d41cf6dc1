"""Sealed texts as a unit of work writes them: masked in the audit, kept by the rules, never told in a refusal."""

import datetime
import json

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import AuditEntry, Gender, Student
from resolvers.context import Context
from resolvers.errors import Conflict
from resolvers.people.student_secrets import new_keys, sealed_columns
from tests.audited import audited
from tests.conftest import School
from tests.database import OneConnection
from tests.sealing import SEALER

GIVEN = {"national_id": "234523452345", "health": "Asthma", "identifying_marks": None}


async def create(context: Context, session: AsyncSession, school: School, number: str) -> int:
    (key,) = await new_keys(session, 1)
    async with context.change("student.create") as change:
        student = Student(
            institution_id=school.id,
            id=key,
            student_number=number,
            first_name="Asha",
            last_name="Rao",
            gender=Gender.FEMALE,
            date_of_birth=datetime.date(2013, 5, 17),
            registration_date=datetime.date(2025, 6, 1),
            **sealed_columns(SEALER, school.id, key, GIVEN),
        )
        change.session.add(student)
    return key


async def test_the_audit_masks_what_is_sealed(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, context: Context
) -> None:
    async with audited(connections, school, other_school):
        key = await create(context, session, school, "STU-1")
        changed = sealed_columns(SEALER, school.id, key, {"national_id": "999999999999", "health": None})
        async with context.change("student.update") as change:
            await change.update_rows(Student, [{"id": key} | changed])
    made, updated = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    masked = {"national_id_sealed": "***", "national_id_index": "***", "health_sealed": "***"}
    assert made.after is not None
    assert {name: made.after[name] for name in masked} == masked
    assert made.after["national_id_last4"] == "2345"
    assert updated.before == masked | {"national_id_last4": "2345"}
    assert updated.after == masked | {"national_id_last4": "9999", "health_sealed": None}
    told = json.dumps([made.after, updated.before, updated.after])
    for secret in ("234523452345", "999999999999", "Asthma"):
        assert secret not in told


async def test_a_national_id_of_another_is_a_conflict_that_does_not_say_it(
    connections: OneConnection, session: AsyncSession, school: School, other_school: School, context: Context
) -> None:
    await create(context, session, school, "STU-1")
    async with audited(connections, school, other_school):
        with pytest.raises(Conflict) as caught:
            await create(context, session, school, "STU-2")
    assert (caught.value.message, caught.value.field) == ("nationalId: is another student's already", "nationalId")
