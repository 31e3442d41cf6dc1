"""Who teaches a course: at most three, each in a position of their own."""

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers


class TeacherRole(Choice):
    LEAD = "LEAD", "Teacher of record."
    ASSISTANT = "ASSISTANT", "Assists the lead."
    SUBSTITUTE = "SUBSTITUTE", "Stands in for another."
    SUPPORT = "SUPPORT", "Supports some of the students."


class CourseTeacher(Record):
    __tablename__ = "course_teacher"

    course_id: Mapped[int] = mapped_column(BigInteger, comment="The course")
    user_id: Mapped[int] = mapped_column(BigInteger, comment="The teacher")
    role: Mapped[TeacherRole] = enum(TeacherRole, default=TeacherRole.LEAD, comment="What the teacher does there")
    position: Mapped[int] = mapped_column(server_default=text("1"), comment="Order of the teachers, 1 to 3")

    __table_args__ = (
        UniqueConstraint("institution_id", "course_id", "user_id"),
        UniqueConstraint("institution_id", "course_id", "position"),
        refers("course_id", "course", cascade=True),
        refers("user_id", "app_user"),
        index("user_id"),
        index("updated_at"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position_range"),
        {"comment": "A teacher of a course (OneRoster: enrollment with role teacher)."},
    )
