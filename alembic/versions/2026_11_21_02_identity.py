"""Tables of identity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_02"
down_revision = "2026_11_21_01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("name", sa.String(length=100), nullable=False, comment="What the key is for"),
        sa.Column("prefix", sa.String(length=20), nullable=False, comment="First characters, to tell keys apart"),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the key"),
        sa.Column(
            "role",
            sa.Enum(
                "SUPERADMIN",
                "ADMIN",
                "REGISTRAR",
                "TEACHER",
                "REPORTER",
                "GUARDIAN",
                "STUDENT",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What the key may do",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made (UTC)",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True, comment="When it ends (UTC); null: never"),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True, comment="Last use (UTC)"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True, comment="When it was taken back (UTC)"),
        sa.CheckConstraint("octet_length(key_hash) = 32", name=op.f("ck_api_key_key_hash_length")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_api_key_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("institution_id", "key_hash", name=op.f("uq_api_key_institution_id_key_hash")),
        sa.UniqueConstraint("institution_id", "name", name=op.f("uq_api_key_institution_id_name")),
        comment="A key for a report generator or an integration.",
    )
    op.create_index(
        op.f("ix_api_key_institution_id_expires_at"),
        "api_key",
        ["institution_id", "expires_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "app_user",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("username", sa.String(length=50), nullable=True, comment="Name to sign in with"),
        sa.Column(
            "username_folded",
            sa.String(length=50),
            sa.Computed("lower(username)", persisted=True),
            nullable=True,
            comment="Lower-cased username, for look-up",
        ),
        sa.Column("email", sa.String(length=100), nullable=True, comment="E-mail, which can be signed in with too"),
        sa.Column(
            "email_folded",
            sa.String(length=100),
            sa.Computed("lower(email)", persisted=True),
            nullable=True,
            comment="Lower-cased email, for look-up",
        ),
        sa.Column(
            "password_hash",
            sa.String(length=255),
            nullable=True,
            comment="argon2id hash; null: no password, cannot sign in",
        ),
        sa.Column("first_name", sa.String(length=50), nullable=True, comment="First (given) name"),
        sa.Column("last_name", sa.String(length=50), nullable=True, comment="Last (family) name"),
        sa.Column("mobile", sa.String(length=20), nullable=True, comment="Mobile phone"),
        sa.Column("phone", sa.String(length=20), nullable=True, comment="Another phone"),
        sa.Column("position", sa.String(length=100), nullable=True, comment="Position at the school"),
        sa.Column("avatar", sa.String(length=200), nullable=True, comment="Name of a picture shown beside the name"),
        sa.Column("photo_id", sa.BigInteger(), nullable=True, comment="File of the photo"),
        sa.Column(
            "status",
            sa.Enum("ACTIVE", "INACTIVE", name="user_status", native_enum=False, create_constraint=True, length=50),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="Whether the user may sign in",
        ),
        sa.Column(
            "must_change_password",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Has to choose a new password at the next sign-in",
        ),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True, comment="Last sign-in (instant, UTC)"),
        sa.Column(
            "failed_logins",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Failed sign-ins since the last good one",
        ),
        sa.Column(
            "last_failed_login_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last failed sign-in (instant, UTC)",
        ),
        sa.Column(
            "locked_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="No sign-in before this instant (UTC); null: not locked",
        ),
        sa.Column(
            "preferences",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="What the user chose in the apps, as JSON",
        ),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(first_name || ' ' || last_name, '') || E'\\n' || coalesce(first_name, '')"
                " || E'\\n' || coalesce(last_name, '') || E'\\n' || coalesce(username, '') || E'\\n' || "
                "coalesce(email, '') || E'\\n' || coalesce(mobile, '') || E'\\n' || coalesce(phone, ''))",
                persisted=True,
            ),
            nullable=False,
            comment="What a search looks into",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the record was made (instant, UTC)",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the record was last changed (instant, UTC)",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="User who made the record"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="User who last changed it"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts the changes; an update must name the one it saw",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the record was retired (instant, UTC); null while in use",
        ),
        sa.CheckConstraint("email ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'", name=op.f("ck_app_user_email_format")),
        sa.CheckConstraint("username ~ '^[A-Za-z0-9._-]+$'", name=op.f("ck_app_user_username_format")),
        sa.CheckConstraint("failed_logins >= 0", name=op.f("ck_app_user_failed_logins_positive")),
        sa.CheckConstraint("octet_length(preferences::text) <= 20000", name=op.f("ck_app_user_preferences_size")),
        sa.CheckConstraint("username IS NOT NULL OR email IS NOT NULL", name=op.f("ck_app_user_username_or_email")),
        sa.ForeignKeyConstraint(
            ["institution_id", "photo_id"],
            ["stored_file.institution_id", "stored_file.id"],
            name=op.f("fk_app_user_institution_id_photo_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_app_user_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_app_user")),
        comment="A person who signs in: staff, or a guardian or student with an account.",
    )
    op.create_index(
        op.f("ix_app_user_institution_id_created_at"),
        "app_user",
        ["institution_id", "created_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_email_folded"),
        "app_user",
        ["institution_id", "email_folded"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_last_name_first_name"),
        "app_user",
        ["institution_id", "last_name", "first_name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_photo_id"),
        "app_user",
        ["institution_id", "photo_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_status"),
        "app_user",
        ["institution_id", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_updated_at"),
        "app_user",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_app_user_institution_id_username_folded"),
        "app_user",
        ["institution_id", "username_folded"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        "ix_app_user_search",
        "app_user",
        ["institution_id", "search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "reset_token",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Whose password"),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the token"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made (UTC)",
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends (UTC)"),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), nullable=True, comment="When it was used (UTC); null: not yet"
        ),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_reset_token_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_reset_token_institution_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_reset_token_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_reset_token")),
        sa.UniqueConstraint("institution_id", "token_hash", name=op.f("uq_reset_token_institution_id_token_hash")),
        comment="A one-time token with which a password is set anew.",
    )
    op.create_index(
        op.f("ix_reset_token_institution_id_user_id"),
        "reset_token",
        ["institution_id", "user_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "session",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who is signed in"),
        sa.Column(
            "acting_institution_id", sa.BigInteger(), nullable=False, comment="Institution whose data the session sees"
        ),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the token"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it began (UTC)",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="Last use (UTC)",
        ),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="When it ends unless used before (UTC)"
        ),
        sa.Column("user_agent", sa.String(length=500), nullable=True, comment="Browser or program that signed in"),
        sa.Column("address", sa.String(length=50), nullable=True, comment="Network address that signed in"),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_session_token_hash_length")),
        sa.ForeignKeyConstraint(
            ["acting_institution_id"], ["institution.id"], name=op.f("fk_session_acting_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_session_institution_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_session_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_session")),
        sa.UniqueConstraint("institution_id", "token_hash", name=op.f("uq_session_institution_id_token_hash")),
        comment="A signed-in session; it ends when it is not used.",
    )
    op.create_index(
        op.f("ix_session_institution_id_acting_institution_id"),
        "session",
        ["institution_id", "acting_institution_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_session_institution_id_expires_at"),
        "session",
        ["institution_id", "expires_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_session_institution_id_user_id"),
        "session",
        ["institution_id", "user_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "user_institution",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="The operator"),
        sa.Column("acting_institution_id", sa.BigInteger(), nullable=False, comment="Institution they may act in"),
        sa.ForeignKeyConstraint(
            ["acting_institution_id"], ["institution.id"], name=op.f("fk_user_institution_acting_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_user_institution_institution_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_user_institution_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_user_institution")),
        sa.UniqueConstraint(
            "institution_id",
            "user_id",
            "acting_institution_id",
            name=op.f("uq_user_institution_institution_id_user_id_acting_institution_id"),
        ),
        comment="An institution in which an operator may act.",
    )
    op.create_index(
        op.f("ix_user_institution_institution_id_acting_institution_id"),
        "user_institution",
        ["institution_id", "acting_institution_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "user_role",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="The user"),
        sa.Column(
            "role",
            sa.Enum(
                "SUPERADMIN",
                "ADMIN",
                "REGISTRAR",
                "TEACHER",
                "REPORTER",
                "GUARDIAN",
                "STUDENT",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="The role",
        ),
        sa.Column("begin_date", sa.Date(), nullable=True, comment="First day; null: from the start"),
        sa.Column("end_date", sa.Date(), nullable=True, comment="Last day, inclusive; null: open"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the record was made (instant, UTC)",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the record was last changed (instant, UTC)",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="User who made the record"),
        sa.Column("updated_by", sa.BigInteger(), nullable=True, comment="User who last changed it"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts the changes; an update must name the one it saw",
        ),
        sa.CheckConstraint("end_date >= begin_date", name=op.f("ck_user_role_ends_after_begin")),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_user_role_institution_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_user_role_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_user_role")),
        sa.UniqueConstraint("institution_id", "user_id", "role", name=op.f("uq_user_role_institution_id_user_id_role")),
        comment="A role that a user holds, and when.",
    )
    op.create_index(
        op.f("ix_user_role_institution_id_role"),
        "user_role",
        ["institution_id", "role"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_user_role_institution_id_updated_at"),
        "user_role",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_user_role_institution_id_updated_at"),
        table_name="user_role",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_user_role_institution_id_role"), table_name="user_role", postgresql_where=None, postgresql_include=None
    )
    op.drop_table("user_role")
    op.drop_index(
        op.f("ix_user_institution_institution_id_acting_institution_id"),
        table_name="user_institution",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("user_institution")
    op.drop_index(
        op.f("ix_session_institution_id_user_id"), table_name="session", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_session_institution_id_expires_at"),
        table_name="session",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_session_institution_id_acting_institution_id"),
        table_name="session",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("session")
    op.drop_index(
        op.f("ix_reset_token_institution_id_user_id"),
        table_name="reset_token",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("reset_token")
    op.drop_index(
        "ix_app_user_search",
        table_name="app_user",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_username_folded"),
        table_name="app_user",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_updated_at"),
        table_name="app_user",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_status"), table_name="app_user", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_photo_id"),
        table_name="app_user",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_last_name_first_name"),
        table_name="app_user",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_email_folded"),
        table_name="app_user",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_app_user_institution_id_created_at"),
        table_name="app_user",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("app_user")
    op.drop_index(
        op.f("ix_api_key_institution_id_expires_at"),
        table_name="api_key",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("api_key")
