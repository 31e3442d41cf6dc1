"""An adult of one or more students; siblings share one row."""

from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MONEY,
    Record,
    Retirable,
    folded,
    generated,
    index,
    matches,
    refers,
    searched,
    short,
    trigram_index,
)
from models.institution.school_profile import EMAIL_PATTERN

_WHOLE_NAME = "coalesce(single_name, first_name || ' ' || last_name)"


class Guardian(Record, Retirable):
    __tablename__ = "guardian"

    first_name: Mapped[str | None] = short(50, comment="First (given) name")
    last_name: Mapped[str | None] = short(50, comment="Last (family) name")
    single_name: Mapped[str | None] = short(100, comment="The whole name, where it is not split into first and last")
    # Empty rather than missing, so that a guardian without a name is refused by the rule below.
    full_name: Mapped[str] = generated(
        101,
        "coalesce(single_name, first_name || ' ' || last_name, '')",
        comment="The whole name, or first and last name",
    )
    mobile: Mapped[str | None] = short(20, comment="Mobile phone; families share it")
    phone: Mapped[str | None] = short(20, comment="Another phone")
    email: Mapped[str | None] = short(100, comment="E-mail")
    email_folded: Mapped[str | None] = folded("email", 100)
    occupation: Mapped[str | None] = short(100, comment="Occupation")
    income: Mapped[Decimal | None] = mapped_column(MONEY, comment="Yearly income in the school's currency")
    house_number: Mapped[str | None] = short(50, comment="House number")
    street: Mapped[str | None] = short(200, comment="Street")
    village: Mapped[str | None] = short(100, comment="Village")
    commune: Mapped[str | None] = short(100, comment="Commune")
    district: Mapped[str | None] = short(100, comment="District")
    city: Mapped[str | None] = short(100, comment="City")
    province: Mapped[str | None] = short(100, comment="Province or state")
    postal_code: Mapped[str | None] = short(20, comment="Postal code")
    country: Mapped[str | None] = short(2, comment="Country, ISO 3166-1 alpha-2")
    birth_district: Mapped[str | None] = short(100, comment="District of birth")
    church: Mapped[str | None] = short(100, comment="Church the guardian belongs to")
    believer: Mapped[bool | None] = mapped_column(comment="Whether the guardian is a believer")
    number_of_children: Mapped[int | None] = mapped_column(comment="How many children the guardian has")
    user_id: Mapped[int | None] = mapped_column(BigInteger, comment="The guardian's own account")
    search_text: Mapped[str] = searched(_WHOLE_NAME, "mobile", "phone", "email")

    __table_args__ = (
        refers("user_id", "app_user"),
        index("user_id", unique=True, where="deleted_at IS NULL"),
        index("full_name"),
        index("last_name", "first_name"),
        index("mobile"),
        index("email_folded"),
        index("created_at"),
        index("updated_at"),
        trigram_index("guardian"),
        CheckConstraint("single_name IS NOT NULL OR (first_name IS NOT NULL AND last_name IS NOT NULL)", name="named"),
        CheckConstraint("income >= 0", name="income_positive"),
        CheckConstraint("number_of_children BETWEEN 0 AND 50", name="number_of_children_range"),
        matches("email", EMAIL_PATTERN, "email_format"),
        matches("mobile", "^[0-9+() -]{5,20}$", "mobile_format"),
        matches("phone", "^[0-9+() -]{5,20}$", "phone_format"),
        matches("country", "^[A-Z]{2}$", "country_format"),
        {"comment": "An adult responsible for one or more students (OneRoster: user with role guardian or parent)."},
    )
