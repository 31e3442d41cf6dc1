"""Width and height of pictures; their names are no longer those that files came with, which may tell of people."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_19"
down_revision = "2026_11_21_18"
branch_labels = None
depends_on = None

NAME, FORMER_NAME = "Name under which a browser saves it", "File name as uploaded"


def upgrade() -> None:
    op.add_column(
        "stored_file", sa.Column("width", sa.Integer(), nullable=True, comment="Width of a picture in pixels")
    )
    op.add_column(
        "stored_file", sa.Column("height", sa.Integer(), nullable=True, comment="Height of a picture in pixels")
    )
    op.create_check_constraint(op.f("ck_stored_file_pixels_positive"), "stored_file", "width > 0 AND height > 0")
    op.execute("GRANT SELECT (width, height) ON stored_file TO schoolgraph_read")
    op.alter_column("stored_file", "name", comment=NAME, existing_comment=FORMER_NAME)


def downgrade() -> None:
    op.alter_column("stored_file", "name", comment=FORMER_NAME, existing_comment=NAME)
    op.drop_constraint(op.f("ck_stored_file_pixels_positive"), "stored_file")
    op.drop_column("stored_file", "height")
    op.drop_column("stored_file", "width")
