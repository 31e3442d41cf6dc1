"""What is shown of a student's attendance is read from the index that finds it.

The marks of a student lie in as many pages of the table as there are days, so that a student's year was read from some
hundred pages; of the index it is a few.
"""

from alembic import op

revision = "2026_11_21_21"
down_revision = "2026_11_21_20"
branch_labels = None
depends_on = None

INDEX, COLUMNS = "ix_attendance_institution_id_student_id_date", ["institution_id", "student_id", "date"]
SHOWN = ["id", "course_id", "semester_id", "session", "status", "code", "minutes_late", "reason"]


def upgrade() -> None:
    op.drop_index(op.f(INDEX), "attendance")
    op.create_index(op.f(INDEX), "attendance", COLUMNS, postgresql_include=SHOWN)


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "attendance")
    op.create_index(op.f(INDEX), "attendance", COLUMNS)
