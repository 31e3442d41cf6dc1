"""Where and how a student's family lives: one row a student."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import MONEY, Record, index, refers, short


class FamilyInfo(Record):
    __tablename__ = "family_info"

    student_id: Mapped[int] = mapped_column(BigInteger, comment="The student")
    living_with: Mapped[str | None] = short(100, comment="Whom the student lives with")
    living_condition: Mapped[str | None] = short(500, comment="How the family lives")
    own_house: Mapped[bool | None] = mapped_column(comment="Whether the family owns its house")
    religion: Mapped[str | None] = short(50, comment="Religion of the family")
    church: Mapped[str | None] = short(100, comment="Church of the family")
    duration_in_district: Mapped[str | None] = short(100, comment="How long the family has lived in the district")
    can_help_school: Mapped[bool | None] = mapped_column(comment="Whether the family can help the school")
    help_amount: Mapped[Decimal | None] = mapped_column(MONEY, comment="What it can give, in the school's currency")
    help_frequency: Mapped[str | None] = short(50, comment="How often it can give")
    know_school_from: Mapped[str | None] = short(200, comment="How the family came to know the school")
    organisation_help: Mapped[str | None] = short(200, comment="Organisation that helps the family")
    poverty_card: Mapped[str | None] = short(50, comment="Number or kind of the family's poverty card")

    __table_args__ = (
        UniqueConstraint("institution_id", "student_id"),
        refers("student_id", "student"),
        index("updated_at"),
        CheckConstraint("help_amount >= 0", name="help_amount_positive"),
        {"comment": "Where and how a student's family lives."},
    )
