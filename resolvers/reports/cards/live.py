"""Report cards as they would be published now: what `resolvers.reports.cards.content` says, of live values."""

import asyncio
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from aiodataloader import DataLoader

from models import Role
from resolvers.context import Context
from resolvers.reports.attendance import Asked
from resolvers.reports.attendance_rules import AttendancePolicy, days_of
from resolvers.reports.cards.content import (
    FORM,
    CardAttendance,
    CardBand,
    CardComment,
    CardContent,
    CardOverall,
    CardScale,
    CardSubject,
)
from resolvers.reports.cards.facts import Facts, Frame, comments_of, facts_of, frame_of, legend_of, subjects_of
from resolvers.reports.figures import ONE_COURSE, RankMethod
from resolvers.reports.reading import report
from resolvers.reports.standings import (
    ORDER,
    OVERALL,
    SUBJECT,
    StudentFigures,
    SubjectFigures,
    collected,
    standings_sql,
)
from resolvers.statements import Statement

POLICY = AttendancePolicy.TAKEN
NOTHING_EXPECTED = "0"


@dataclass(frozen=True, slots=True)
class Cover:
    """Which cards: of a course and a semester. `to` is the last day of attendance; None: that of the semester."""

    course: int
    semester: int
    to: datetime.date | None = None


@lru_cache(maxsize=64)
def _standings(roles: frozenset[Role], method: RankMethod, named: bool) -> Statement:
    where = "o.student_id = ANY(:students)" if named else "o.member"
    columns = (*OVERALL, *(f"c_{name}" for name in SUBJECT))
    sql = standings_sql(ONE_COURSE, method, where)
    return report(sql, (*columns, "first_name", "last_name", "subject_name"), roles, order=ORDER, shown=columns)


async def _figures(
    context: Context, cover: Cover, frame: Frame, students: Sequence[int] | None
) -> list[StudentFigures]:
    """Those of the students, or of the whole class, by first name. One statement."""
    statement = _standings(context.viewer.roles, frame.ranks or RankMethod.COMPETITION, students is not None)
    named = {} if students is None else {"students": list(students)}
    return collected(await context.fetch(statement, course=cover.course, semester=cover.semester, **named))


async def _attendance(context: Context, cover: Cover, frame: Frame) -> "Attendances":
    last = min(cover.to or frame.until, frame.until)
    to = max(min(last, context.viewer.today(context.now)), frame.since)
    days = days_of(context, frame.since, to)
    rows = await Asked(context, days, POLICY, course=cover.course).by_student()
    return Attendances(frame.since, to, {row["student_id"]: row for row in rows})


@dataclass(frozen=True, slots=True)
class Attendances:
    since: datetime.date
    to: datetime.date
    rows: Mapping[int, Any]

    def of(self, student: int) -> CardAttendance:
        """The figures of a student; nothing but zeros where nothing was expected."""
        named = ("expected", "present", "late", "excused", "absent", "unmarked", "not_taken", "counted")
        row = self.rows.get(student)
        days = {name: NOTHING_EXPECTED if row is None else row[name] for name in (*named, "present_value")}
        percentage = None if row is None else row["percentage"]
        return CardAttendance(since=self.since, to=self.to, policy=POLICY.value, percentage=percentage, **days)


@dataclass(frozen=True)
class Class:
    """What cards of a class are made of."""

    frame: Frame
    figures: Sequence[StudentFigures]
    attendance: Attendances
    facts: Mapping[int, Facts]
    subjects: Mapping[int, tuple[str, str | None]]
    comments: Mapping[int, Sequence[CardComment]]
    legend: tuple[str | None, Sequence[CardBand]]

    def card(self, of: StudentFigures) -> CardContent:
        facts, student = self.facts[of.student_id], of.student_id
        return CardContent(
            form=FORM,
            edition=1,
            published_at=None,
            published_on=None,
            school=facts.school,
            student=facts.student,
            course=facts.course,
            semester=facts.semester,
            subjects=tuple(self._subject(each) for each in of.subjects),
            overall=self._overall(of),
            attendance=self.attendance.of(student),
            comments=tuple(self.comments.get(student, ())),
            scale=_scale(of, *self.legend),
        )

    def _rank(self, rank: int | None) -> int | None:
        return rank if self.frame.ranks else None

    def _subject(self, of: SubjectFigures) -> CardSubject:
        name, code = self.subjects[of.subject_id]
        return CardSubject(
            subject_id=of.subject_id,
            name=name,
            code=code,
            coefficient=of.coefficient,
            credits=of.credits,
            expected=of.expected,
            completeness=of.completeness.value,
            mark_count=of.marks,
            exempt=of.exempt,
            missing=of.missing,
            average=of.average,
            letter=of.letter,
            points=of.points,
            passed=of.passed,
            rank=self._rank(of.rank),
        )

    def _overall(self, of: StudentFigures) -> CardOverall:
        return CardOverall(
            average=of.average,
            letter=of.letter,
            passed=of.passed,
            rank=self._rank(of.rank),
            class_size=of.class_size,
            ranked=of.ranked,
            member=of.member,
            complete=of.complete,
            expected=of.expected,
            marked=of.marked,
            mark_count=of.marks,
            missing=of.missing,
        )


def _scale(of: StudentFigures, name: str | None, bands: Sequence[CardBand]) -> CardScale:
    bounds = of.min_score, of.max_score, of.pass_mark
    return CardScale(name, *bounds, of.rounding_mode, of.decimals, tuple(bands))


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
    made = Class(
        frame,
        figures,
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
