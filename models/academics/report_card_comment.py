"""What teacher and head write on a report card."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.academics.report_card import ReportCard
from models.base import Choice, Record, enum, index, refers, short
from models.computed import computed


class ReportCardCommentKind(Choice):
    TEACHER = "TEACHER", "By a teacher of the course, about one subject or about all."
    HEAD = "HEAD", "By the head of the school, about all subjects."


class ReportCardComment(Record):
    __tablename__ = "report_card_comment"

    report_card_id: Mapped[int] = mapped_column(BigInteger, comment="The report card")
    kind: Mapped[ReportCardCommentKind] = enum(ReportCardCommentKind, comment="In which capacity it is written")
    subject_id: Mapped[int | None] = mapped_column(BigInteger, comment="Subject that it is about; null: all")
    text: Mapped[str] = short(2000, comment="The comment")
    author_id: Mapped[int | None] = mapped_column(BigInteger, comment="User who wrote it last")

    @computed("Student of the report card", target="student")
    def student_id(self: Any) -> ColumnElement[Any]:
        statement = select(ReportCard.student_id).where(
            ReportCard.institution_id == self.institution_id, ReportCard.id == self.report_card_id
        )
        return statement.correlate_except(ReportCard).scalar_subquery()

    __table_args__ = (
        UniqueConstraint("institution_id", "report_card_id", "kind", "subject_id", postgresql_nulls_not_distinct=True),
        refers("report_card_id", "report_card"),
        refers("subject_id", "subject"),
        refers("author_id", "app_user"),
        index("subject_id"),
        index("updated_at"),
        index("author_id"),
        CheckConstraint("kind <> 'HEAD' OR subject_id IS NULL", name="head_of_all_subjects"),
        {"comment": "A comment on a report card, as it is being written; the card freezes it when it is published."},
    )
