"""Grade levels ("classes") in order, with where promotion leads."""

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, refers, short


class GradeLevel(Record):
    __tablename__ = "grade_level"

    code: Mapped[str] = short(20, comment="Code, for example 10")
    name: Mapped[str] = short(100, comment="Name, for example Class 10")
    sequence: Mapped[int] = mapped_column(comment="Order of the levels: 10 comes after 9")
    next_level_id: Mapped[int | None] = mapped_column(BigInteger, comment="Level that promotion leads to")
    leaves_after: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Students leave the school after this level"
    )

    __table_args__ = (
        UniqueConstraint("institution_id", "code"),
        UniqueConstraint("institution_id", "sequence"),
        refers("next_level_id", "grade_level"),
        index("next_level_id"),
        index("updated_at"),
        CheckConstraint("next_level_id <> id", name="next_is_another"),
        {"comment": "A grade level, also called class or form."},
    )
