"""Kept answers are of a kind of actor too: a user and an API key may have the same number, and each keys of its own.

Nothing says of the answers that there are whose they are. Those of a number that only an API key has are its.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_20"
down_revision = "2026_11_21_19"
branch_labels = None
depends_on = None

TABLE, KIND = "idempotency_key", "ck_idempotency_key_actor_kind"
FORMER, KEY = (
    "uq_idempotency_key_institution_id_actor_id_key",
    "uq_idempotency_key_institution_id_actor_kind_actor_id_key",
)
KINDS = "actor_kind IN ('USER', 'API_KEY', 'IMPORT', 'MIGRATION', 'SYSTEM')"


def upgrade() -> None:
    kind = sa.Column("actor_kind", sa.String(length=50), nullable=True, comment="What kind of actor sent it")
    op.add_column(TABLE, kind)
    op.execute(
        "UPDATE idempotency_key i SET actor_kind = CASE WHEN EXISTS ("
        " SELECT FROM app_user u WHERE u.institution_id = i.institution_id AND u.id = i.actor_id"
        ") OR NOT EXISTS ("
        " SELECT FROM api_key a WHERE a.institution_id = i.institution_id AND a.id = i.actor_id"
        ") THEN 'USER' ELSE 'API_KEY' END"
    )
    op.alter_column(TABLE, "actor_kind", nullable=False)
    op.create_check_constraint(op.f(KIND), TABLE, KINDS)
    op.drop_constraint(op.f(FORMER), TABLE)
    op.create_unique_constraint(op.f(KEY), TABLE, ["institution_id", "actor_kind", "actor_id", "key"])


def downgrade() -> None:
    op.drop_constraint(op.f(KEY), TABLE)
    op.execute(
        "DELETE FROM idempotency_key i USING idempotency_key o WHERE o.institution_id = i.institution_id"
        " AND o.actor_id = i.actor_id AND o.key = i.key AND o.id < i.id"
    )
    op.create_unique_constraint(op.f(FORMER), TABLE, ["institution_id", "actor_id", "key"])
    op.drop_column(TABLE, "actor_kind")
