"""Tables of people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_04"
down_revision = "2026_11_21_03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_id",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column(
            "entity", sa.String(length=50), nullable=False, comment="Kind of the record, for example student or course"
        ),
        sa.Column("record_id", sa.BigInteger(), nullable=False, comment="Key of the record within its kind"),
        sa.Column("system", sa.String(length=100), nullable=False, comment="The other system, for example oneroster"),
        sa.Column("value", sa.String(length=255), nullable=False, comment="What that system calls the record"),
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
        sa.CheckConstraint("entity ~ '^[a-z_]+$'", name=op.f("ck_external_id_entity_format")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_external_id_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_external_id")),
        sa.UniqueConstraint(
            "institution_id",
            "entity",
            "record_id",
            "system",
            name=op.f("uq_external_id_institution_id_entity_record_id_system"),
        ),
        sa.UniqueConstraint(
            "institution_id",
            "entity",
            "system",
            "value",
            name=op.f("uq_external_id_institution_id_entity_system_value"),
        ),
        comment="What another system calls a record: one value a system.",
    )
    op.create_index(
        op.f("ix_external_id_institution_id_updated_at"),
        "external_id",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "guardian",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("first_name", sa.String(length=50), nullable=True, comment="First (given) name"),
        sa.Column("last_name", sa.String(length=50), nullable=True, comment="Last (family) name"),
        sa.Column(
            "single_name",
            sa.String(length=100),
            nullable=True,
            comment="The whole name, where it is not split into first and last",
        ),
        sa.Column(
            "full_name",
            sa.String(length=101),
            sa.Computed("coalesce(single_name, first_name || ' ' || last_name, '')", persisted=True),
            nullable=False,
            comment="The whole name, or first and last name",
        ),
        sa.Column("mobile", sa.String(length=20), nullable=True, comment="Mobile phone; families share it"),
        sa.Column("phone", sa.String(length=20), nullable=True, comment="Another phone"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="E-mail"),
        sa.Column(
            "email_folded",
            sa.String(length=100),
            sa.Computed("lower(email)", persisted=True),
            nullable=True,
            comment="Lower-cased email, for look-up",
        ),
        sa.Column("occupation", sa.String(length=100), nullable=True, comment="Occupation"),
        sa.Column(
            "income", sa.Numeric(precision=19, scale=4), nullable=True, comment="Yearly income in the school's currency"
        ),
        sa.Column("house_number", sa.String(length=50), nullable=True, comment="House number"),
        sa.Column("street", sa.String(length=200), nullable=True, comment="Street"),
        sa.Column("village", sa.String(length=100), nullable=True, comment="Village"),
        sa.Column("commune", sa.String(length=100), nullable=True, comment="Commune"),
        sa.Column("district", sa.String(length=100), nullable=True, comment="District"),
        sa.Column("city", sa.String(length=100), nullable=True, comment="City"),
        sa.Column("province", sa.String(length=100), nullable=True, comment="Province or state"),
        sa.Column("postal_code", sa.String(length=20), nullable=True, comment="Postal code"),
        sa.Column("country", sa.String(length=2), nullable=True, comment="Country, ISO 3166-1 alpha-2"),
        sa.Column("birth_district", sa.String(length=100), nullable=True, comment="District of birth"),
        sa.Column("church", sa.String(length=100), nullable=True, comment="Church the guardian belongs to"),
        sa.Column("believer", sa.Boolean(), nullable=True, comment="Whether the guardian is a believer"),
        sa.Column("number_of_children", sa.Integer(), nullable=True, comment="How many children the guardian has"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="The guardian's own account"),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(coalesce(single_name, first_name || ' ' || last_name), '') || E'\\n' || "
                "coalesce(mobile, '') || E'\\n' || coalesce(phone, '') || E'\\n' || coalesce(email, ''))",
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
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_guardian_country_format")),
        sa.CheckConstraint("email ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'", name=op.f("ck_guardian_email_format")),
        sa.CheckConstraint("mobile ~ '^[0-9+() -]{5,20}$'", name=op.f("ck_guardian_mobile_format")),
        sa.CheckConstraint("phone ~ '^[0-9+() -]{5,20}$'", name=op.f("ck_guardian_phone_format")),
        sa.CheckConstraint("income >= 0", name=op.f("ck_guardian_income_positive")),
        sa.CheckConstraint("number_of_children BETWEEN 0 AND 50", name=op.f("ck_guardian_number_of_children_range")),
        sa.CheckConstraint(
            "single_name IS NOT NULL OR (first_name IS NOT NULL AND last_name IS NOT NULL)",
            name=op.f("ck_guardian_named"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_guardian_institution_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_guardian_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_guardian")),
        comment="An adult responsible for one or more students (OneRoster: user with role guardian or parent).",
    )
    op.create_index(
        op.f("ix_guardian_institution_id_created_at"),
        "guardian",
        ["institution_id", "created_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_email_folded"),
        "guardian",
        ["institution_id", "email_folded"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_full_name"),
        "guardian",
        ["institution_id", "full_name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_last_name_first_name"),
        "guardian",
        ["institution_id", "last_name", "first_name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_mobile"),
        "guardian",
        ["institution_id", "mobile"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_updated_at"),
        "guardian",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_guardian_institution_id_user_id"),
        "guardian",
        ["institution_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        "ix_guardian_search",
        "guardian",
        ["institution_id", "search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "student",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column(
            "student_number",
            sa.String(length=20),
            nullable=False,
            comment="Number given at registration, STU-YYYY-NNNNN, never reused",
        ),
        sa.Column("first_name", sa.String(length=50), nullable=False, comment="First (given) name"),
        sa.Column("last_name", sa.String(length=50), nullable=False, comment="Last (family) name"),
        sa.Column("preferred_name", sa.String(length=50), nullable=True, comment="Name the student goes by"),
        sa.Column(
            "gender",
            sa.Enum(
                "FEMALE",
                "MALE",
                "OTHER",
                "UNSPECIFIED",
                name="gender",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="Gender as recorded by the school",
        ),
        sa.Column("date_of_birth", sa.Date(), nullable=False, comment="Day of birth"),
        sa.Column(
            "status",
            sa.Enum("ACTIVE", "INACTIVE", name="student_status", native_enum=False, create_constraint=True, length=50),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="Whether the student attends at present",
        ),
        sa.Column("registration_date", sa.Date(), nullable=False, comment="Day of registration at the school"),
        sa.Column(
            "mobile", sa.String(length=20), nullable=True, comment="The student's own mobile phone; 10 digits in India"
        ),
        sa.Column("phone", sa.String(length=20), nullable=True, comment="Another phone of the student"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="The student's own e-mail"),
        sa.Column(
            "email_folded",
            sa.String(length=100),
            sa.Computed("lower(email)", persisted=True),
            nullable=True,
            comment="Lower-cased email, for look-up",
        ),
        sa.Column("emergency_contact", sa.String(length=200), nullable=True, comment="Whom to call in an emergency"),
        sa.Column("house_number", sa.String(length=50), nullable=True, comment="House number"),
        sa.Column("street", sa.String(length=200), nullable=True, comment="Street"),
        sa.Column("village", sa.String(length=100), nullable=True, comment="Village"),
        sa.Column("commune", sa.String(length=100), nullable=True, comment="Commune"),
        sa.Column("district", sa.String(length=100), nullable=True, comment="District"),
        sa.Column("city", sa.String(length=100), nullable=True, comment="City"),
        sa.Column("province", sa.String(length=100), nullable=True, comment="Province or state"),
        sa.Column("postal_code", sa.String(length=20), nullable=True, comment="Postal code; 6 digits in India"),
        sa.Column("country", sa.String(length=2), nullable=True, comment="Country of the address, ISO 3166-1 alpha-2"),
        sa.Column("birth_district", sa.String(length=100), nullable=True, comment="District of birth"),
        sa.Column("religion", sa.String(length=50), nullable=True, comment="Religion, where the family states it"),
        sa.Column("caste", sa.String(length=50), nullable=True, comment="Caste, where the family states it"),
        sa.Column("vaccinated", sa.Boolean(), nullable=True, comment="Whether the required vaccinations were given"),
        sa.Column("previous_school", sa.String(length=200), nullable=True, comment="School attended before"),
        sa.Column(
            "transfer_reason", sa.String(length=500), nullable=True, comment="Why the student came from that school"
        ),
        sa.Column(
            "register_to_study", sa.String(length=200), nullable=True, comment="What the student registered to study"
        ),
        sa.Column(
            "needs_clothes",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Needs help with clothes",
        ),
        sa.Column(
            "needs_materials",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Needs help with school materials",
        ),
        sa.Column(
            "needs_transport",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Needs help with transport",
        ),
        sa.Column("identifying_marks_sealed", sa.LargeBinary(), nullable=True, comment="Identifying marks, encrypted"),
        sa.Column("health_sealed", sa.LargeBinary(), nullable=True, comment="Health notes, encrypted"),
        sa.Column("national_id_sealed", sa.LargeBinary(), nullable=True, comment="National id, encrypted"),
        sa.Column("national_id_index", sa.LargeBinary(), nullable=True, comment="Keyed hash of the national id"),
        sa.Column(
            "national_id_last4", sa.String(length=4), nullable=True, comment="Last four digits of the national id"
        ),
        sa.Column("photo_id", sa.BigInteger(), nullable=True, comment="File of the photo"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="The student's own account"),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "lower(coalesce(first_name || ' ' || last_name, '') || E'\\n' || "
                "coalesce(preferred_name, '') || E'\\n' || coalesce(student_number, '') || E'\\n' || "
                "coalesce(mobile, '') || E'\\n' || coalesce(phone, '') || E'\\n' || coalesce(email, ''))",
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
        sa.CheckConstraint(
            "CASE WHEN country = 'IN' THEN mobile ~ '^[0-9]{10}$' ELSE mobile ~ '^[0-9+() -]{5,20}$' END",
            name=op.f("ck_student_mobile_format"),
        ),
        sa.CheckConstraint(
            "CASE WHEN country = 'IN' THEN postal_code ~ '^[0-9]{6}$' ELSE postal_code ~ '^[A-Z0-9 -]{2,20}$' END",
            name=op.f("ck_student_postal_code_format"),
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_student_country_format")),
        sa.CheckConstraint("email ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'", name=op.f("ck_student_email_format")),
        sa.CheckConstraint("national_id_last4 ~ '^[0-9]{4}$'", name=op.f("ck_student_national_id_last4_format")),
        sa.CheckConstraint("phone ~ '^[0-9+() -]{5,20}$'", name=op.f("ck_student_phone_format")),
        sa.CheckConstraint("date_of_birth < registration_date", name=op.f("ck_student_born_before_registration")),
        sa.ForeignKeyConstraint(
            ["institution_id", "photo_id"],
            ["stored_file.institution_id", "stored_file.id"],
            name=op.f("fk_student_institution_id_photo_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_student_institution_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_student_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_student")),
        sa.UniqueConstraint("institution_id", "student_number", name=op.f("uq_student_institution_id_student_number")),
        comment="A learner of the school (OneRoster: user with role student).",
    )
    op.create_index(
        op.f("ix_student_institution_id_caste"),
        "student",
        ["institution_id", "caste"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_created_at"),
        "student",
        ["institution_id", "created_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_date_of_birth"),
        "student",
        ["institution_id", "date_of_birth"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_email_folded"),
        "student",
        ["institution_id", "email_folded"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_first_name"),
        "student",
        ["institution_id", "first_name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_last_name_first_name_status"),
        "student",
        ["institution_id", "last_name", "first_name", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_mobile"),
        "student",
        ["institution_id", "mobile"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_national_id_index"),
        "student",
        ["institution_id", "national_id_index"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_photo_id"),
        "student",
        ["institution_id", "photo_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_registration_date"),
        "student",
        ["institution_id", "registration_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_status_last_name"),
        "student",
        ["institution_id", "status", "last_name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=("first_name", "mobile", "email"),
    )
    op.create_index(
        op.f("ix_student_institution_id_updated_at"),
        "student",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_institution_id_user_id"),
        "student",
        ["institution_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.create_index(
        "ix_student_search",
        "student",
        ["institution_id", "search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "family_info",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("living_with", sa.String(length=100), nullable=True, comment="Whom the student lives with"),
        sa.Column("living_condition", sa.String(length=500), nullable=True, comment="How the family lives"),
        sa.Column("own_house", sa.Boolean(), nullable=True, comment="Whether the family owns its house"),
        sa.Column("religion", sa.String(length=50), nullable=True, comment="Religion of the family"),
        sa.Column("church", sa.String(length=100), nullable=True, comment="Church of the family"),
        sa.Column(
            "duration_in_district",
            sa.String(length=100),
            nullable=True,
            comment="How long the family has lived in the district",
        ),
        sa.Column("can_help_school", sa.Boolean(), nullable=True, comment="Whether the family can help the school"),
        sa.Column(
            "help_amount",
            sa.Numeric(precision=19, scale=4),
            nullable=True,
            comment="What it can give, in the school's currency",
        ),
        sa.Column("help_frequency", sa.String(length=50), nullable=True, comment="How often it can give"),
        sa.Column(
            "know_school_from", sa.String(length=200), nullable=True, comment="How the family came to know the school"
        ),
        sa.Column(
            "organisation_help", sa.String(length=200), nullable=True, comment="Organisation that helps the family"
        ),
        sa.Column(
            "poverty_card", sa.String(length=50), nullable=True, comment="Number or kind of the family's poverty card"
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
        sa.CheckConstraint("help_amount >= 0", name=op.f("ck_family_info_help_amount_positive")),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_family_info_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_family_info_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_family_info")),
        sa.UniqueConstraint("institution_id", "student_id", name=op.f("uq_family_info_institution_id_student_id")),
        comment="Where and how a student's family lives.",
    )
    op.create_index(
        op.f("ix_family_info_institution_id_updated_at"),
        "family_info",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "scholarship",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="Name of the scholarship"),
        sa.Column("provider", sa.String(length=200), nullable=True, comment="Who pays it"),
        sa.Column("basis", sa.String(length=200), nullable=True, comment="What it is given for: merit, need, sport …"),
        sa.Column("amount", sa.Numeric(precision=19, scale=4), nullable=True, comment="Amount, in `currency`"),
        sa.Column("currency", sa.String(length=3), nullable=True, comment="Currency of the amount, ISO 4217"),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACTIVE",
                "ENDED",
                "REVOKED",
                name="scholarship_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="Where the scholarship stands",
        ),
        sa.Column("start_date", sa.Date(), nullable=False, comment="First day"),
        sa.Column("end_date", sa.Date(), nullable=True, comment="Last day; null: open"),
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
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_scholarship_currency_format")),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name=op.f("ck_scholarship_amount_with_currency")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_scholarship_amount_positive")),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_scholarship_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_scholarship_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_scholarship_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_scholarship")),
        comment="Aid that a student receives.",
    )
    op.create_index(
        op.f("ix_scholarship_institution_id_start_date"),
        "scholarship",
        ["institution_id", "start_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_scholarship_institution_id_status"),
        "scholarship",
        ["institution_id", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_scholarship_institution_id_student_id"),
        "scholarship",
        ["institution_id", "student_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_scholarship_institution_id_updated_at"),
        "scholarship",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "school_enrollment",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False, comment="School year of the span"),
        sa.Column("grade_level_id", sa.BigInteger(), nullable=True, comment="Grade level during the span"),
        sa.Column("entry_date", sa.Date(), nullable=False, comment="First day at the school, inclusive"),
        sa.Column(
            "entry_type",
            sa.Enum(
                "NEW",
                "TRANSFER",
                "RE_ENTRY",
                "PROMOTED",
                "OTHER",
                name="entry_type",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'NEW'"),
            nullable=False,
            comment="How the student came",
        ),
        sa.Column("exit_date", sa.Date(), nullable=True, comment="Last day, inclusive; null: still there"),
        sa.Column(
            "exit_reason",
            sa.Enum(
                "COMPLETED",
                "GRADUATED",
                "TRANSFERRED",
                "WITHDRAWN",
                "DROPPED_OUT",
                "EXPELLED",
                "NO_SHOW",
                "MOVED",
                "DECEASED",
                "OTHER",
                name="exit_reason",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=True,
            comment="Why the student left",
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
        postgresql.ExcludeConstraint(
            (sa.column("institution_id"), "="),
            (sa.column("student_id"), "="),
            (sa.text("daterange(entry_date, exit_date, '[]')"), "&&"),
            using="gist",
            name="ex_school_enrollment_span",
        ),
        sa.CheckConstraint("exit_date >= entry_date", name=op.f("ck_school_enrollment_exit_after_entry")),
        sa.CheckConstraint(
            "exit_reason IS NULL OR exit_date IS NOT NULL", name=op.f("ck_school_enrollment_exit_with_date")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "grade_level_id"],
            ["grade_level.institution_id", "grade_level.id"],
            name=op.f("fk_school_enrollment_institution_id_grade_level_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_school_enrollment_institution_id_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_school_enrollment_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_school_enrollment_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_school_enrollment")),
        comment="A span of belonging to the school (Ed-Fi: StudentSchoolAssociation). Spans do not overlap.",
    )
    op.create_index(
        op.f("ix_school_enrollment_institution_id_entry_date"),
        "school_enrollment",
        ["institution_id", "entry_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_enrollment_institution_id_grade_level_id_entry_date"),
        "school_enrollment",
        ["institution_id", "grade_level_id", "entry_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_enrollment_institution_id_school_year_id"),
        "school_enrollment",
        ["institution_id", "school_year_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_enrollment_institution_id_student_id_entry_date"),
        "school_enrollment",
        ["institution_id", "student_id", "entry_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_enrollment_institution_id_updated_at"),
        "school_enrollment",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "student_guardian",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("guardian_id", sa.BigInteger(), nullable=False, comment="The guardian"),
        sa.Column(
            "relation",
            sa.Enum(
                "FATHER",
                "MOTHER",
                "GUARDIAN",
                "STEPFATHER",
                "STEPMOTHER",
                "GRANDPARENT",
                "SIBLING",
                "AUNT_UNCLE",
                "FOSTER_PARENT",
                "RELATIVE",
                "OTHER",
                "UNKNOWN",
                name="guardian_relation",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What the guardian is to the student",
        ),
        sa.Column(
            "legal_guardian",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Holds legal custody",
        ),
        sa.Column(
            "lives_with",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The student lives with them",
        ),
        sa.Column(
            "emergency_contact",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="To be called in emergencies",
        ),
        sa.Column(
            "contact_priority",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Whom to contact first: 1 comes before 2",
        ),
        sa.Column(
            "may_access_records",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="May see the student's records when signed in",
        ),
        sa.Column(
            "contact_restriction",
            sa.String(length=500),
            nullable=True,
            comment="A court's or the school's limit on contact",
        ),
        sa.Column(
            "consents_to_messages", sa.Boolean(), nullable=True, comment="Agreed to receive messages; null: not asked"
        ),
        sa.Column(
            "consents_to_photos", sa.Boolean(), nullable=True, comment="Agreed to photos of the child; null: not asked"
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
        sa.CheckConstraint(
            "contact_priority BETWEEN 1 AND 99", name=op.f("ck_student_guardian_contact_priority_range")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "guardian_id"],
            ["guardian.institution_id", "guardian.id"],
            name=op.f("fk_student_guardian_institution_id_guardian_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_student_guardian_institution_id_student_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_student_guardian_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_student_guardian")),
        sa.UniqueConstraint(
            "institution_id",
            "student_id",
            "guardian_id",
            name=op.f("uq_student_guardian_institution_id_student_id_guardian_id"),
        ),
        comment="What a guardian is to a student, and what they may do (Ed-Fi: StudentContactAssociation).",
    )
    op.create_index(
        op.f("ix_student_guardian_institution_id_guardian_id"),
        "student_guardian",
        ["institution_id", "guardian_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_student_guardian_institution_id_updated_at"),
        "student_guardian",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_student_guardian_institution_id_updated_at"),
        table_name="student_guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_guardian_institution_id_guardian_id"),
        table_name="student_guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("student_guardian")
    op.drop_index(
        op.f("ix_school_enrollment_institution_id_updated_at"),
        table_name="school_enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_enrollment_institution_id_student_id_entry_date"),
        table_name="school_enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_enrollment_institution_id_school_year_id"),
        table_name="school_enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_enrollment_institution_id_grade_level_id_entry_date"),
        table_name="school_enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_enrollment_institution_id_entry_date"),
        table_name="school_enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("school_enrollment")
    op.drop_index(
        op.f("ix_scholarship_institution_id_updated_at"),
        table_name="scholarship",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_scholarship_institution_id_student_id"),
        table_name="scholarship",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_scholarship_institution_id_status"),
        table_name="scholarship",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_scholarship_institution_id_start_date"),
        table_name="scholarship",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("scholarship")
    op.drop_index(
        op.f("ix_family_info_institution_id_updated_at"),
        table_name="family_info",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("family_info")
    op.drop_index(
        "ix_student_search",
        table_name="student",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index(
        op.f("ix_student_institution_id_user_id"),
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_updated_at"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_status_last_name"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=("first_name", "mobile", "email"),
    )
    op.drop_index(
        op.f("ix_student_institution_id_registration_date"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_photo_id"), table_name="student", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_student_institution_id_national_id_index"),
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_mobile"),
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_last_name_first_name_status"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_first_name"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_email_folded"),
        table_name="student",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_date_of_birth"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_created_at"),
        table_name="student",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_student_institution_id_caste"), table_name="student", postgresql_where=None, postgresql_include=None
    )
    op.drop_table("student")
    op.drop_index(
        "ix_guardian_search",
        table_name="guardian",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_user_id"),
        table_name="guardian",
        postgresql_where=sa.text("deleted_at IS NULL"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_updated_at"),
        table_name="guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_mobile"), table_name="guardian", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_last_name_first_name"),
        table_name="guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_full_name"),
        table_name="guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_email_folded"),
        table_name="guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_guardian_institution_id_created_at"),
        table_name="guardian",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("guardian")
    op.drop_index(
        op.f("ix_external_id_institution_id_updated_at"),
        table_name="external_id",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("external_id")
