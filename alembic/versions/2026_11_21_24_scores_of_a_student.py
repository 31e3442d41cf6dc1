"""What counts of a student's marks is read from the index that finds them.

The marks of a student lie in as many pages of the table as there are days of marking, so that a class with thirty marks
each was read from more than a thousand pages; of the index it is some dozens. Comments are left out: they may be longer
than an entry of an index.
"""

from alembic import op

revision = "2026_11_21_24"
down_revision = "2026_11_21_23"
branch_labels = None
depends_on = None

INDEX, COLUMNS = "ix_grade_institution_id_student_id_date", ["institution_id", "student_id", "date"]
SHOWN = ["id", "course_id", "subject_id", "semester_id", "assessment_id", "score", "score_status"]


def upgrade() -> None:
    op.drop_index(op.f(INDEX), "grade")
    op.create_index(op.f(INDEX), "grade", COLUMNS, postgresql_include=SHOWN)


def downgrade() -> None:
    op.drop_index(op.f(INDEX), "grade")
    op.create_index(op.f(INDEX), "grade", COLUMNS)
