"""The school's own attendance codes over the four fixed statuses."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, short


class AttendanceStatus(Choice):
    PRESENT = "PRESENT", "Was there."
    LATE = "LATE", "Came late."
    EXCUSED = "EXCUSED", "Was absent with an excuse."
    ABSENT = "ABSENT", "Was absent without an excuse."


class AttendanceCode(Record):
    __tablename__ = "attendance_code"

    code: Mapped[str] = short(20, comment="Code, for example PRESENT")
    label: Mapped[str] = short(100, comment="What people read")
    status: Mapped[AttendanceStatus] = enum(AttendanceStatus, comment="The fixed status it stands for")
    present_value: Mapped[Decimal] = mapped_column(
        Numeric(5, 4), comment="How much of a session it counts as present, 0 to 1"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "code"),
        UniqueConstraint("institution_id", "code", "status"),
        index("updated_at"),
        CheckConstraint("present_value BETWEEN 0 AND 1", name="present_value_range"),
        {"comment": "An attendance code of the school over one of the four fixed statuses."},
    )
