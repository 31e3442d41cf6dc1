"""How a school presents itself: one row an institution."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, matches, refers, short

EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class SchoolProfile(Record):
    __tablename__ = "school_profile"

    school_name: Mapped[str] = short(200, comment="Name as printed on reports")
    address: Mapped[str | None] = short(500, comment="Postal address of the school")
    phone: Mapped[str | None] = short(15, comment="Phone of the school's office, 10 to 15 digits and + ( ) -")
    email: Mapped[str | None] = short(100, comment="E-mail of the school's office")
    country: Mapped[str] = short(2, comment="Country of the school, ISO 3166-1 alpha-2", server_default="IN")
    logo_id: Mapped[int | None] = mapped_column(BigInteger, comment="File of the logo")

    __table_args__ = (
        UniqueConstraint("institution_id"),
        refers("logo_id", "stored_file"),
        index("logo_id"),
        matches("phone", "^[0-9+()-]{10,15}$", "phone_format"),
        matches("email", EMAIL_PATTERN, "email_format"),
        matches("country", "^[A-Z]{2}$", "country_format"),
        {"comment": "How the school presents itself on reports and to its families."},
    )
