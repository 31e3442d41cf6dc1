"""What a sealed value of a student must look like, and keys of students for the API.

A value is sealed for its record, so the record's key must be known before the row is written: the API takes it from
the sequence, as the column's default would.
"""

from alembic import op

revision = "2026_11_21_12"
down_revision = "2026_11_21_11"
branch_labels = None
depends_on = None

CHECKS = {
    "national_id_whole": "num_nonnulls(national_id_sealed, national_id_index, national_id_last4) IN (0, 3)",
    "national_id_index_length": "octet_length(national_id_index) = 32",
    "sealed_format": "substring(national_id_sealed for 1) = '\\x01' AND substring(health_sealed for 1) = '\\x01'"
    " AND substring(identifying_marks_sealed for 1) = '\\x01'",
}


def upgrade() -> None:
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_student_{name}"), "student", condition)
    op.execute("GRANT USAGE ON SEQUENCE student_id_seq TO schoolgraph_api")


def downgrade() -> None:
    op.execute("REVOKE USAGE ON SEQUENCE student_id_seq FROM schoolgraph_api")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_student_{name}"), "student", type_="check")
