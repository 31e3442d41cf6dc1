"""Home classes of the three years: sections of a level with their students, subjects and teachers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.demo.calendar import Year
from app.demo.careers import Career, Presence
from app.demo.people import Staff, Student
from app.demo.plan import Plan
from app.demo.students import LEVELS
from app.demo.subjects import Subject, subjects_of
from models import EnrollmentStatus, MeetingSessions, TeacherRole

CLASS_SIZE = 40
# In the first school of a run the youngest are marked in the morning and in the afternoon.
HALF_DAYS_LEVEL = 1


@dataclass(eq=False, slots=True)
class Enrollment:
    course: "Course"
    student: Student
    begin_date: datetime.date
    end_date: datetime.date | None
    status: EnrollmentStatus
    drop_reason: str | None
    id: int = 0

    @property
    def drop_date(self) -> datetime.date | None:
        return self.end_date if self.drop_reason else None

    @property
    def drop_semester_id(self) -> int | None:
        day = self.drop_date
        return None if day is None else next(each.id for each in self.course.year.semesters if day <= each.end_date)

    def covers(self, day: datetime.date) -> bool:
        return self.begin_date <= day and (self.end_date is None or day <= self.end_date)


@dataclass(eq=False, slots=True)
class CourseSubject:
    course: "Course"
    subject: Subject
    teacher: Staff
    id: int = 0


@dataclass(eq=False, slots=True)
class CourseTeacher:
    course: "Course"
    user: Staff
    role: TeacherRole
    position: int
    id: int = 0


@dataclass(eq=False, slots=True)
class Course:
    """`number` is the section's place in its level, from 0."""

    year: Year
    level: int
    number: int
    section: str
    meeting_sessions: MeetingSessions
    enrollments: list[Enrollment] = field(default_factory=list)
    teachers: list[CourseTeacher] = field(default_factory=list)
    subjects: list[CourseSubject] = field(default_factory=list)
    id: int = 0

    @property
    def name(self) -> str:
        return f"Class {self.level} {self.section}"


def section_name(number: int) -> str:
    """A to Z, then AA, AB, …"""
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else section_name(number // 26 - 1) + letter


def _status(plan: Plan, year: Year, presence: Presence) -> EnrollmentStatus:
    if presence.drop_reason:
        return EnrollmentStatus.DROPPED
    if presence.begin > plan.today:
        return EnrollmentStatus.PENDING
    return EnrollmentStatus.ACTIVE if year.current else EnrollmentStatus.COMPLETED


def _stay_in_section(presences: list[Presence]) -> list[Presence]:
    """Where a level has one section, nobody changed to another."""
    if not presences[-1].other_section:
        return presences
    presences[0].end, presences[0].drop_reason = presences[-1].end, None
    return presences[:1]


def _sections(plan: Plan, year: Year, level: int, members: list[list[Presence]]) -> list[Course]:
    """The sections of a level, about equally large. `members` holds the spans of each student in the order of seats."""
    total = -(-len(members) // CLASS_SIZE)
    half_days = plan.place == 0 and level == HALF_DAYS_LEVEL
    meets = MeetingSessions.AM_PM if half_days else MeetingSessions.FULL
    courses = [Course(year, level, number, section_name(number), meets) for number in range(total)]
    for place, presences in enumerate(members):
        own = place * total // len(members)
        for span in _stay_in_section(presences) if total == 1 else presences:
            course = courses[(own + span.other_section) % total]
            status = _status(plan, year, span)
            course.enrollments.append(Enrollment(course, span.student, span.begin, span.end, status, span.drop_reason))
    return courses


def make_courses(plan: Plan, years: list[Year], students: list[Student], careers: list[Career]) -> list[Course]:
    """Courses by year, level and section, with their enrolments and without subjects and teachers."""
    seated = sorted(zip(students, careers, strict=True), key=lambda pair: pair[0].seat)
    members: dict[tuple[int, int], list[list[Presence]]] = {}
    for student, career in seated:
        for index, presences in career.presences.items():
            members.setdefault((index, student.levels[index]), []).append(presences)
    courses = []
    for year in years:
        for level in range(1, LEVELS + 1):
            courses += _sections(plan, year, level, members.get((year.index, level), []))
    return courses


def assign_teachers(courses: list[Course], teachers: Sequence[Staff], subjects: dict[str, Subject]) -> None:
    """Each course gets a lead of its own, and one or two more; each of its subjects one of these."""
    place: dict[int, int] = {}
    roles = (TeacherRole.LEAD, TeacherRole.ASSISTANT, TeacherRole.SUPPORT)
    for course in courses:
        number = place[course.year.index] = place.get(course.year.index, -1) + 1
        count = min(len(teachers), 2 + (number % 3 == 0))
        # Everybody moves by one from year to year; the helpers are leads elsewhere.
        chosen = [teachers[(number + course.year.index + step) % len(teachers)] for step in (0, 1, 3)[:count]]
        course.teachers = [
            CourseTeacher(course, user, role, position)
            for position, (user, role) in enumerate(zip(chosen, roles, strict=False), 1)
        ]
        course.subjects = [
            CourseSubject(course, subjects[code], chosen[step % count])
            for step, code in enumerate(subjects_of(course.level, course.number))
        ]
