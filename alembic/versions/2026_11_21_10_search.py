"""Search takes the rows that may be found, and how much of their text.

The function itself is applied from its file; here the one that it replaces goes.
"""

from alembic import op

revision = "2026_11_21_10"
down_revision = "2026_11_21_09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS search_ids(text, text[], integer)")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS search_ids(text, text[], integer, bigint[], integer)")
