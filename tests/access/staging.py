"""A school in which everybody has something to see and something to be kept from.

`fill` makes twelve rows of each table, row n belonging to row n of its parents. On top of that, by user:

    0 ADMIN   1 REGISTRAR   2 REPORTER   8 nobody, without a role
    3 TEACHER    teaches courses 3 and 8; course 10 too, which is retired; guardian 3, but that is no role held
    5 GUARDIAN   children 1 and 5; kept from 2 (no flag), 3 (contact restricted), 10 (retired), 4 (by a retired record)
    6 STUDENT    student 6, in courses 3 and 6; a retired record, student 10, too
    7 BOTH       teaches course 7 with students 5 and 7; guardian of 2 and 5; of 8 by a retired record only

Users 5 and 6 teach courses of their own number without being teachers by role. Users 1 and 3 have a student's record.
"""

import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

import models
from models import Base
from models.academics.rollover_plan import APPLIES
from resolvers.people.student_secrets import sealed_columns
from tests.access.values import COUNT, FULL, MORE
from tests.sealing import SEALER
from tests.world import World, fill, secrets_of
from tests.world_values import BASE

DAY = datetime.date(2003, 10, 1)
ENROLLED = [(1, 3), (6, 3), (9, 8), (11, 10), (5, 7)]
TAUGHT = [(3, 1, 2), (3, 9, 3), (8, 3, 1), (10, 3, 1)]
MARKED = [(1, 3), (6, 3), (9, 3), (0, 3), (3, 1), (5, 7), (2, 7)]
# Student, guardian, whether the records are open, and a restriction of contact.
LINKS: list[tuple[int, int, bool, str | None]] = [
    (1, 5, True, None),
    (2, 5, False, None),
    (3, 5, True, "By court order"),
    (10, 5, True, None),
    (4, 10, True, None),
    (5, 0, True, None),
    (6, 1, False, None),
    (2, 3, True, None),
    (2, 7, True, None),
    (5, 7, True, None),
    (8, 11, True, None),
]
GUARDIAN_ACCOUNTS = {1: 9, 3: 3, 5: 5, 7: 7, 10: 5, 11: 7}
STUDENT_ACCOUNTS = {1: 1, 3: 11, 6: 6, 9: 3, 10: 6}
RETIRED: dict[type[Base], list[int]] = {
    models.Student: [10],
    models.Guardian: [10, 11],
    models.Course: [10],
    models.User: [9],
}


class Stage:
    """One school being arranged."""

    def __init__(self, session: AsyncSession, world: World) -> None:
        self.session = session
        self.world = world

    def key(self, model: type[Base], n: int) -> int:
        return self.world.ids[model.__tablename__][n]

    async def change(self, model: type[Base], rows: list[int], **values: Any) -> None:
        table: Any = model.__table__
        keys = [self.key(model, n) for n in rows]
        await self.session.execute(update(table).where(table.c.id.in_(keys)).values(**values))

    async def add(self, model: type[Base], **values: Any) -> None:
        table: Any = model.__table__
        await self.session.execute(insert(table).values(institution_id=self.world.institution_id, **values))

    async def arrange(self) -> None:
        await self.fill_in()
        await self.accounts()
        await self.courses()
        await self.links()
        for model, rows in RETIRED.items():
            await self.change(model, rows, deleted_at=BASE)

    async def fill_in(self) -> None:
        """Values that `fill` leaves out, so that nothing is null for the want of them."""
        for model, values in MORE.items():
            await self.change(model, FULL, **values)
        await self.change(models.Guardian, [1, 5], single_name="Devi")
        by = {"actor_kind": models.ActorKind.USER, "request_id": "request"}
        plan = {"plan": self.key(models.RolloverPlan, FULL[0])}
        await self.add(models.Operation, action=APPLIES, summary=plan, **by)
        key = self.key(models.Student, 6)
        secrets = secrets_of(6, self.world.mark) | {"identifying_marks": "A scar"}
        await self.change(models.Student, [6], **sealed_columns(SEALER, self.world.institution_id, key, secrets))
        profile: Any = models.SchoolProfile.__table__
        mine = profile.c.institution_id == self.world.institution_id
        contact: dict[str, Any] = {"address": "Hill 1", "phone": "0801234567", "email": "office@example.org"}
        contact["logo_id"] = self.key(models.StoredFile, 11)
        await self.session.execute(update(profile).where(mine).values(**contact))

    async def accounts(self) -> None:
        for model, accounts in ((models.Guardian, GUARDIAN_ACCOUNTS), (models.Student, STUDENT_ACCOUNTS)):
            await self.change(model, list(range(COUNT)), user_id=None)
            # Of two records with one account one is retired, and has to be so first.
            for retired in (True, False):
                for n, user in accounts.items():
                    if (n in RETIRED[model]) == retired:
                        gone = {"deleted_at": BASE} if retired else {}
                        await self.change(model, [n], user_id=self.key(models.User, user), **gone)

    async def courses(self) -> None:
        student, course, user = models.Student, models.Course, models.User
        for s, c in ENROLLED:
            keys = {"student_id": self.key(student, s), "course_id": self.key(course, c)}
            await self.add(models.Enrollment, begin_date=DAY, **keys)
        for c, u, position in TAUGHT:
            keys = {"course_id": self.key(course, c), "user_id": self.key(user, u)}
            await self.add(models.CourseTeacher, position=position, **keys)
        for s, c in MARKED:
            keys = {"student_id": self.key(student, s), "course_id": self.key(course, c)}
            await self.add(models.Grade, subject_id=self.key(models.Subject, c), date=DAY, score=9, **keys)
            await self.add(models.Attendance, date=DAY, status="PRESENT", code="PRESENT", **keys)

    async def links(self) -> None:
        table: Any = models.StudentGuardian.__table__
        opened = (table.c.institution_id == self.world.institution_id) & table.c.student_id.in_(
            [self.key(models.Student, 5), self.key(models.Student, 10)]
        )
        await self.session.execute(
            update(table).where(opened).values(may_access_records=True, contact_restriction=None)
        )
        for s, g, may, restriction in LINKS:
            keys = {"student_id": self.key(models.Student, s), "guardian_id": self.key(models.Guardian, g)}
            state = {"may_access_records": may, "contact_restriction": restriction}
            await self.add(models.StudentGuardian, relation="MOTHER", **keys, **state)


async def stage(session: AsyncSession, institution_id: int, mark: str = "") -> World:
    """A whole school, arranged."""
    world = await fill(session, institution_id, COUNT, mark)
    await Stage(session, world).arrange()
    return world
