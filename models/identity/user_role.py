"""Which roles a user holds, and when; what they may see is the union."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, no_overlap, refers


class Role(Choice):
    SUPERADMIN = "SUPERADMIN", "Operator of several institutions."
    ADMIN = "ADMIN", "Runs the school: sees and changes everything of it."
    REGISTRAR = "REGISTRAR", "Keeps students, families and enrolments."
    TEACHER = "TEACHER", "Teaches courses: their students, marks and attendance."
    REPORTER = "REPORTER", "Reads everything but secrets, for reports."
    GUARDIAN = "GUARDIAN", "Sees their own children."
    STUDENT = "STUDENT", "Sees their own record."


class UserRole(Record):
    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(BigInteger, comment="The user")
    role: Mapped[Role] = enum(Role, comment="The role")
    begin_date: Mapped[datetime.date | None] = mapped_column(Date, comment="First day; null: from the start")
    end_date: Mapped[datetime.date | None] = mapped_column(Date, comment="Last day, inclusive; null: open")

    __table_args__ = (
        refers("user_id", "app_user", cascade=True),
        index("user_id"),
        index("role"),
        index("updated_at"),
        CheckConstraint("end_date >= begin_date", name="ends_after_begin"),
        no_overlap("ex_user_role_span", "user_id", "role", begin="begin_date", end="end_date"),
        {"comment": "A role that a user holds, and when."},
    )
