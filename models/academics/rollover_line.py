"""What becomes of one student by a plan for the next school year, and why."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MARK, Choice, Record, enum, index, refers, short
from models.people.of_student import OfStudent
from models.people.school_enrollment import ExitReason


class RolloverDecision(Choice):
    PROMOTE = "PROMOTE", "Moves on to another grade level."
    RETAIN = "RETAIN", "Repeats the grade level."
    LEAVE = "LEAVE", "Leaves the school."
    SKIP = "SKIP", "Is left as it is: the plan does nothing about the student."
    UNDECIDED = "UNDECIDED", "A person has to decide before the plan can be applied."


class RolloverReason(Choice):
    PASSED = "PASSED", "The average of the year is not below the pass mark."
    NOT_MARKED = "NOT_MARKED", "No average of the year speaks against it."
    BELOW_PASS_MARK = "BELOW_PASS_MARK", "The average of the year is below the pass mark."
    LAST_LEVEL = "LAST_LEVEL", "Students leave the school after the grade level."
    NO_NEXT_LEVEL = "NO_NEXT_LEVEL", "Nothing says which grade level follows."
    NO_GRADE_LEVEL = "NO_GRADE_LEVEL", "The school enrolment has no grade level."
    INACTIVE = "INACTIVE", "The student belongs to the school and does not attend at present."
    EARLIER_YEAR = "EARLIER_YEAR", "The school enrolment is one of an earlier school year."
    DECIDED = "DECIDED", "A person has decided so."


class RolloverLine(Record, OfStudent):
    __tablename__ = "rollover_line"

    rollover_plan_id: Mapped[int] = mapped_column(BigInteger, comment="The plan")
    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    from_grade_level_id: Mapped[int | None] = mapped_column(BigInteger, comment="Grade level in the year that ends")
    from_course_id: Mapped[int | None] = mapped_column(BigInteger, comment="Class in the year that ends")
    decision: Mapped[RolloverDecision] = enum(RolloverDecision, comment="What becomes of the student")
    reason: Mapped[RolloverReason] = enum(RolloverReason, comment="Why")
    note: Mapped[str | None] = short(500, comment="Why, in words")
    average: Mapped[Decimal | None] = mapped_column(
        MARK, comment="Average of the year, rounded; null without marks, or where they are on several scales"
    )
    to_grade_level_id: Mapped[int | None] = mapped_column(BigInteger, comment="Grade level in the year that begins")
    to_course_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="Class in the year that begins; null: the student is in no course yet"
    )
    exit_reason: Mapped[ExitReason | None] = enum(ExitReason, comment="Why the student leaves the school")
    facts: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), comment="What the plan went by, as JSON; compared before it is applied"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "rollover_plan_id", "student_id"),
        refers("rollover_plan_id", "rollover_plan"),
        refers("student_id", "student"),
        refers("from_grade_level_id", "grade_level"),
        refers("from_course_id", "course"),
        refers("to_grade_level_id", "grade_level"),
        refers("to_course_id", "course"),
        index("rollover_plan_id", "decision"),
        index("student_id"),
        index("from_grade_level_id"),
        index("from_course_id"),
        index("to_grade_level_id"),
        index("to_course_id"),
        index("updated_at"),
        CheckConstraint("(decision IN ('PROMOTE', 'RETAIN')) = (to_grade_level_id IS NOT NULL)", name="to_level"),
        CheckConstraint("to_course_id IS NULL OR to_grade_level_id IS NOT NULL", name="to_class_of_level"),
        CheckConstraint("(decision = 'LEAVE') = (exit_reason IS NOT NULL)", name="with_exit_reason"),
        {"comment": "What becomes of one student by a plan for the next school year."},
    )
