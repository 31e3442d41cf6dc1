"""A signed-in session. The token is shown once and stored only as its SHA-256."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, index, refers, short


class Session(Tenant):
    __tablename__ = "session"

    user_id: Mapped[int] = mapped_column(BigInteger, comment="Who is signed in")
    acting_institution_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("institution.id"), comment="Institution whose data the session sees"
    )
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the token")
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When it began (UTC)")
    last_seen_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="Last use (UTC)")
    expires_at: Mapped[datetime.datetime] = mapped_column(comment="When it ends unless used before (UTC)")
    user_agent: Mapped[str | None] = short(500, comment="Browser or program that signed in")
    address: Mapped[str | None] = short(50, comment="Network address that signed in")

    __table_args__ = (
        UniqueConstraint("institution_id", "token_hash"),
        refers("user_id", "app_user", cascade=True),
        index("user_id"),
        index("acting_institution_id"),
        index("expires_at"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        {"comment": "A signed-in session; it ends when it is not used."},
    )
