"""A student with marked texts in every column that can hold one, a family, accounts, and a trail that tells of them."""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base
from resolvers.people.student_secrets import new_keys, sealed_columns
from resolvers.privacy.held import HELD
from tests import factories as make
from tests.conftest import School
from tests.database import OneConnection
from tests.sealing import SEALER

MARK = "Qxj"
DIGITS = "777712345678"
PHONE = "7777654321"
TOLD = {"national_id": DIGITS, "health": f"{MARK} asthma", "identifying_marks": f"{MARK} scar"}
TRAIL = ("audit_log", "activity_log", "access_log", "outbox", "idempotency_key", "operation")
FORMED = {
    "email": f"{MARK}@example.org",
    "mobile": PHONE,
    "phone": PHONE,
    "postal_code": "777766",
    "country": "IN",
    "username": f"{MARK}.user",
    "currency": "INR",
    "national_id_last4": "5678",
}


def marked(model: type[Base], **more: Any) -> dict[str, Any]:
    """A value with the mark for every free text of the model, and something for what else may be null."""
    table = Base.metadata.tables[model.__tablename__]
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name in HELD[table.name].columns and column.computed is None and not column.foreign_keys:
            if column.name in FORMED:
                found[column.name] = FORMED[column.name]
            elif type(column.type).__name__ in ("String", "Text"):
                found[column.name] = f"{MARK} {column.name}"[: getattr(column.type, "length", None)]
            elif type(column.type).__name__ == "Boolean":
                found[column.name] = True
    return found | more


async def _family(session: AsyncSession, school: School, student: models.Student, account: models.User) -> None:
    guardian = await make.create_guardian(
        session, school, **marked(models.Guardian, user_id=account.id, income=Decimal(5), single_name=None)
    )
    await make.link_guardian(session, student, guardian, **marked(models.StudentGuardian, contact_priority=1))
    await make.create_family_info(session, student, **marked(models.FamilyInfo, help_amount=Decimal(7)))
    await make.create_scholarship(session, student, **marked(models.Scholarship, amount=Decimal(9)))


async def _lessons(session: AsyncSession, school: School, student: models.Student) -> None:
    year = await make.create_school_year(session, school)
    course, subject = await make.create_course(session, year), await make.create_subject(session, school)
    semester = await make.create_semester(session, year)
    await make.admit(session, student, year)
    day = datetime.date(2025, 9, 2)
    dropped = {"status": models.EnrollmentStatus.DROPPED, "end_date": day, "drop_date": day}
    await make.enroll(session, student, course, **dropped, drop_reason=f"{MARK} moved")
    await make.grade(session, student, course, subject, comment=f"{MARK} good")
    await make.mark_attendance(session, student, course, reason=f"{MARK} ill")
    card = models.ReportCard(
        institution_id=school.id,
        student_id=student.id,
        course_id=course.id,
        semester_id=semester.id,
        content={"name": MARK},
    )
    session.add(card)
    await session.flush()
    said = {"kind": models.ReportCardCommentKind.HEAD, "text": f"{MARK} works hard"}
    session.add(models.ReportCardComment(institution_id=school.id, report_card_id=card.id, **said))


async def _account(session: AsyncSession, school: School, role: models.Role, **more: Any) -> models.User:
    user = await make.create_user(session, school, **marked(models.User, preferences={"greeting": MARK}, **more))
    await make.give_role(session, user, role)
    now = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)
    place = {"institution_id": school.id, "user_id": user.id, "token_hash": user.id.to_bytes(32)}
    session.add(
        models.Session(**place, acting_institution_id=school.id, expires_at=now, user_agent=MARK, address=f"{MARK}::1")
    )
    session.add(models.ResetToken(**place, expires_at=now))
    return user


async def _photo(session: AsyncSession, school: School) -> int:
    file = models.StoredFile(
        institution_id=school.id,
        name=f"{MARK}.png",
        content_type="image/png",
        size=1,
        sha256=b"7" * 32,
        location=f"{MARK}/photo",
    )
    session.add(file)
    await session.flush()
    return file.id


