"""Who made a key; which institutions an operator may act in; sessions and keys, but what opens them, for reading.

The function itself is applied from its file.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_15"
down_revision = "2026_11_21_14"
branch_labels = None
depends_on = None

SHOWN = {
    "session": "institution_id, id, user_id, acting_institution_id, created_at, last_seen_at, expires_at, user_agent,"
    " address",
    "api_key": "institution_id, id, name, prefix, role, created_at, created_by, expires_at, last_used_at, revoked_at",
}
LISTED = "institution_id, user_id, acting_institution_id"


def upgrade() -> None:
    op.add_column("api_key", sa.Column("created_by", sa.BigInteger(), nullable=True, comment="User who made it"))
    for table, columns in SHOWN.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO schoolgraph_read")
    op.execute(f"GRANT SELECT ({LISTED}) ON user_institution TO schoolgraph_search")
    op.execute("GRANT SELECT (name) ON institution TO schoolgraph_search")
    op.execute("CREATE POLICY search ON user_institution FOR SELECT TO schoolgraph_search USING (true)")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS institutions_of(bigint)")
    op.execute("DROP POLICY search ON user_institution")
    op.execute("REVOKE SELECT (name) ON institution FROM schoolgraph_search")
    op.execute(f"REVOKE SELECT ({LISTED}) ON user_institution FROM schoolgraph_search")
    for table, columns in SHOWN.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM schoolgraph_read")
    op.drop_column("api_key", "created_by")
