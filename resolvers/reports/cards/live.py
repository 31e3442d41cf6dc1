"""Report cards as they would be published now: what `resolvers.reports.cards.content` says, of live values."""

import asyncio
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from aiodataloader import DataLoader

from models import Role
from resolvers.context import Context
from resolvers.reports.attendance import Asked
from resolvers.reports.attendance_rules import days_of
from resolvers.reports.cards.assembly import POLICY, Attendances, Parts
from resolvers.reports.cards.content import CardContent
from resolvers.reports.cards.facts import Frame, comments_of, facts_of, frame_of, legend_of, subjects_of
from resolvers.reports.figures import RankMethod
from resolvers.reports.standings import StudentFigures, collected, standings
from resolvers.statements import Statement


@dataclass(frozen=True, slots=True)
class Cover:
    """Which cards: of a course and a semester. `to` is the last day of attendance; None: that of the semester.

    `day` is the day that they are made on; None: today.
    """

    course: int
    semester: int
    to: datetime.date | None = None
    day: datetime.date | None = None


@lru_cache(maxsize=64)
def _standings(roles: frozenset[Role], method: RankMethod, named: bool) -> Statement:
    return standings(roles, method, "o.student_id = ANY(:students)" if named else "o.member", held_to="held_to")


async def _figures(
    context: Context, cover: Cover, frame: Frame, students: Sequence[int] | None
) -> Sequence[StudentFigures]:
    """Those of the students, or of the whole class, by first name. One statement."""
    statement = _standings(context.viewer.roles, frame.ranks or RankMethod.COMPETITION, students is not None)
    values = {"course": cover.course, "semester": cover.semester}
    named = {} if students is None else {"students": list(students)}
    day = cover.day or context.viewer.today(context.now)
    return collected(await context.fetch(statement, **values, **named, held_to=day))


async def _attendance(context: Context, cover: Cover, frame: Frame) -> Attendances:
    last = min(cover.to or frame.until, frame.until)
    to = max(min(last, context.viewer.today(context.now)), frame.since)
    days = days_of(context, frame.since, to)
    rows = await Asked(context, days, POLICY, course=cover.course).by_student()
    return Attendances(frame.since, to, {row["student_id"]: row for row in rows})


async def live_cards(context: Context, cover: Cover, students: Sequence[int] | None = None) -> dict[int, CardContent]:
    """The cards of the students, or of the whole class, by student; who was never in the course then has none.

    As far as the viewer sees their marks. A number of statements that does not depend on how many they are.
    """
    frame = await frame_of(context, cover.semester)
    figures = await _figures(context, cover, frame, students)
    if not figures:
        return {}
    keys = [each.student_id for each in figures]
    where = cover.course, cover.semester
    made = Parts(
        frame.ranks is not None,
        await _attendance(context, cover, frame),
        await facts_of(context, *where, keys),
        await subjects_of(context, {each.subject_id for of in figures for each in of.subjects}),
        await comments_of(context, *where, keys),
        await legend_of(context, figures[0].scale_id),
    )
    return {each.student_id: made.card(each) for each in figures}


async def live_card(context: Context, cover: Cover, student: int) -> CardContent | None:
    """The card of one student; all that are asked for at once are made together."""
    name = ("report cards", cover)
    loader: DataLoader[int, CardContent | None] | None = context.cache.get(name)
    if loader is None:
        loader = context.cache[name] = DataLoader(partial(_load, context, cover))
    try:
        # Whoever else waits for the student waits for the same future, which a cancelled field must not take along.
        return await asyncio.shield(loader.load(student))
    except BaseException:
        loader.clear(student)
        raise


async def _load(context: Context, cover: Cover, students: list[int]) -> list[CardContent | None]:
    found = await live_cards(context, cover, students)
    return [found.get(student) for student in students]


async def class_members(context: Context, cover: Cover, students: Sequence[int] | None = None) -> list[int]:
    """Who has, or of the students would have, a card. Two statements."""
    figures = await _figures(context, cover, await frame_of(context, cover.semester), students)
    return [each.student_id for each in figures]
