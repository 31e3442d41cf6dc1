"""One-time tokens with which a password is set anew; stored only as their SHA-256."""

import datetime

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Tenant, index, refers


class ResetToken(Tenant):
    __tablename__ = "reset_token"

    user_id: Mapped[int] = mapped_column(BigInteger, comment="Whose password")
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the token")
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When it was made (UTC)")
    expires_at: Mapped[datetime.datetime] = mapped_column(comment="When it ends (UTC)")
    used_at: Mapped[datetime.datetime | None] = mapped_column(comment="When it was used (UTC); null: not yet")

    __table_args__ = (
        UniqueConstraint("institution_id", "token_hash"),
        refers("user_id", "app_user", cascade=True),
        index("user_id"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_length"),
        {"comment": "A one-time token with which a password is set anew."},
    )
