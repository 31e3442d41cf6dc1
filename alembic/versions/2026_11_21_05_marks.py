"""Tables of marks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_05"
down_revision = "2026_11_21_04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment_category",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("name", sa.String(length=100), nullable=False, comment="Name, for example Exam"),
        sa.Column(
            "weight", sa.Numeric(precision=9, scale=4), nullable=True, comment="Weight in averages; null: not weighted"
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
        sa.CheckConstraint("weight >= 0", name=op.f("ck_assessment_category_weight_positive")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_assessment_category_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_assessment_category")),
        sa.UniqueConstraint("institution_id", "name", name=op.f("uq_assessment_category_institution_id_name")),
        comment="A kind of assessment and its weight (OneRoster: category).",
    )
    op.create_index(
        op.f("ix_assessment_category_institution_id_updated_at"),
        "assessment_category",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "rollover_plan",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("from_school_year_id", sa.BigInteger(), nullable=False, comment="School year that ends"),
        sa.Column("to_school_year_id", sa.BigInteger(), nullable=False, comment="School year that begins"),
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Each student's promotion, retention or leaving, as JSON",
        ),
        sa.Column(
            "applied_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was applied (UTC); null: a plan only",
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
        sa.CheckConstraint("from_school_year_id <> to_school_year_id", name=op.f("ck_rollover_plan_two_years")),
        sa.ForeignKeyConstraint(
            ["institution_id", "from_school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_rollover_plan_institution_id_from_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "to_school_year_id"],
            ["school_year.institution_id", "school_year.id"],
            name=op.f("fk_rollover_plan_institution_id_to_school_year_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_rollover_plan_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_rollover_plan")),
        comment="A plan that moves students to the next school year.",
    )
    op.create_index(
        op.f("ix_rollover_plan_institution_id_from_school_year_id"),
        "rollover_plan",
        ["institution_id", "from_school_year_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_rollover_plan_institution_id_to_school_year_id"),
        "rollover_plan",
        ["institution_id", "to_school_year_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "assessment",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Subject that is assessed"),
        sa.Column("semester_id", sa.BigInteger(), nullable=True, comment="Semester it counts for"),
        sa.Column("category_id", sa.BigInteger(), nullable=True, comment="Kind of the assessment"),
        sa.Column("title", sa.String(length=200), nullable=False, comment="Title"),
        sa.Column("description", sa.String(length=2000), nullable=True, comment="What it is about"),
        sa.Column("date", sa.Date(), nullable=True, comment="Day it is due or held"),
        sa.Column(
            "min_score", sa.Numeric(precision=9, scale=4), nullable=True, comment="Lowest mark; null: the scale's"
        ),
        sa.Column(
            "max_score", sa.Numeric(precision=9, scale=4), nullable=True, comment="Highest mark; null: the scale's"
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
        sa.CheckConstraint("max_score > min_score", name=op.f("ck_assessment_max_above_min")),
        sa.ForeignKeyConstraint(
            ["institution_id", "category_id"],
            ["assessment_category.institution_id", "assessment_category.id"],
            name=op.f("fk_assessment_institution_id_category_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_assessment_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_assessment_institution_id_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "subject_id"],
            ["subject.institution_id", "subject.id"],
            name=op.f("fk_assessment_institution_id_subject_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_assessment_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_assessment")),
        comment="A task or exam that marks are given for (OneRoster: lineItem; Ed-Fi: GradebookEntry).",
    )
    op.create_index(
        op.f("ix_assessment_institution_id_category_id"),
        "assessment",
        ["institution_id", "category_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_assessment_institution_id_course_id_date"),
        "assessment",
        ["institution_id", "course_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_assessment_institution_id_date"),
        "assessment",
        ["institution_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_assessment_institution_id_semester_id"),
        "assessment",
        ["institution_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_assessment_institution_id_subject_id"),
        "assessment",
        ["institution_id", "subject_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_assessment_institution_id_updated_at"),
        "assessment",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "grade_entry_reopening",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("semester_id", sa.BigInteger(), nullable=False, comment="The semester"),
        sa.Column("course_id", sa.BigInteger(), nullable=True, comment="Only this course; null: all courses"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="Why it was opened again"),
        sa.Column(
            "closes_at", sa.DateTime(timezone=True), nullable=False, comment="When it closes again (instant, UTC)"
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
            name=op.f("fk_grade_entry_reopening_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_grade_entry_reopening_institution_id_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_grade_entry_reopening_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_grade_entry_reopening")),
        comment="That entry of marks was opened again, and why.",
    )
    op.create_index(
        op.f("ix_grade_entry_reopening_institution_id_course_id"),
        "grade_entry_reopening",
        ["institution_id", "course_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_entry_reopening_institution_id_semester_id"),
        "grade_entry_reopening",
        ["institution_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "enrollment",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("begin_date", sa.Date(), nullable=False, comment="First day in the course, inclusive"),
        sa.Column("end_date", sa.Date(), nullable=True, comment="Last day, inclusive; null: open"),
        sa.Column(
            "status",
            sa.Enum(
                "PENDING",
                "ACTIVE",
                "COMPLETED",
                "DROPPED",
                name="enrollment_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'ACTIVE'"),
            nullable=False,
            comment="Where the enrolment stands",
        ),
        sa.Column("drop_semester_id", sa.BigInteger(), nullable=True, comment="Semester of the drop"),
        sa.Column("drop_date", sa.Date(), nullable=True, comment="Day of the drop: the last day of the span"),
        sa.Column(
            "drop_reason", sa.String(length=500), nullable=True, comment="Why; UNKNOWN where an import does not say"
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
            (sa.column("course_id"), "="),
            (sa.text("daterange(begin_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_enrollment_span",
        ),
        sa.CheckConstraint(
            "status <> 'DROPPED' OR (num_nulls(drop_date, drop_reason, end_date) = 0 AND end_date = drop_date)",
            name=op.f("ck_enrollment_drop_has_date_and_reason"),
        ),
        sa.CheckConstraint(
            "status = 'DROPPED' OR num_nonnulls(drop_date, drop_reason, drop_semester_id) = 0",
            name=op.f("ck_enrollment_drop_only"),
        ),
        sa.CheckConstraint("end_date >= begin_date", name=op.f("ck_enrollment_ends_after_begin")),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_enrollment_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "drop_semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_enrollment_institution_id_drop_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_enrollment_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_enrollment_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_enrollment")),
        comment="A span of a student in a course (Ed-Fi: StudentSectionAssociation).",
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_course_id_status"),
        "enrollment",
        ["institution_id", "course_id", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_drop_date"),
        "enrollment",
        ["institution_id", "drop_date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_drop_semester_id"),
        "enrollment",
        ["institution_id", "drop_semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_status"),
        "enrollment",
        ["institution_id", "status"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_student_id_course_id"),
        "enrollment",
        ["institution_id", "student_id", "course_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_enrollment_institution_id_updated_at"),
        "enrollment",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "grade",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, comment="The subject"),
        sa.Column("semester_id", sa.BigInteger(), nullable=True, comment="Semester the mark counts for"),
        sa.Column("assessment_id", sa.BigInteger(), nullable=True, comment="Assessment the mark is for"),
        sa.Column("date", sa.Date(), nullable=False, comment="Day of the mark"),
        sa.Column(
            "score",
            sa.Numeric(precision=9, scale=4),
            nullable=True,
            comment="The mark, exact; null where none was given",
        ),
        sa.Column(
            "score_status",
            sa.Enum(
                "EXEMPT",
                "FULLY_GRADED",
                "PARTIALLY_GRADED",
                "SUBMITTED",
                "NOT_SUBMITTED",
                name="score_status",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'FULLY_GRADED'"),
            nullable=False,
            comment="How far the marking is",
        ),
        sa.Column("comment", sa.String(length=2000), nullable=True, comment="Comment of the teacher"),
        sa.Column("graded_by_id", sa.BigInteger(), nullable=True, comment="User who gave the mark"),
        sa.Column(
            "last_edited_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last change of the mark (instant, UTC)",
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
            "score IS NOT NULL OR score_status <> 'FULLY_GRADED'", name=op.f("ck_grade_graded_has_score")
        ),
        sa.CheckConstraint("score IS NULL OR score_status <> 'EXEMPT'", name=op.f("ck_grade_exempt_has_no_score")),
        sa.ForeignKeyConstraint(
            ["institution_id", "assessment_id"],
            ["assessment.institution_id", "assessment.id"],
            name=op.f("fk_grade_institution_id_assessment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_grade_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "graded_by_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_grade_institution_id_graded_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_grade_institution_id_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_grade_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "subject_id"],
            ["subject.institution_id", "subject.id"],
            name=op.f("fk_grade_institution_id_subject_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_grade_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_grade")),
        sa.UniqueConstraint(
            "institution_id",
            "student_id",
            "course_id",
            "subject_id",
            "semester_id",
            "assessment_id",
            "date",
            name=op.f("uq_grade_institution_id_student_id_course_id_subject_id_semester_id_assessment_id_date"),
            postgresql_nulls_not_distinct=True,
        ),
        comment="A mark of a student (OneRoster: result; Ed-Fi: Grade).",
    )
    op.create_index(
        op.f("ix_grade_institution_id_assessment_id"),
        "grade",
        ["institution_id", "assessment_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_course_id_semester_id"),
        "grade",
        ["institution_id", "course_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_course_id_student_id_subject_id"),
        "grade",
        ["institution_id", "course_id", "student_id", "subject_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_date"),
        "grade",
        ["institution_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_graded_by_id"),
        "grade",
        ["institution_id", "graded_by_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_semester_id"),
        "grade",
        ["institution_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_student_id_date"),
        "grade",
        ["institution_id", "student_id", "date"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_subject_id"),
        "grade",
        ["institution_id", "subject_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_grade_institution_id_updated_at"),
        "grade",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "report_card",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="The student"),
        sa.Column("course_id", sa.BigInteger(), nullable=False, comment="The course"),
        sa.Column("semester_id", sa.BigInteger(), nullable=False, comment="The semester"),
        sa.Column(
            "state",
            sa.Enum(
                "DRAFT",
                "PUBLISHED",
                "REOPENED",
                "SUPERSEDED",
                name="report_card_state",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            server_default=sa.text("'DRAFT'"),
            nullable=False,
            comment="Where the card stands",
        ),
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The frozen figures, as JSON; null while a draft",
        ),
        sa.Column("checksum", sa.LargeBinary(length=32), nullable=True, comment="SHA-256 of the frozen figures"),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=True, comment="When it was published (instant, UTC)"
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
            "state <> 'PUBLISHED' OR num_nulls(content, checksum, published_at) = 0",
            name=op.f("ck_report_card_published_is_frozen"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "course_id"],
            ["course.institution_id", "course.id"],
            name=op.f("fk_report_card_institution_id_course_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "semester_id"],
            ["semester.institution_id", "semester.id"],
            name=op.f("fk_report_card_institution_id_semester_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_report_card_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_report_card_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_report_card")),
        comment="A student's report card of a semester.",
    )
    op.create_index(
        op.f("ix_report_card_institution_id_course_id_semester_id"),
        "report_card",
        ["institution_id", "course_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_report_card_institution_id_semester_id"),
        "report_card",
        ["institution_id", "semester_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_report_card_institution_id_student_id"),
        "report_card",
        ["institution_id", "student_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_report_card_institution_id_student_id_course_id_semester_id"),
        "report_card",
        ["institution_id", "student_id", "course_id", "semester_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'SUPERSEDED'"),
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_report_card_institution_id_updated_at"),
        "report_card",
        ["institution_id", "updated_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "report_card_comment",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("report_card_id", sa.BigInteger(), nullable=False, comment="The report card"),
        sa.Column(
            "kind",
            sa.Enum(
                "TEACHER", "HEAD", name="report_card_comment_kind", native_enum=False, create_constraint=True, length=50
            ),
            nullable=False,
            comment="In which capacity it is written",
        ),
        sa.Column("text", sa.String(length=2000), nullable=False, comment="The comment"),
        sa.Column("author_id", sa.BigInteger(), nullable=True, comment="User who wrote it"),
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
            ["institution_id", "author_id"],
            ["app_user.institution_id", "app_user.id"],
            name=op.f("fk_report_card_comment_institution_id_author_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "report_card_id"],
            ["report_card.institution_id", "report_card.id"],
            name=op.f("fk_report_card_comment_institution_id_report_card_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_report_card_comment_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_report_card_comment")),
        sa.UniqueConstraint(
            "institution_id",
            "report_card_id",
            "kind",
            name=op.f("uq_report_card_comment_institution_id_report_card_id_kind"),
        ),
        comment="A comment on a report card.",
    )
    op.create_index(
        op.f("ix_report_card_comment_institution_id_author_id"),
        "report_card_comment",
        ["institution_id", "author_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_report_card_comment_institution_id_author_id"),
        table_name="report_card_comment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("report_card_comment")
    op.drop_index(
        op.f("ix_report_card_institution_id_updated_at"),
        table_name="report_card",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_report_card_institution_id_student_id_course_id_semester_id"),
        table_name="report_card",
        postgresql_where=sa.text("state <> 'SUPERSEDED'"),
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_report_card_institution_id_student_id"),
        table_name="report_card",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_report_card_institution_id_semester_id"),
        table_name="report_card",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_report_card_institution_id_course_id_semester_id"),
        table_name="report_card",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("report_card")
    op.drop_index(
        op.f("ix_grade_institution_id_updated_at"), table_name="grade", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_grade_institution_id_subject_id"), table_name="grade", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_grade_institution_id_student_id_date"),
        table_name="grade",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grade_institution_id_semester_id"), table_name="grade", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_grade_institution_id_graded_by_id"), table_name="grade", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_grade_institution_id_date"), table_name="grade", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_grade_institution_id_course_id_student_id_subject_id"),
        table_name="grade",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grade_institution_id_course_id_semester_id"),
        table_name="grade",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grade_institution_id_assessment_id"),
        table_name="grade",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("grade")
    op.drop_index(
        op.f("ix_enrollment_institution_id_updated_at"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_enrollment_institution_id_student_id_course_id"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_enrollment_institution_id_status"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_enrollment_institution_id_drop_semester_id"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_enrollment_institution_id_drop_date"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_enrollment_institution_id_course_id_status"),
        table_name="enrollment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("enrollment")
    op.drop_index(
        op.f("ix_grade_entry_reopening_institution_id_semester_id"),
        table_name="grade_entry_reopening",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_grade_entry_reopening_institution_id_course_id"),
        table_name="grade_entry_reopening",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("grade_entry_reopening")
    op.drop_index(
        op.f("ix_assessment_institution_id_updated_at"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_assessment_institution_id_subject_id"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_assessment_institution_id_semester_id"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_assessment_institution_id_date"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_assessment_institution_id_course_id_date"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_assessment_institution_id_category_id"),
        table_name="assessment",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("assessment")
    op.drop_index(
        op.f("ix_rollover_plan_institution_id_to_school_year_id"),
        table_name="rollover_plan",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_rollover_plan_institution_id_from_school_year_id"),
        table_name="rollover_plan",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("rollover_plan")
    op.drop_index(
        op.f("ix_assessment_category_institution_id_updated_at"),
        table_name="assessment_category",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("assessment_category")
