"""That a record was looked at is no use of it: students whose import is undone are removed, the log of them stays."""

from alembic import op

revision = "2026_11_21_23"
down_revision = "2026_11_21_22"
branch_labels = None
depends_on = None

TABLE, KEY = "access_log", "fk_access_log_institution_id_student_id"


def upgrade() -> None:
    op.drop_constraint(op.f(KEY), TABLE, type_="foreignkey")


def downgrade() -> None:
    op.execute(
        "DELETE FROM access_log l WHERE NOT EXISTS ("
        " SELECT FROM student s WHERE s.institution_id = l.institution_id AND s.id = l.student_id)"
    )
    ours, theirs = ["institution_id", "student_id"], ["institution_id", "id"]
    op.create_foreign_key(op.f(KEY), TABLE, "student", ours, theirs, ondelete="RESTRICT")
