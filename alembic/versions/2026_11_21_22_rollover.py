"""The lines of a rollover plan as rows, each with its decision and why; a plan says where it stands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_22"
down_revision = "2026_11_21_21"
branch_labels = None
depends_on = None

TENANT = "nullif(current_setting('app.institution_id', true), '')::bigint"
PLANNED = "ix_rollover_plan_institution_id_from_school_year_id_to__1223"
KEYS = {
    "rollover_plan_id": "rollover_plan",
    "student_id": "student",
    "from_grade_level_id": "grade_level",
    "from_course_id": "course",
    "to_grade_level_id": "grade_level",
    "to_course_id": "course",
}
INDEXES = [
    ["rollover_plan_id", "decision"],
    ["student_id"],
    ["from_grade_level_id"],
    ["from_course_id"],
    ["to_grade_level_id"],
    ["to_course_id"],
    ["updated_at"],
]
DECISIONS = ["PROMOTE", "RETAIN", "LEAVE", "SKIP", "UNDECIDED"]
REASONS = [
    "PASSED",
    "NOT_MARKED",
    "BELOW_PASS_MARK",
    "LAST_LEVEL",
    "NO_NEXT_LEVEL",
    "NO_GRADE_LEVEL",
    "INACTIVE",
    "EARLIER_YEAR",
    "DECIDED",
]
EXITS = [
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
]


def _choice(name: str, values: list[str]) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, create_constraint=True, length=50, name=name)


def _key(name: str, comment: str, *, nullable: bool = True) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable, comment=comment)


def _stamp(name: str, comment: str) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False, comment=comment)


def _plan() -> None:
    status = _choice("rollover_status", ["PLANNED", "APPLIED"])
    op.drop_column("rollover_plan", "content")
    op.add_column(
        "rollover_plan",
        sa.Column(
            "by_marks",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether students below the pass mark are planned to repeat the level",
        ),
    )
    op.add_column(
        "rollover_plan",
        sa.Column(
            "status",
            status,
            server_default=sa.text("'PLANNED'"),
            nullable=False,
            comment="Whether it has been applied",
        ),
    )
    op.execute("UPDATE rollover_plan SET status = 'APPLIED' WHERE applied_at IS NOT NULL")
    op.create_check_constraint(
        op.f("ck_rollover_plan_applied_has_instant"),
        "rollover_plan",
        "(status = 'APPLIED') = (applied_at IS NOT NULL)",
    )
    op.create_index(
        op.f("ix_rollover_plan_institution_id_updated_at"), "rollover_plan", ["institution_id", "updated_at"]
    )
    op.create_index(
        op.f(PLANNED),
        "rollover_plan",
        ["institution_id", "from_school_year_id", "to_school_year_id"],
        unique=True,
        postgresql_where=sa.text("status = 'PLANNED'"),
    )
    op.execute("GRANT SELECT (by_marks, status) ON rollover_plan TO schoolgraph_read")


def _columns() -> list["sa.Column[object]"]:
    return [
        _key("institution_id", "The school the row is of", nullable=False),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        _key("rollover_plan_id", "The plan", nullable=False),
        _key("student_id", "The student", nullable=False),
        _key("from_grade_level_id", "Grade level in the year that ends"),
        _key("from_course_id", "Class in the year that ends"),
        sa.Column(
            "decision",
            _choice("rollover_decision", DECISIONS),
            nullable=False,
            comment="What becomes of the student",
        ),
        sa.Column("reason", _choice("rollover_reason", REASONS), nullable=False, comment="Why"),
        sa.Column("note", sa.String(500), nullable=True, comment="Why, in words"),
        sa.Column(
            "average",
            sa.Numeric(9, 4),
            nullable=True,
            comment="Average of the year, rounded; null without marks, or where they are on several scales",
        ),
        _key("to_grade_level_id", "Grade level in the year that begins"),
        _key("to_course_id", "Class in the year that begins; null: the student is in no course yet"),
        sa.Column(
            "exit_reason", _choice("exit_reason", EXITS), nullable=True, comment="Why the student leaves the school"
        ),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="What the plan went by, as JSON; compared before it is applied",
        ),
        _stamp("created_at", "When the record was made (instant, UTC)"),
        _stamp("updated_at", "When the record was last changed (instant, UTC)"),
        _key("created_by", "User who made the record"),
        _key("updated_by", "User who last changed it"),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts the changes; an update must name the one it saw",
        ),
    ]


def _rules() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint(
            "(decision IN ('PROMOTE', 'RETAIN')) = (to_grade_level_id IS NOT NULL)",
            name=op.f("ck_rollover_line_to_level"),
        ),
        sa.CheckConstraint(
            "to_course_id IS NULL OR to_grade_level_id IS NOT NULL", name=op.f("ck_rollover_line_to_class_of_level")
        ),
        sa.CheckConstraint(
            "(decision = 'LEAVE') = (exit_reason IS NOT NULL)", name=op.f("ck_rollover_line_with_exit_reason")
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_rollover_line_institution_id")),
        *(
            sa.ForeignKeyConstraint(
                ["institution_id", column],
                [f"{table}.institution_id", f"{table}.id"],
                name=op.f(f"fk_rollover_line_institution_id_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_rollover_line")),
        sa.UniqueConstraint(
            "institution_id",
            "rollover_plan_id",
            "student_id",
            name=op.f("uq_rollover_line_institution_id_rollover_plan_id_student_id"),
        ),
    ]


def upgrade() -> None:
    _plan()
    op.create_table(
        "rollover_line",
        *_columns(),
        *_rules(),
        comment="What becomes of one student by a plan for the next school year.",
    )
    for columns in INDEXES:
        names = ["institution_id", *columns]
        op.create_index(op.f(f"ix_rollover_line_{'_'.join(names)}"), "rollover_line", names)
    op.execute("ALTER TABLE rollover_line ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON rollover_line TO schoolgraph_api, schoolgraph_read"
        f" USING (institution_id = {TENANT}) WITH CHECK (institution_id = {TENANT})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON rollover_line TO schoolgraph_api")
    shown = ", ".join(column.name for column in _columns())
    op.execute(f"GRANT SELECT ({shown}) ON rollover_line TO schoolgraph_read")


def downgrade() -> None:
    op.drop_table("rollover_line")
    op.drop_index(op.f(PLANNED), table_name="rollover_plan")
    op.drop_index(op.f("ix_rollover_plan_institution_id_updated_at"), table_name="rollover_plan")
    op.drop_constraint("ck_rollover_plan_applied_has_instant", "rollover_plan")
    op.drop_column("rollover_plan", "status")
    op.drop_column("rollover_plan", "by_marks")
    op.add_column(
        "rollover_plan",
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each student's promotion, retention or leaving, as JSON",
        ),
    )
    op.alter_column("rollover_plan", "content", server_default=None)
    op.execute("GRANT SELECT (content) ON rollover_plan TO schoolgraph_read")
