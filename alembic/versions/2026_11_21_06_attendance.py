"""Tables of attendance."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_06"
down_revision = "2026_11_21_05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_code",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="Code, for example PRESENT"),
        sa.Column("label", sa.String(length=100), nullable=False, comment="What people read"),
        sa.Column(
            "status",
            sa.Enum(
                "PRESENT",
                "LATE",
                "EXCUSED",
                "ABSENT",
                name="attendance_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="The fixed status it stands for",
        ),
        sa.Column(
            "present_value",
            sa.Numeric(precision=5, scale=4),
            nullable=False,
            comment="How much of a session it counts as present, 0 to 1",
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
        sa.CheckConstraint("present_value BETWEEN 0 AND 1", name=op.f("ck_attendance_code_present_value_range")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_attendance_code_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_attendance_code")),
        sa.UniqueConstraint(
            "institution_id", "code", "status", name=op.f("uq_attendance_code_institution_id_code_status")
        ),
        sa.UniqueConstraint("institution_id", "code", name=op.f("uq_attendance_code_institution_id_code")),
        comment="An attendance code of the school over one of the four fixed statuses.",
    )
    op.create_index(
        op.f("ix_attendance_code_institution_id_updated_at"),
        "attendance_code",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "attendance_taken",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("date", sa.Date(), nullable=False, comment="The day, in the school's time zone"),
        sa.Column(
            "session",
            sa.Enum(
                "AM", "PM", "FULL", name="attendance_session", native_enum=False, create_constraint=True, length=50
            ),
            server_default=sa.text("'FULL'"),
            nullable=False,
            comment="Part of the day",
        ),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=True, comment="User who took the roster"),
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
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
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_attendance_taken_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "taken_by_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_attendance_taken_institution_id_taken_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_attendance_taken_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_attendance_taken")),
        sa.UniqueConstraint(
            "institution_id",
            "course_id",
            "date",
            "session",
            name=op.f("uq_attendance_taken_institution_id_course_id_date_session"),
        ),
        comment="That a roster was taken (Ed-Fi: SectionAttendanceTakenEvent).",
    )
    op.create_index(
        op.f("ix_attendance_taken_institution_id_date"),
        "attendance_taken",
        ["institution_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_taken_institution_id_taken_by_id"),
        "attendance_taken",
        ["institution_id", "taken_by_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_taken_institution_id_updated_at"),
        "attendance_taken",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "attendance",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("date", sa.Date(), nullable=False, comment="The day, in the school's time zone"),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column(
            "session",
            sa.Enum(
                "AM", "PM", "FULL", name="attendance_session", native_enum=False, create_constraint=True, length=50
            ),
            server_default=sa.text("'FULL'"),
            nullable=False,
            comment="Part of the day",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "PRESENT",
                "LATE",
                "EXCUSED",
                "ABSENT",
                name="attendance_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What was marked, as a fixed status",
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="What was marked, as the school's own code"),
        sa.Column("reason", sa.String(length=500), nullable=True, comment="Why absent or late"),
        sa.Column("minutes_late", sa.Integer(), nullable=True, comment="How late, in minutes"),
        sa.Column("recorded_by_id", sa.BigInteger(), nullable=True, comment="User who marked it"),
        sa.Column("semester_id", sa.BigInteger(), nullable=True, comment="Semester of the date, if any"),
        sa.Column("school_year_id", sa.BigInteger(), nullable=True, comment="School year of the date, if any"),
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
        sa.CheckConstraint("minutes_late BETWEEN 0 AND 1440", name=op.f("ck_attendance_minutes_late_range")),
        sa.ForeignKeyConstraint(
            ["institution_id", "code", "status"],
            ["attendance_code.institution_id", "attendance_code.code", "attendance_code.status"],
            name=op.f("fk_attendance_institution_id_code_status"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_attendance_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "recorded_by_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_attendance_institution_id_recorded_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_attendance_institution_id_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_attendance_institution_id_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_attendance_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_attendance_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", "date", name=op.f("pk_attendance")),
        comment="Whether a student was there on a day, in a course and session.",
        postgresql_partition_by="RANGE (date)",
    )
    op.create_index(
        op.f("ix_attendance_institution_id_code_status"),
        "attendance",
        ["institution_id", "code", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_course_id_date"),
        "attendance",
        ["institution_id", "course_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_course_id_student_id_date"),
        "attendance",
        ["institution_id", "course_id", "student_id", "date"],
        unique=True,
        postgresql_where=sa.text("session IN ('PM', 'FULL')"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_date"),
        "attendance",
        ["institution_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_recorded_by_id"),
        "attendance",
        ["institution_id", "recorded_by_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_school_year_id"),
        "attendance",
        ["institution_id", "school_year_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_semester_id"),
        "attendance",
        ["institution_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_status_date"),
        "attendance",
        ["institution_id", "status", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_student_id_course_id_date"),
        "attendance",
        ["institution_id", "student_id", "course_id", "date"],
        unique=True,
        postgresql_where=sa.text("session IN ('AM', 'FULL')"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_student_id_date"),
        "attendance",
        ["institution_id", "student_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_attendance_institution_id_updated_at"),
        "attendance",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )

    op.execute("CREATE TABLE attendance_pdefault PARTITION OF attendance DEFAULT")


def downgrade() -> None:
    op.drop_index(
        op.f("ix_attendance_institution_id_updated_at"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_student_id_date"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_student_id_course_id_date"),
        table_name="attendance",
        postgresql_where=sa.text("session IN ('AM', 'FULL')"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_status_date"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_semester_id"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_school_year_id"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_recorded_by_id"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_date"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_course_id_student_id_date"),
        table_name="attendance",
        postgresql_where=sa.text("session IN ('PM', 'FULL')"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_course_id_date"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_institution_id_code_status"),
        table_name="attendance",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("attendance")
    op.drop_index(
        op.f("ix_attendance_taken_institution_id_updated_at"),
        table_name="attendance_taken",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_taken_institution_id_taken_by_id"),
        table_name="attendance_taken",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_attendance_taken_institution_id_date"),
        table_name="attendance_taken",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("attendance_taken")
    op.drop_index(
        op.f("ix_attendance_code_institution_id_updated_at"),
        table_name="attendance_code",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("attendance_code")
