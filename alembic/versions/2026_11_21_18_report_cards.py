"""Report cards that are reopened and replaced, and comments by subject."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_18"
down_revision = "2026_11_21_17"
branch_labels = None
depends_on = None

CARD, COMMENT = "report_card", "report_card_comment"
ONE_OF_A_KIND = "uq_report_card_comment_institution_id_report_card_id_kind"
ONE_OF_A_SUBJECT = "uq_report_card_comment_institution_id_report_card_id_ki_f3e0"
SUBJECT = "fk_report_card_comment_institution_id_subject_id"
INDEXES = [(COMMENT, "subject_id"), (COMMENT, "updated_at"), (CARD, "published_at")]
READ = {CARD: "edition, reopened_at, reopen_reason", COMMENT: "subject_id"}
CHECKS = {
    "ck_report_card_reopened_has_reason": (
        CARD,
        "state <> 'REOPENED' OR num_nulls(content, checksum, reopened_at, reopen_reason) = 0",
    ),
    "ck_report_card_edition_positive": (CARD, "edition >= 1"),
    "ck_report_card_comment_head_of_all_subjects": (COMMENT, "kind <> 'HEAD' OR subject_id IS NULL"),
}
TEXTS = {
    CARD: {
        "content": (
            "The frozen figures, as JSON; null while a draft",
            "All that was handed out, as JSON; null in a draft",
        ),
        "checksum": (
            "SHA-256 of the frozen figures",
            "SHA-256 of the frozen content as canonical JSON; null in a draft",
        ),
    },
    COMMENT: {"author_id": ("User who wrote it", "User who wrote it last")},
}
ABOUT = (
    "A comment on a report card.",
    "A comment on a report card, as it is being written; the card freezes it when it is published.",
)


def _say(which: int) -> None:
    for table, columns in TEXTS.items():
        for column, texts in columns.items():
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{texts[which]}'")
    op.execute(f"COMMENT ON TABLE {COMMENT} IS '{ABOUT[which]}'")


def upgrade() -> None:
    edition = "Counts the cards of the student for the course and semester, from 1"
    number = sa.Column("edition", sa.Integer(), server_default=sa.text("1"), nullable=False, comment=edition)
    at = sa.Column("reopened_at", sa.DateTime(timezone=True), comment="When it was taken back (instant, UTC)")
    why = sa.Column("reopen_reason", sa.String(length=500), comment="Why it was taken back")
    for column in (number, at, why):
        op.add_column(CARD, column)
    about = sa.Column("subject_id", sa.BigInteger(), comment="Subject that it is about; null: all")
    op.add_column(COMMENT, about)
    subject = ["institution_id", "subject_id"], ["institution_id", "id"]
    op.create_foreign_key(op.f(SUBJECT), COMMENT, "subject", *subject, ondelete="RESTRICT")
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_institution_id_{column}"), table, ["institution_id", column])
    op.drop_constraint(op.f(ONE_OF_A_KIND), COMMENT)
    columns = ["institution_id", "report_card_id", "kind", "subject_id"]
    op.create_unique_constraint(op.f(ONE_OF_A_SUBJECT), COMMENT, columns, postgresql_nulls_not_distinct=True)
    for name, (table, condition) in CHECKS.items():
        op.create_check_constraint(op.f(name), table, condition)
    for table, names in READ.items():
        op.execute(f"GRANT SELECT ({names}) ON {table} TO schoolgraph_read")
    _say(1)


def downgrade() -> None:
    _say(0)
    for name, (table, _) in CHECKS.items():
        op.drop_constraint(op.f(name), table)
    op.drop_constraint(op.f(ONE_OF_A_SUBJECT), COMMENT)
    op.create_unique_constraint(op.f(ONE_OF_A_KIND), COMMENT, ["institution_id", "report_card_id", "kind"])
    for table, column in INDEXES:
        op.drop_index(op.f(f"ix_{table}_institution_id_{column}"), table)
    op.drop_constraint(op.f(SUBJECT), COMMENT)
    op.drop_column(COMMENT, "subject_id")
    for name in ("reopen_reason", "reopened_at", "edition"):
        op.drop_column(CARD, name)
