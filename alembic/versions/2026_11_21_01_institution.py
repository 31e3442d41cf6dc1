"""Tables of institution."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Trusted extensions: the owner of the database may make them.
    for extension in ("pg_trgm", "btree_gin", "btree_gist"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.create_table(
        "institution",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key of the tenant"),
        sa.Column(
            "code",
            sa.String(length=20),
            nullable=False,
            comment="Code that people sign in with, unique over the deployment",
        ),
        sa.Column("name", sa.String(length=200), nullable=False, comment="Name of the school"),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE", "SUSPENDED", name="institution_status", native_enum=False, create_constraint=True, length=50
            ),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="Whether the school is in use",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the school was set up (instant, UTC)",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the school was last changed (instant, UTC)",
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False, comment="Counts the changes"),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{2,20}$'", name=op.f("ck_institution_code_format")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("code", name=op.f("uq_institution_code")),
        comment="A school: the tenant that all other records belong to. Visible to its own users only.",
    )
    op.create_table(
        "configuration_setting",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column(
            "category",
            sa.Enum(
                "GENERAL",
                "ACADEMIC",
                "FINANCIAL",
                name="setting_category",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="Which part of the school it configures",
        ),
        sa.Column(
            "key", sa.String(length=100), nullable=False, comment="Name of the setting, upper-case with underscores"
        ),
        sa.Column(
            "value", sa.String(length=2000), nullable=False, comment="The value as text; it parses as the value type"
        ),
        sa.Column(
            "value_type",
            sa.Enum(
                "STRING",
                "INTEGER",
                "DECIMAL",
                "BOOLEAN",
                "DATE",
                "MONTH",
                "TIMEZONE",
                "CURRENCY",
                "JSON",
                name="setting_type",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="How the value is to be read",
        ),
        sa.Column("description", sa.String(length=500), nullable=True, comment="What the setting does"),
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
        sa.CheckConstraint("key ~ '^[A-Z][A-Z0-9_]*$'", name=op.f("ck_configuration_setting_key_format")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_configuration_setting_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_configuration_setting")),
        sa.UniqueConstraint(
            "institution_id", "category", "key", name=op.f("uq_configuration_setting_institution_id_category_key")
        ),
        comment="One setting of the school. Schools may add keys of their own.",
    )
    op.create_index(
        op.f("ix_configuration_setting_institution_id_updated_at"),
        "configuration_setting",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "number_counter",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("kind", sa.String(length=50), nullable=False, comment="What is numbered, for example student"),
        sa.Column("year", sa.Integer(), nullable=False, comment="Year the numbers are of"),
        sa.Column(
            "last", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="The last number given out"
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_number_counter_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_number_counter")),
        sa.UniqueConstraint("institution_id", "kind", "year", name=op.f("uq_number_counter_institution_id_kind_year")),
        comment="The last number given out of each kind and year.",
    )
    op.create_table(
        "stored_file",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("name", sa.String(length=200), nullable=False, comment="File name as uploaded"),
        sa.Column("content_type", sa.String(length=100), nullable=False, comment="Media type, found from the content"),
        sa.Column("size", sa.Integer(), nullable=False, comment="Size in bytes"),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the content"),
        sa.Column("location", sa.String(length=500), nullable=False, comment="Key of the bytes in the file store"),
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
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size_positive")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_stored_file_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("institution_id", "location", name=op.f("uq_stored_file_institution_id_location")),
        comment="A file kept in the file store, such as a photo or a logo.",
    )
    op.create_table(
        "school_profile",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("school_name", sa.String(length=200), nullable=False, comment="Name as printed on reports"),
        sa.Column("address", sa.String(length=500), nullable=True, comment="Postal address of the school"),
        sa.Column(
            "phone",
            sa.String(length=15),
            nullable=True,
            comment="Phone of the school's office, 10 to 15 digits and + ( ) -",
        ),
        sa.Column("email", sa.String(length=100), nullable=True, comment="E-mail of the school's office"),
        sa.Column(
            "country",
            sa.String(length=2),
            server_default="IN",
            nullable=False,
            comment="Country of the school, ISO 3166-1 alpha-2",
        ),
        sa.Column("logo_id", sa.BigInteger(), nullable=True, comment="File of the logo"),
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
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_school_profile_country_format")),
        sa.CheckConstraint("email ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'", name=op.f("ck_school_profile_email_format")),
        sa.CheckConstraint("phone ~ '^[0-9+()-]{10,15}$'", name=op.f("ck_school_profile_phone_format")),
        sa.ForeignKeyConstraint(
            ["institution_id", "logo_id"],
            ["stored_file.institution_id", "stored_file.id"],
            name=op.f("fk_school_profile_institution_id_logo_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_school_profile_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_school_profile")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_school_profile_institution_id")),
        comment="How the school presents itself on reports and to its families.",
    )
    op.create_index(
        op.f("ix_school_profile_institution_id_logo_id"),
        "school_profile",
        ["institution_id", "logo_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_school_profile_institution_id_logo_id"),
        table_name="school_profile",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("school_profile")
    op.drop_table("stored_file")
    op.drop_table("number_counter")
    op.drop_index(
        op.f("ix_configuration_setting_institution_id_updated_at"),
        table_name="configuration_setting",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("configuration_setting")
    op.drop_table("institution")
