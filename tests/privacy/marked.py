"""A student with marked texts in every column that can hold one, a family, accounts, and a trail that tells of them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base
from resolvers.people.student_secrets import new_keys, sealed_columns
from resolvers.privacy.held import HELD
from tests import factories as make
from tests.conftest import School
from tests.database import OneConnection
from tests.sealing import SEALER


@dataclass(frozen=True)
class Marks:
    """What tells one person from all others, wherever it stands."""

    text: str
    digits: str
    phone: str
    postal_code: str

    @property
    def sealed(self) -> dict[str, str]:
        text = self.text
        return {"national_id": self.digits, "health": f"{text} asthma", "identifying_marks": f"{text} scar"}

    @property
    def formed(self) -> dict[str, str]:
        """Values of columns that take no text of any form."""
        return {
            "email": f"{self.text}@example.org",
            "mobile": self.phone,
            "phone": self.phone,
            "postal_code": self.postal_code,
            "country": "IN",
            "username": f"{self.text}.user",
            "currency": "INR",
            "national_id_last4": self.digits[-4:],
        }


NOW = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)
MARK, DIGITS, PHONE = "Qxj", "777712345678", "7777654321"
MARKS = Marks(MARK, DIGITS, PHONE, "777766")
# Of somebody else, in the same class.
OTHER = Marks("Wvk", "888812345670", "8888654320", "888866")
TOLD = MARKS.sealed
TRAIL = ("audit_log", "activity_log", "access_log", "outbox", "idempotency_key", "operation")


def marked(model: type[Base], marks: Marks, **more: Any) -> dict[str, Any]:
    """A value with the mark for every free text of the model, and something for what else may be null."""
    table = Base.metadata.tables[model.__tablename__]
    found: dict[str, Any] = {}
    for column in table.columns:
        if column.name in HELD[table.name].columns and column.computed is None and not column.foreign_keys:
            if column.name in marks.formed:
                found[column.name] = marks.formed[column.name]
            elif type(column.type).__name__ in ("String", "Text"):
                found[column.name] = f"{marks.text} {column.name}"[: getattr(column.type, "length", None)]
            elif type(column.type).__name__ == "Boolean":
                found[column.name] = True
    return found | more


async def _family(
    session: AsyncSession, school: School, marks: Marks, student: models.Student, account: models.User
) -> None:
    more = {"user_id": account.id, "income": Decimal(5), "number_of_children": 3, "single_name": None}
    guardian = await make.create_guardian(session, school, **marked(models.Guardian, marks, **more))
    await make.link_guardian(session, student, guardian, **marked(models.StudentGuardian, marks, contact_priority=1))
    await make.create_family_info(session, student, **marked(models.FamilyInfo, marks, help_amount=Decimal(7)))
    await make.create_scholarship(session, student, **marked(models.Scholarship, marks, amount=Decimal(9)))


async def _class(session: AsyncSession, school: School) -> tuple[models.Course, models.Subject, models.Semester]:
    """The one that all are in."""
    if (course := await session.scalar(select(models.Course))) is None:
        year = await make.create_school_year(session, school)
        await make.create_subject(session, school)
        await make.create_semester(session, year)
        course = await make.create_course(session, year)
    subject, semester = await session.scalar(select(models.Subject)), await session.scalar(select(models.Semester))
    assert subject is not None
    assert semester is not None
    return course, subject, semester


async def _lessons(session: AsyncSession, school: School, marks: Marks, student: models.Student) -> None:
    course, subject, semester = await _class(session, school)
    await make.admit(session, student, await session.get_one(models.SchoolYear, (school.id, course.school_year_id)))
    day = datetime.date(2025, 9, 2)
    dropped = {"status": models.EnrollmentStatus.DROPPED, "end_date": day, "drop_date": day}
    await make.enroll(session, student, course, **dropped, drop_reason=f"{marks.text} moved")
    await make.grade(session, student, course, subject, comment=f"{marks.text} good")
    await make.mark_attendance(session, student, course, reason=f"{marks.text} ill")
    card = models.ReportCard(
        institution_id=school.id,
        student_id=student.id,
        course_id=course.id,
        semester_id=semester.id,
        state=models.ReportCardState.PUBLISHED,
        content={"name": marks.text},
        checksum=b"6" * 32,
        published_at=NOW,
        reopened_at=NOW,
        reopen_reason=f"{marks.text} was marked wrongly",
    )
    session.add(card)
    await session.flush()
    await _next_year(session, school, marks, student)
    teacher = await make.create_user(session, school)
    said = {"kind": models.ReportCardCommentKind.TEACHER, "subject_id": subject.id, "author_id": teacher.id}
    comment = {"text": f"{marks.text} works hard", **said}
    session.add(models.ReportCardComment(institution_id=school.id, report_card_id=card.id, **comment))


async def _next_year(session: AsyncSession, school: School, marks: Marks, student: models.Student) -> None:
    """A line of the plan that all are in."""
    if (plan := await session.scalar(select(models.RolloverPlan))) is None:
        ends = (await session.scalars(select(models.SchoolYear))).one()
        days = {"start_date": datetime.date(2026, 6, 1), "end_date": datetime.date(2027, 4, 30)}
        begins = await make.create_school_year(session, school, code="2026-2027", current=False, **days)
        plan = models.RolloverPlan(institution_id=school.id, from_school_year_id=ends.id, to_school_year_id=begins.id)
        session.add(plan)
        await session.flush()
    line = models.RolloverLine(institution_id=school.id, rollover_plan_id=plan.id, student_id=student.id)
    line.decision, line.reason = models.RolloverDecision.SKIP, models.RolloverReason.DECIDED
    line.note = f"{marks.text} stays abroad"
    session.add(line)


async def _account(session: AsyncSession, school: School, marks: Marks, role: models.Role, **more: Any) -> models.User:
    used = dict.fromkeys(("last_login_at", "last_failed_login_at", "locked_until"), NOW)
    given = {"preferences": {"greeting": marks.text}, "failed_logins": 2, **used, **more}
    user = await make.create_user(session, school, **marked(models.User, marks, **given))
    await make.give_role(session, user, role, begin_date=make.DAY, end_date=make.DAY)
    place = {"institution_id": school.id, "user_id": user.id, "token_hash": user.id.to_bytes(32)}
    session.add(
        models.Session(
            **place, acting_institution_id=school.id, expires_at=NOW, user_agent=marks.text, address=f"{marks.text}::1"
        )
    )
    session.add(models.ResetToken(**place, expires_at=NOW, used_at=NOW))
    return user


async def _photo(session: AsyncSession, school: School, marks: Marks) -> int:
    file = models.StoredFile(
        institution_id=school.id,
        name=f"{marks.text}.png",
        content_type="image/png",
        size=1,
        width=32,
        height=24,
        sha256=b"7" * 32,
        location=f"{marks.text}/photo",
    )
    session.add(file)
    await session.flush()
    return file.id


async def _trail(
    session: AsyncSession, school: School, marks: Marks, student: models.Student, account: models.User
) -> None:
    by = {"institution_id": school.id, "actor_kind": models.ActorKind.USER, "actor_id": account.id}
    row = {"table_name": "student", "record_id": student.id, "operation": models.AuditOperation.UPDATE}
    gone = {"table_name": "family_info", "record_id": 10**9, "operation": models.AuditOperation.DELETE}
    told = {"first_name": f"{marks.text}a", "gone_column": marks.text, "gender": "FEMALE"}
    signed = {"details": {"user": f"{marks.text}.user"}, "address": f"{marks.text}::1"}
    session.add_all(
        [
            models.AuditEntry(**by, **row, before=told, after=told | {"first_name": f"{marks.text}b"}),
            models.AuditEntry(**by, **gone, before={"student_id": student.id, "church": marks.text}),
            models.ActivityEntry(**by, action="login", **signed),
            models.AccessEntry(**by, student_ids=[student.id], purpose="Read"),
            models.Operation(
                **by, action="import", request_id="r", summary={"skipped": [f"line 3: {marks.phone} twice"]}
            ),
            *_told_by_others(school, marks, student),
        ]
    )


def _told_by_others(school: School, marks: Marks, student: models.Student) -> list[Base]:
    """What programs and the office have left of the student."""
    made = {"id": student.id, "name": f"{marks.text} first"}
    answer = [
        {"student": {"id": f"stu_{student.id}", "firstName": marks.text}, "other": {"id": "stu_1", "name": "Ravi"}}
    ]
    by = {"actor_kind": models.ActorKind.USER, "actor_id": 1}
    sent = {**by, "key": f"k{student.id}", "request_hash": b"8" * 32, "answer": {"list": answer}}
    return [
        models.ActivityEntry(
            institution_id=school.id, actor_kind=models.ActorKind.SYSTEM, action="student.create", details=made
        ),
        models.Outbox(institution_id=school.id, topic="student", key=str(student.id), payload=made),
        models.IdempotencyKey(institution_id=school.id, **sent),
    ]


async def create_marked(session: AsyncSession, school: School, marks: Marks = MARKS) -> models.Student:
    (key,) = await new_keys(session, 1)
    own = await _account(session, school, marks, models.Role.STUDENT, photo_id=await _photo(session, school, marks))
    theirs = await _account(
        session,
        school,
        marks,
        models.Role.GUARDIAN,
        username=f"{marks.text}.guardian",
        email=f"{marks.text}.guardian@example.org",
    )
    values = marked(models.Student, marks, student_number=f"{marks.text}-STU-1", photo_id=own.photo_id, user_id=own.id)
    student = await make.create_student(
        session, school, id=key, **(values | sealed_columns(SEALER, school.id, key, marks.sealed))
    )
    await _family(session, school, marks, student, theirs)
    await _lessons(session, school, marks, student)
    name = {"institution_id": school.id, "entity": "student", "record_id": student.id, "system": marks.text}
    session.add(models.ExternalId(**name, value=f"{marks.text}-source"))
    await _trail(session, school, marks, student, own)
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
