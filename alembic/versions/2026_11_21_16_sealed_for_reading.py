"""What is sealed, for the reading role: a server that reads over it opens the values, and nobody else can.

Without the server's keys they are noise, to reporters as to whoever runs the database.
"""

from alembic import op

revision = "2026_11_21_16"
down_revision = "2026_11_21_15"
branch_labels = None
depends_on = None

SEALED = "national_id_sealed, national_id_index, health_sealed, identifying_marks_sealed"


def upgrade() -> None:
    op.execute(f"GRANT SELECT ({SEALED}) ON student TO schoolgraph_read")


def downgrade() -> None:
    op.execute(f"REVOKE SELECT ({SEALED}) ON student FROM schoolgraph_read")