async def _trail(session: AsyncSession, school: School, student: models.Student, account: models.User) -> None:
    by = {"institution_id": school.id, "actor_kind": models.ActorKind.USER, "actor_id": account.id}
    row = {"table_name": "student", "record_id": student.id, "operation": models.AuditOperation.UPDATE}
    gone = {"table_name": "family_info", "record_id": 10**9, "operation": models.AuditOperation.DELETE}
    told = {"first_name": f"{MARK}a", "gone_column": MARK, "gender": "FEMALE"}
    shown = {"student": {"id": f"stu_{student.id}", "firstName": MARK}, "other": {"id": "stu_1", "firstName": "Ravi"}}
    session.add_all(
        [
            models.AuditEntry(**by, **row, before=told, after=told | {"first_name": f"{MARK}b"}),
            models.AuditEntry(**by, **gone, before={"student_id": student.id, "church": MARK}),
            models.ActivityEntry(**by, action="login", details={"user": f"{MARK}.user"}, address=f"{MARK}::1"),
            models.ActivityEntry(
                institution_id=school.id,
                actor_kind=models.ActorKind.SYSTEM,
                action="student.create",
                details={"id": student.id, "name": f"{MARK} first"},
            ),
            models.AccessEntry(**by, student_id=student.id, purpose="Read"),
            models.Outbox(
                institution_id=school.id, topic="student", key=str(student.id), payload={"id": student.id, "name": MARK}
            ),
            models.IdempotencyKey(
                institution_id=school.id, key="k", actor_id=1, request_hash=b"8" * 32, answer={"list": [shown]}
            ),
            models.Operation(**by, action="import", request_id="r", summary={"skipped": [f"line 3: {PHONE} twice"]}),
        ]
    )


async def create_marked(session: AsyncSession, school: School) -> models.Student:
    (key,) = await new_keys(session, 1)
    own = await _account(session, school, models.Role.STUDENT, photo_id=await _photo(session, school))
    theirs = await _account(
        session, school, models.Role.GUARDIAN, username=f"{MARK}.guardian", email=f"{MARK}.guardian@example.org"
    )
    values = marked(models.Student, student_number=f"{MARK}-STU-1", photo_id=own.photo_id, user_id=own.id)
    student = await make.create_student(
        session, school, id=key, **(values | sealed_columns(SEALER, school.id, key, TOLD))
    )
    await _family(session, school, student, theirs)
    await _lessons(session, school, student)
    name = {"institution_id": school.id, "entity": "student", "record_id": student.id, "system": MARK}
    session.add(models.ExternalId(**name, value=f"{MARK}-source"))
    await _trail(session, school, student, own)
    await session.flush()
    return student


async def contents(connections: OneConnection, school: School) -> dict[str, list[str]]:
    """Every row of every table of the school in text form, bytes in hexadecimal."""
    await connections.enter(school.id, 60)
    driver = await connections.driver()
    found = {}
    for table in Base.metadata.tables:
        found[table] = [row[0] for row in await driver.fetch(f"SELECT to_jsonb(t)::text FROM {table} t")]
    return found


def where(found: dict[str, list[str]], *texts: str) -> dict[str, list[str]]:
    """The rows in which one of the texts stands, as it is or as bytes."""
    wanted = [form.lower() for each in texts for form in (each, each.encode().hex())]
    hits = {
        table: [row for row in rows if any(each in row.lower() for each in wanted)] for table, rows in found.items()
    }
    return {table: rows for table, rows in hits.items() if rows}


async def sealed_bytes(session: AsyncSession, student: models.Student) -> list[str]:
    columns = "national_id_sealed, national_id_index, health_sealed, identifying_marks_sealed"
    row = (await session.execute(text(f"SELECT {columns} FROM student WHERE id = :id"), {"id": student.id})).one()
    return [bytes(each).hex() for each in row]
