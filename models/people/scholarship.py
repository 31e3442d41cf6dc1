"""Aid that a student receives."""

import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MONEY, Choice, Record, enum, index, matches, refers, short


class ScholarshipStatus(Choice):
    PENDING = "PENDING", "Applied for, not decided."
    ACTIVE = "ACTIVE", "Awarded and running."
    ENDED = "ENDED", "Ran out as planned."
    REVOKED = "REVOKED", "Taken back before its end."


class Scholarship(Record):
    __tablename__ = "scholarship"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    name: Mapped[str] = short(200, comment="Name of the scholarship")
    provider: Mapped[str | None] = short(200, comment="Who pays it")
    basis: Mapped[str | None] = short(200, comment="What it is given for: merit, need, sport …")
    amount: Mapped[Decimal | None] = mapped_column(MONEY, comment="Amount, in `currency`")
    currency: Mapped[str | None] = short(3, comment="Currency of the amount, ISO 4217")
    status: Mapped[ScholarshipStatus] = enum(
        ScholarshipStatus, default=ScholarshipStatus.ACTIVE, comment="Where the scholarship stands"
    )
    start_date: Mapped[datetime.date] = mapped_column(Date, comment="First day")
    end_date: Mapped[datetime.date | None] = mapped_column(Date, comment="Last day; null: open")

    __table_args__ = (
        refers("student_id", "student"),
        index("student_id"),
        index("status"),
        index("start_date"),
        index("updated_at"),
        matches("currency", "^[A-Z]{3}$", "currency_format"),
        CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="amount_with_currency"),
        CheckConstraint("amount >= 0", name="amount_positive"),
        CheckConstraint("end_date >= start_date", name="ends_after_start"),
        {"comment": "Aid that a student receives."},
    )
