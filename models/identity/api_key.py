"""Keys of report generators and integrations."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, enum, index, short
from models.identity.user_role import Role


class ApiKey(Tenant):
    __tablename__ = "api_key"

    name: Mapped[str] = short(100, comment="What the key is for")
    prefix: Mapped[str] = short(20, comment="First characters, to tell keys apart")
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the key")
    role: Mapped[Role] = enum(Role, comment="What the key may do")
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When it was made (UTC)")
    created_by: Mapped[int | None] = mapped_column(BigInteger, comment="User who made it")
    expires_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it ends (UTC); null: never")
    last_used_at: Mapped[datetime.datetime | None] = mapped_column(comment="Last use (UTC)")
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was taken back (UTC)")

    __table_args__ = (
        UniqueConstraint("institution_id", "key_hash"),
        UniqueConstraint("institution_id", "name"),
        index("expires_at"),
        CheckConstraint("octet_length(key_hash) = 32", name="key_hash_length"),
        {"comment": "A key for a report generator or an integration."},
    )
