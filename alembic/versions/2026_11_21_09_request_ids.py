"""What one request has read and changed: its id in the access log, and indexes to find the entries of a request."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_09"
down_revision = "2026_11_21_08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "access_log", sa.Column("request_id", sa.String(length=64), nullable=True, comment="Request that read it")
    )
    for table in ("activity_log", "audit_log"):
        op.create_index(op.f(f"ix_{table}_institution_id_request_id"), table, ["institution_id", "request_id"])


def downgrade() -> None:
    for table in ("activity_log", "audit_log"):
        op.drop_index(op.f(f"ix_{table}_institution_id_request_id"), table)
    op.drop_column("access_log", "request_id")
