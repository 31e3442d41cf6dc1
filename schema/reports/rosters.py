"""`rosters`: who was in which course on a day."""

import datetime
from typing import Annotated, Any

import strawberry

import models
from resolvers.batches import one
from resolvers.reports.rosters import MOST_ROWS, rosters
from schema import refs
from schema.entity import relation
from schema.info import Info
from schema.node import key_of
from schema.reports.grade_report import told

AS_OF = strawberry.argument(description="The day, in the school's time zone; today where it is left out.")
COURSE = strawberry.argument(description="Only the roster of this course.")
LEVEL = strawberry.argument(description="Only those of courses of this grade level.")
SECTION = strawberry.argument(description="Only those of courses of this section, for example A.")


@strawberry.type(description="A student on a roster.")
class RosterEntry:
    begin_date: datetime.date = told("First day of the enrolment, included.")
    end_date: datetime.date | None = told("Last day of the enrolment, included; null while it is open.")

    student: refs.Student | None = relation(one(models.Student, parent="student_id"), "The student.")
    enrollment: refs.Enrollment | None = relation(
        one(models.Enrollment, parent="enrollment_id"), "The enrolment by which the student is on it, as it is now."
    )


@strawberry.type(description="Who was in a course on a day; of its students those whose enrolment you see.")
class Roster:
    as_of: datetime.date = told("The day, in the school's time zone.")
    students: list[RosterEntry] = told("The students, by first and last name; none where nobody was in it.")

    course: refs.Course | None = relation(one(models.Course, parent="course_id"), "The course.")


@strawberry.type
class RostersQuery:
    @strawberry.field(
        description="Rosters as of a day, of the courses of its school year that you see, by grade level, section and"
        " name. On one is who was enrolled in the course that day, first and last day included, whatever became of it"
        " since; neither PENDING enrolments nor students retired by then. Refused where there are more than"
        f" {MOST_ROWS} students."
    )
    async def rosters(
        self,
        info: Info,
        as_of: Annotated[datetime.date | None, AS_OF] = None,
        course: Annotated[strawberry.ID | None, COURSE] = None,
        grade_level: Annotated[strawberry.ID | None, LEVEL] = None,
        section: Annotated[str | None, SECTION] = None,
    ) -> list[Roster] | None:
        assert info.context.viewer
        day = as_of or info.context.viewer.today(info.context.now)
        given = {
            "id": key_of(course, models.Course, "course"),
            "grade_level_id": key_of(grade_level, models.GradeLevel, "gradeLevel"),
            "section": section,
        }
        found: Any = await rosters(info.context, day, {name: each for name, each in given.items() if each is not None})
        return list(found)
