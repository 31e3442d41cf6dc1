"""What teacher and head write on a report card."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Choice, Record, enum, index, refers, short


class ReportCardCommentKind(Choice):
    TEACHER = "TEACHER", "By the teacher."
    HEAD = "HEAD", "By the head of the school."


class ReportCardComment(Record):
    __tablename__ = "report_card_comment"

    report_card_id: Mapped[int] = mapped_column(BigInteger, comment="The report card")
    kind: Mapped[ReportCardCommentKind] = enum(ReportCardCommentKind, comment="In which capacity it is written")
    text: Mapped[str] = short(2000, comment="The comment")
    author_id: Mapped[int | None] = mapped_column(BigInteger, comment="User who wrote it")

    __table_args__ = (
        UniqueConstraint("institution_id", "report_card_id", "kind"),
        refers("report_card_id", "report_card"),
        refers("author_id", "app_user"),
        index("author_id"),
        {"comment": "A comment on a report card."},
    )
