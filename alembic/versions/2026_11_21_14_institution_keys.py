"""Keys of institutions for the API, which sets the tenant before it has the institution made.

A right that stood in the file of a function would stay when the functions go.
"""

from alembic import op

revision = "2026_11_21_14"
down_revision = "2026_11_21_13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT USAGE ON SEQUENCE institution_id_seq TO schoolgraph_api")


def downgrade() -> None:
    op.execute("REVOKE USAGE ON SEQUENCE institution_id_seq FROM schoolgraph_api")
