"""A role can be held in several spans of days, which do not overlap."""

from alembic import op

revision = "2026_11_21_11"
down_revision = "2026_11_21_10"
branch_labels = None
depends_on = None

ONE = "uq_user_role_institution_id_user_id_role"
SPAN = "ex_user_role_span"


def upgrade() -> None:
    op.drop_constraint(ONE, "user_role", type_="unique")
    op.execute(
        f"ALTER TABLE user_role ADD CONSTRAINT {SPAN} EXCLUDE USING gist (institution_id WITH =, user_id WITH =,"
        " role WITH =, daterange(begin_date, end_date, '[]') WITH &&)"
    )
    op.create_index(op.f("ix_user_role_institution_id_user_id"), "user_role", ["institution_id", "user_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_user_role_institution_id_user_id"), table_name="user_role")
    op.drop_constraint(SPAN, "user_role")
    op.create_unique_constraint(ONE, "user_role", ["institution_id", "user_id", "role"])
