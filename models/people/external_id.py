"""What other systems call a record: OneRoster sourcedId, LDAP, ministry number."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, UniqueConstraint, case
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, matches, short
from models.computed import computed


class ExternalId(Record):
    __tablename__ = "external_id"

    entity: Mapped[str] = short(50, comment="Kind of the record, for example student or course")
    record_id: Mapped[int] = mapped_column(BigInteger, comment="Key of the record within its kind")
    system: Mapped[str] = short(100, comment="The other system, for example oneroster")
    value: Mapped[str] = short(255, comment="What that system calls the record")

    @computed("Student whose name it is, where it is one's", target="student")
    def student_id(self: Any) -> ColumnElement[Any]:
        return case((self.entity == "student", self.record_id))

    __table_args__ = (
        UniqueConstraint("institution_id", "entity", "system", "value"),
        UniqueConstraint("institution_id", "entity", "record_id", "system"),
        index("updated_at"),
        matches("entity", "^[a-z_]+$", "entity_format"),
        {"comment": "What another system calls a record: one value a system."},
    )
