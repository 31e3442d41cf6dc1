"""The tenant: one school. A reference table whose policy is `id = tenant`."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, synonym

from models.base import Base, Choice, enum, matches, short


class InstitutionStatus(Choice):
    ACTIVE = "ACTIVE", "In use: people can sign in."
    SUSPENDED = "SUSPENDED", "Closed for now: nobody can sign in, the data stays."


class Institution(Base):
    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, comment="Key of the tenant")
    code: Mapped[str] = short(20, comment="Code that people sign in with, unique over the deployment")
    name: Mapped[str] = short(200, comment="Name of the school")
    status: Mapped[InstitutionStatus] = enum(
        InstitutionStatus, default=InstitutionStatus.ACTIVE, comment="Whether the school is in use"
    )
    created_at: Mapped[datetime.datetime] = mapped_column(
        server_default=func.now(), comment="When the school was set up (instant, UTC)"
    )
    updated_at: Mapped[datetime.datetime] = mapped_column(
        server_default=func.now(), comment="When the school was last changed (instant, UTC)"
    )
    version: Mapped[int] = mapped_column(server_default=text("1"), comment="Counts the changes")

    # The tenant of the tenant's own row, so that reads restrict it like every other.
    institution_id: Mapped[int] = synonym("id")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    __table_args__ = (
        UniqueConstraint("code"),
        matches("code", "^[A-Z0-9]{2,20}$", "code_format"),
        {"comment": "A school: the tenant that all other records belong to. Visible to its own users only."},
    )
