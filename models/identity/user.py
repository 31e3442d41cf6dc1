"""A person who signs in. The table is `app_user`, since `user` is a reserved word."""

import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    BOOKKEEPING,
    SECRET,
    Choice,
    Record,
    Retirable,
    enum,
    folded,
    index,
    matches,
    refers,
    searched,
    short,
    trigram_index,
)
from models.computed import computed
from models.institution.school_profile import EMAIL_PATTERN


class UserStatus(Choice):
    ACTIVE = "ACTIVE", "May sign in."
    INACTIVE = "INACTIVE", "May not sign in."


class User(Record, Retirable):
    __tablename__ = "app_user"

    username: Mapped[str | None] = short(50, comment="Name to sign in with")
    username_folded: Mapped[str | None] = folded("username", 50)
    email: Mapped[str | None] = short(100, comment="E-mail, which can be signed in with too")
    email_folded: Mapped[str | None] = folded("email", 100)
    password_hash: Mapped[str | None] = short(
        255, info=SECRET, comment="argon2id hash; null: no password, cannot sign in"
    )
    first_name: Mapped[str | None] = short(50, comment="First (given) name")
    last_name: Mapped[str | None] = short(50, comment="Last (family) name")
    mobile: Mapped[str | None] = short(20, comment="Mobile phone")
    phone: Mapped[str | None] = short(20, comment="Another phone")
    position: Mapped[str | None] = short(100, comment="Position at the school")
    avatar: Mapped[str | None] = short(200, comment="Name of a picture shown beside the name")
    photo_id: Mapped[int | None] = mapped_column(BigInteger, comment="File of the photo")
    status: Mapped[UserStatus] = enum(UserStatus, default=UserStatus.ACTIVE, comment="Whether the user may sign in")
    must_change_password: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Has to choose a new password at the next sign-in"
    )
    last_login_at: Mapped[datetime.datetime | None] = mapped_column(
        info=BOOKKEEPING, comment="Last sign-in (instant, UTC)"
    )
    failed_logins: Mapped[int] = mapped_column(
        server_default=text("0"), info=BOOKKEEPING, comment="Failed sign-ins since the last good one"
    )
    last_failed_login_at: Mapped[datetime.datetime | None] = mapped_column(
        info=BOOKKEEPING, comment="Last failed sign-in (instant, UTC)"
    )
    locked_until: Mapped[datetime.datetime | None] = mapped_column(
        info=BOOKKEEPING, comment="No sign-in before this instant (UTC); null: not locked"
    )
    preferences: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), comment="What the user chose in the apps, as JSON"
    )
    search_text: Mapped[str] = searched(
        "first_name || ' ' || last_name", "first_name", "last_name", "username", "email", "mobile", "phone"
    )

    @computed("First and last name, as far as they are known")
    def full_name(self: Any) -> ColumnElement[Any]:
        return func.nullif(func.concat_ws(" ", self.first_name, self.last_name), "", type_=Text())

    __table_args__ = (
        refers("photo_id", "stored_file"),
        index("photo_id"),
        index("username_folded", unique=True, where="deleted_at IS NULL"),
        index("email_folded", unique=True, where="deleted_at IS NULL"),
        index("last_name", "first_name"),
        index("status"),
        index("created_at"),
        index("updated_at"),
        trigram_index("app_user"),
        matches("username", "^[A-Za-z0-9._-]+$", "username_format"),
        matches("email", EMAIL_PATTERN, "email_format"),
        CheckConstraint("username IS NOT NULL OR email IS NOT NULL", name="username_or_email"),
        CheckConstraint("failed_logins >= 0", name="failed_logins_positive"),
        CheckConstraint("octet_length(preferences::text) <= 20000", name="preferences_size"),
        {"comment": "A person who signs in: staff, or a guardian or student with an account."},
    )
