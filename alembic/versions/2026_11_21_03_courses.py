"""Tables of courses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_03"
down_revision = "2026_11_21_02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grade_level",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="Code, for example 10"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Name, for example Class 10"),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Order of the levels: 10 comes after 9"),
        sa.Column("next_level_id", sa.BigInteger(), nullable=True, comment="Level that promotion leads to"),
        sa.Column(
            "leaves_after",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Students leave the school after this level",
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
        sa.CheckConstraint("next_level_id <> id", name=op.f("ck_grade_level_next_is_another")),
        sa.ForeignKeyConstraint(
            ["institution_id", "next_level_id"],
            ["grade_level.institution_id", "grade_level.id"],
            name=op.f("fk_grade_level_institution_id_next_level_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_grade_level_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_grade_level")),
        sa.UniqueConstraint("institution_id", "code", name=op.f("uq_grade_level_institution_id_code")),
        sa.UniqueConstraint("institution_id", "sequence", name=op.f("uq_grade_level_institution_id_sequence")),
        comment="A grade level, also called class or form.",
    )
    op.create_index(
        op.f("ix_grade_level_institution_id_next_level_id"),
        "grade_level",
        ["institution_id", "next_level_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_level_institution_id_updated_at"),
        "grade_level",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "grading_scale",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Name of the scale"),
        sa.Column("min_score", sa.Numeric(precision=9, scale=4), nullable=False, comment="Lowest mark"),
        sa.Column("max_score", sa.Numeric(precision=9, scale=4), nullable=False, comment="Highest mark"),
        sa.Column("pass_mark", sa.Numeric(precision=9, scale=4), nullable=False, comment="Lowest mark that passes"),
        sa.Column(
            "rounding_mode",
            sa.Enum(
                "HALF_UP",
                "HALF_EVEN",
                "DOWN",
                "UP",
                name="rounding_mode",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'HALF_UP'"),
            nullable=False,
            comment="How averages are rounded",
        ),
        sa.Column(
            "decimals",
            sa.SmallInteger(),
            server_default=sa.text("2"),
            nullable=False,
            comment="Decimals that averages are rounded to",
        ),
        sa.Column(
            "school_default",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Used where a course names no scale",
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
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name=op.f("ck_grading_scale_decimals_range")),
        sa.CheckConstraint("max_score > min_score", name=op.f("ck_grading_scale_max_above_min")),
        sa.CheckConstraint("pass_mark BETWEEN min_score AND max_score", name=op.f("ck_grading_scale_pass_mark_range")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_grading_scale_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_grading_scale")),
        sa.UniqueConstraint("institution_id", "name", name=op.f("uq_grading_scale_institution_id_name")),
        comment="How marks are read: bounds, pass mark, rounding and letters (OneRoster: scoreScale).",
    )
    op.create_index(
        op.f("ix_grading_scale_institution_id_school_default"),
        "grading_scale",
        ["institution_id", "school_default"],
        unique=True,
        postgresql_where=sa.text("school_default"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grading_scale_institution_id_updated_at"),
        "grading_scale",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "school_year",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("code", sa.String(length=20), nullable=False, comment="Code, for example 2025-2026"),
        sa.Column("start_date", sa.Date(), nullable=False, comment="First day"),
        sa.Column("end_date", sa.Date(), nullable=False, comment="Last day, inclusive"),
        sa.Column(
            "current",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it is the current school year",
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
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_school_year_dates",
        ),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_school_year_ends_after_start")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_school_year_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("institution_id", "code", name=op.f("uq_school_year_institution_id_code")),
        comment="A school year (OneRoster: academicSession of type schoolYear). Years do not overlap.",
    )
    op.create_index(
        op.f("ix_school_year_institution_id_current"),
        "school_year",
        ["institution_id", "current"],
        unique=True,
        postgresql_where=sa.text("current"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_year_institution_id_start_date"),
        "school_year",
        ["institution_id", "start_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_school_year_institution_id_updated_at"),
        "school_year",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "subject",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Name of the subject"),
        sa.Column("code", sa.String(length=50), nullable=True, comment="Short code, for example MAT"),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed("lower(coalesce(name, '') || E'\\n' || coalesce(code, ''))", persisted=True),
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
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_subject_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_subject")),
        sa.UniqueConstraint("institution_id", "name", name=op.f("uq_subject_institution_id_name")),
        comment="A discipline that is taught (Ed-Fi: AcademicSubject).",
    )
    op.create_index(
        op.f("ix_subject_institution_id_code"),
        "subject",
        ["institution_id", "code"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_subject_institution_id_updated_at"),
        "subject",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        "ix_subject_search",
        "subject",
        ["institution_id", "search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "calendar_day",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False, comment="School year of the day"),
        sa.Column("date", sa.Date(), nullable=False, comment="The day"),
        sa.Column(
            "kind",
            sa.Enum(
                "INSTRUCTIONAL",
                "HOLIDAY",
                "NON_INSTRUCTIONAL",
                "MAKE_UP",
                "WEATHER",
                "TEACHER_ONLY",
                name="calendar_day_kind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What kind of day it is",
        ),
        sa.Column(
            "note",
            sa.String(length=200),
            nullable=True,
            comment="Name of the holiday, or why it is not an ordinary day",
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
            ["institution_id", "school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_calendar_day_institution_id_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_calendar_day_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("institution_id", "date", name=op.f("uq_calendar_day_institution_id_date")),
        comment="A day of the school's calendar (Ed-Fi: CalendarDate).",
    )
    op.create_index(
        op.f("ix_calendar_day_institution_id_school_year_id_date"),
        "calendar_day",
        ["institution_id", "school_year_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_calendar_day_institution_id_updated_at"),
        "calendar_day",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "course",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False, comment="School year in which it is taught"),
        sa.Column("grade_level_id", sa.BigInteger(), nullable=True, comment="Grade level of its students"),
        sa.Column(
            "section",
            sa.String(length=50),
            server_default="",
            nullable=False,
            comment="Section of the grade level, for example A",
        ),
        sa.Column("name", sa.String(length=200), nullable=False, comment="Name of the course"),
        sa.Column(
            "class_type",
            sa.Enum("SCHEDULED", "HOMEROOM", name="class_type", native_enum=False, create_constraint=True, length=50),
            server_default=sa.text("'SCHEDULED'"),
            nullable=False,
            comment="Kind of the course",
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Its one subject, where it has only one"),
        sa.Column(
            "meeting_days",
            postgresql.ARRAY(sa.SmallInteger()),
            nullable=True,
            comment="Week days it meets, 1 = Monday … 7 = Sunday; null: every instructional day",
        ),
        sa.Column(
            "meeting_sessions",
            sa.Enum(
                "FULL",
                "AM",
                "PM",
                "AM_PM",
                name="meeting_sessions",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'FULL'"),
            nullable=False,
            comment="Sessions of a day in which it meets",
        ),
        sa.Column("grading_scale_id", sa.BigInteger(), nullable=True, comment="Scale of its marks; null: the school's"),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed("lower(coalesce(name, '') || E'\\n' || coalesce(section, ''))", persisted=True),
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
        sa.CheckConstraint("cardinality(meeting_days) BETWEEN 1 AND 7", name=op.f("ck_course_meeting_days_length")),
        sa.CheckConstraint(
            "meeting_days <@ ARRAY[1,2,3,4,5,6,7]::smallint[]", name=op.f("ck_course_meeting_days_range")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "grade_level_id"],
            ["grade_level.institution_id", "grade_level.id"],
            name=op.f("fk_course_institution_id_grade_level_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "grading_scale_id"],
            ["grading_scale.institution_id", "grading_scale.id"],
            name=op.f("fk_course_institution_id_grading_scale_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_course_institution_id_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "subject_id"],
            ["subject.institution_id", "subject.id"],
            name=op.f("fk_course_institution_id_subject_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_course_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_course")),
        sa.UniqueConstraint(
            "institution_id",
            "school_year_id",
            "grade_level_id",
            "section",
            "name",
            "deleted_at",
            name=op.f("uq_course_institution_id_school_year_id_grade_level_id_section_name_deleted_at"),
            postgresql_nulls_not_distinct=True,
        ),
        comment="A taught class (OneRoster: class; Ed-Fi: Section).",
    )
    op.create_index(
        op.f("ix_course_institution_id_grade_level_id"),
        "course",
        ["institution_id", "grade_level_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_institution_id_grading_scale_id"),
        "course",
        ["institution_id", "grading_scale_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_institution_id_name"),
        "course",
        ["institution_id", "name"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_institution_id_subject_id"),
        "course",
        ["institution_id", "subject_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_institution_id_updated_at"),
        "course",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        "ix_course_search",
        "course",
        ["institution_id", "search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_table(
        "grading_scale_band",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("grading_scale_id", sa.BigInteger(), nullable=False, comment="The scale"),
        sa.Column("letter", sa.String(length=10), nullable=False, comment="Letter or word of the band"),
        sa.Column(
            "lower_bound",
            sa.Numeric(precision=9, scale=4),
            nullable=False,
            comment="Lowest mark of the band, inclusive",
        ),
        sa.Column("points", sa.Numeric(precision=9, scale=4), nullable=True, comment="Grade points of the band"),
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
            ["institution_id", "grading_scale_id"],
            ["grading_scale.institution_id", "grading_scale.id"],
            name=op.f("fk_grading_scale_band_institution_id_grading_scale_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_grading_scale_band_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_grading_scale_band")),
        sa.UniqueConstraint(
            "institution_id",
            "grading_scale_id",
            "letter",
            name=op.f("uq_grading_scale_band_institution_id_grading_scale_id_letter"),
        ),
        sa.UniqueConstraint(
            "institution_id",
            "grading_scale_id",
            "lower_bound",
            name=op.f("uq_grading_scale_band_institution_id_grading_scale_id_lower_bound"),
        ),
        comment="A letter of a grading scale and the marks it stands for.",
    )
    op.create_index(
        op.f("ix_grading_scale_band_institution_id_updated_at"),
        "grading_scale_band",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "semester",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("school_year_id", sa.BigInteger(), nullable=False, comment="School year it is part of"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Name, for example First semester"),
        sa.Column("code", sa.String(length=100), nullable=False, comment="Code, for example S1-2025"),
        sa.Column(
            "type",
            sa.Enum(
                "SEMESTER",
                "TERM",
                "GRADING_PERIOD",
                name="semester_type",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'SEMESTER'"),
            nullable=False,
            comment="Kind of the part",
        ),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="Order within the school year, from 1"),
        sa.Column("start_date", sa.Date(), nullable=False, comment="First day"),
        sa.Column("end_date", sa.Date(), nullable=False, comment="Last day, inclusive"),
        sa.Column(
            "grade_entry_opens_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Marks can be entered from this instant (UTC); null: not limited",
        ),
        sa.Column(
            "grade_entry_closes_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Marks can be entered up to this instant (UTC); null: not limited",
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
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_semester_ends_after_start")),
        sa.CheckConstraint("grade_entry_closes_at > grade_entry_opens_at", name=op.f("ck_semester_grade_entry_window")),
        sa.CheckConstraint("sequence BETWEEN 1 AND 99", name=op.f("ck_semester_sequence_range")),
        sa.ForeignKeyConstraint(
            ["institution_id", "school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_semester_institution_id_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_semester_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_semester")),
        sa.UniqueConstraint("institution_id", "code", name=op.f("uq_semester_institution_id_code")),
        comment="A part of a school year (OneRoster: academicSession of type semester, term, gradingPeriod).",
    )
    op.create_index(
        op.f("ix_semester_institution_id_school_year_id_sequence"),
        "semester",
        ["institution_id", "school_year_id", "sequence"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_semester_institution_id_start_date"),
        "semester",
        ["institution_id", "start_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_semester_institution_id_updated_at"),
        "semester",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "course_subject",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, comment="The subject"),
        sa.Column(
            "coefficient",
            sa.Numeric(precision=9, scale=4),
            server_default=sa.text("1"),
            nullable=False,
            comment="Weight of the subject in the overall average",
        ),
        sa.Column("credits", sa.Numeric(precision=9, scale=4), nullable=True, comment="Credits earned by passing"),
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
        sa.CheckConstraint("coefficient > 0", name=op.f("ck_course_subject_coefficient_positive")),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_course_subject_credits_positive")),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_course_subject_institution_id_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "subject_id"],
            ["subject.institution_id", "subject.id"],
            name=op.f("fk_course_subject_institution_id_subject_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_course_subject_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_course_subject")),
        sa.UniqueConstraint(
            "institution_id",
            "course_id",
            "subject_id",
            name=op.f("uq_course_subject_institution_id_course_id_subject_id"),
        ),
        comment="A subject that a course teaches, with its weight and credits.",
    )
    op.create_index(
        op.f("ix_course_subject_institution_id_subject_id"),
        "course_subject",
        ["institution_id", "subject_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_subject_institution_id_updated_at"),
        "course_subject",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "course_teacher",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="The teacher"),
        sa.Column(
            "role",
            sa.Enum(
                "LEAD",
                "ASSISTANT",
                "SUBSTITUTE",
                "SUPPORT",
                name="teacher_role",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'LEAD'"),
            nullable=False,
            comment="What the teacher does there",
        ),
        sa.Column(
            "position",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Order of the teachers, 1 to 3",
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
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_course_teacher_position_range")),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_course_teacher_institution_id_course_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "user_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_course_teacher_institution_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_course_teacher_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_course_teacher")),
        sa.UniqueConstraint(
            "institution_id", "course_id", "position", name=op.f("uq_course_teacher_institution_id_course_id_position")
        ),
        sa.UniqueConstraint(
            "institution_id", "course_id", "user_id", name=op.f("uq_course_teacher_institution_id_course_id_user_id")
        ),
        comment="A teacher of a course (OneRoster: enrollment with role teacher).",
    )
    op.create_index(
        op.f("ix_course_teacher_institution_id_updated_at"),
        "course_teacher",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_course_teacher_institution_id_user_id"),
        "course_teacher",
        ["institution_id", "user_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_course_teacher_institution_id_user_id"),
        table_name="course_teacher",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_course_teacher_institution_id_updated_at"),
        table_name="course_teacher",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("course_teacher")
    op.drop_index(
        op.f("ix_course_subject_institution_id_updated_at"),
        table_name="course_subject",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_course_subject_institution_id_subject_id"),
        table_name="course_subject",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("course_subject")
    op.drop_index(
        op.f("ix_semester_institution_id_updated_at"),
        table_name="semester",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_semester_institution_id_start_date"),
        table_name="semester",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_semester_institution_id_school_year_id_sequence"),
        table_name="semester",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("semester")
    op.drop_index(
        op.f("ix_grading_scale_band_institution_id_updated_at"),
        table_name="grading_scale_band",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("grading_scale_band")
    op.drop_index(
        "ix_course_search", table_name="course", postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"}
    )
    op.drop_index(
        op.f("ix_course_institution_id_updated_at"), table_name="course", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_course_institution_id_subject_id"), table_name="course", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_course_institution_id_name"), table_name="course", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_course_institution_id_grading_scale_id"),
        table_name="course",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_course_institution_id_grade_level_id"),
        table_name="course",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("course")
    op.drop_index(
        op.f("ix_calendar_day_institution_id_updated_at"),
        table_name="calendar_day",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_calendar_day_institution_id_school_year_id_date"),
        table_name="calendar_day",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("calendar_day")
    op.drop_index(
        "ix_subject_search",
        table_name="subject",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index(
        op.f("ix_subject_institution_id_updated_at"),
        table_name="subject",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_subject_institution_id_code"), table_name="subject", postgresql_where=None, postgresql_include=None
    )
    op.drop_table("subject")
    op.drop_index(
        op.f("ix_school_year_institution_id_updated_at"),
        table_name="school_year",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_year_institution_id_start_date"),
        table_name="school_year",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_school_year_institution_id_current"),
        table_name="school_year",
        postgresql_where=sa.text("current"),
        postgresql_include=None,
    )
    op.drop_table("school_year")
    op.drop_index(
        op.f("ix_grading_scale_institution_id_updated_at"),
        table_name="grading_scale",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grading_scale_institution_id_school_default"),
        table_name="grading_scale",
        postgresql_where=sa.text("school_default"),
        postgresql_include=None,
    )
    op.drop_table("grading_scale")
    op.drop_index(
        op.f("ix_grade_level_institution_id_updated_at"),
        table_name="grade_level",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grade_level_institution_id_next_level_id"),
        table_name="grade_level",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("grade_level")
