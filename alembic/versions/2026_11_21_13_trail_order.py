"""The newest entries of the trail by one index, also where many were written at the same instant."""

from alembic import op

revision = "2026_11_21_13"
down_revision = "2026_11_21_12"
branch_labels = None
depends_on = None

TABLES = ["access_log", "activity_log", "audit_log"]


def upgrade() -> None:
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_institution_id_at_id"), table, ["institution_id", "at", "id"])
        op.drop_index(op.f(f"ix_{table}_institution_id_at"), table)
    op.execute("GRANT SELECT (request_id) ON access_log TO schoolgraph_read")


def downgrade() -> None:
    op.execute("REVOKE SELECT (request_id) ON access_log FROM schoolgraph_read")
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_institution_id_at"), table, ["institution_id", "at"])
        op.drop_index(op.f(f"ix_{table}_institution_id_at_id"), table)
