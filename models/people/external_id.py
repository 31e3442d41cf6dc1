"""What other systems call a record: OneRoster sourcedId, LDAP, ministry number."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Record, index, matches, short


class ExternalId(Record):
    __tablename__ = "external_id"

    entity: Mapped[str] = short(50, comment="Kind of the record, for example student or course")
    record_id: Mapped[int] = mapped_column(BigInteger, comment="Key of the record within its kind")
    system: Mapped[str] = short(100, comment="The other system, for example oneroster")
    value: Mapped[str] = short(255, comment="What that system calls the record")

    __table_args__ = (
        UniqueConstraint("institution_id", "entity", "system", "value"),
        UniqueConstraint("institution_id", "entity", "record_id", "system"),
        index("updated_at"),
        matches("entity", "^[a-z_]+$", "entity_format"),
        {"comment": "What another system calls a record: one value a system."},
    )
