"""A taught class: what OneRoster calls a class and Ed-Fi a section."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, SmallInteger, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.course_teacher import CourseTeacher, TeacherRole
from models.base import Choice, Record, Retirable, enum, index, refers, searched, short, trigram_index
from models.computed import computed


class ClassType(Choice):
    SCHEDULED = "SCHEDULED", "Taught by the timetable."
    HOMEROOM = "HOMEROOM", "A home class, for roll call and care."


class MeetingSessions(Choice):
    FULL = "FULL", "Meets for the whole day."
    AM = "AM", "Meets in the morning."
    PM = "PM", "Meets in the afternoon."
    AM_PM = "AM_PM", "Meets in the morning and in the afternoon, marked apart."


def lead_teacher_of(row: Any, course_id: Any) -> ColumnElement[Any]:
    """User who leads the course `course_id` of the row's school; the first one where several do."""
    lead = (
        select(CourseTeacher.user_id)
        .where(
            CourseTeacher.institution_id == row.institution_id,
            CourseTeacher.course_id == course_id,
            CourseTeacher.role == TeacherRole.LEAD,
        )
        .order_by(CourseTeacher.position)
        .limit(1)
    )
    return lead.correlate_except(CourseTeacher).scalar_subquery()


class Course(Record, Retirable):
    __tablename__ = "course"

    school_year_id: Mapped[int] = mapped_column(BigInteger, comment="School year in which it is taught")
    grade_level_id: Mapped[int | None] = mapped_column(BigInteger, comment="Grade level of its students")
    section: Mapped[str] = short(50, comment="Section of the grade level, for example A", server_default="")
    name: Mapped[str] = short(200, comment="Name of the course")
    class_type: Mapped[ClassType] = enum(ClassType, default=ClassType.SCHEDULED, comment="Kind of the course")
    subject_id: Mapped[int | None] = mapped_column(BigInteger, comment="Its one subject, where it has only one")
    meeting_days: Mapped[list[int] | None] = mapped_column(
        ARRAY(SmallInteger), comment="Week days it meets, 1 = Monday … 7 = Sunday; null: every instructional day"
    )
    meeting_sessions: Mapped[MeetingSessions] = enum(
        MeetingSessions, default=MeetingSessions.FULL, comment="Sessions of a day in which it meets"
    )
    grading_scale_id: Mapped[int | None] = mapped_column(BigInteger, comment="Scale of its marks; null: the school's")
    search_text: Mapped[str] = searched("name", "section")

    @computed("Teacher of record; the first one where several are", target="app_user")
    def lead_teacher_id(self: Any) -> ColumnElement[Any]:
        return lead_teacher_of(self, self.id)

    __table_args__ = (
        refers("school_year_id", "school_year"),
        refers("grade_level_id", "grade_level"),
        refers("subject_id", "subject"),
        refers("grading_scale_id", "grading_scale"),
        UniqueConstraint(
            "institution_id",
            "school_year_id",
            "grade_level_id",
            "section",
            "name",
            "deleted_at",
            postgresql_nulls_not_distinct=True,
        ),
        index("grade_level_id"),
        index("subject_id"),
        index("grading_scale_id"),
        index("name"),
        index("updated_at"),
        trigram_index("course"),
        CheckConstraint("meeting_days <@ ARRAY[1,2,3,4,5,6,7]::smallint[]", name="meeting_days_range"),
        CheckConstraint("cardinality(meeting_days) BETWEEN 1 AND 7", name="meeting_days_length"),
        {"comment": "A taught class (OneRoster: class; Ed-Fi: Section)."},
    )
