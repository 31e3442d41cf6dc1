"""How a report card is put together of figures, names, comments and the legend; nothing is worked out here."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resolvers.reports.attendance_rules import AttendancePolicy
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
from resolvers.reports.cards.facts import Facts
from resolvers.reports.standings import StudentFigures, SubjectFigures

POLICY = AttendancePolicy.TAKEN
NOTHING_EXPECTED = "0"


@dataclass(frozen=True, slots=True)
class Attendances:
    """Figures of attendance by student, all of the same days."""

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
class Parts:
    """What cards of a class are made of, the figures of each student aside; `ranked` where cards rank."""

    ranked: bool
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
        return rank if self.ranked else None

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
