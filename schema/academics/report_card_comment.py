"""A comment on a report card."""

import datetime

import strawberry

import models
import resolvers.academics.report_card_comment as resolve
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.node import Node
from schema.operators import DateTimeFilter, IDFilter
from schema.ordering import ordering
from schema.where import where


@where(models.ReportCardComment)
class ReportCardCommentWhere:
    id: IDFilter | None
    report_card: IDFilter | None
    subject: IDFilter | None
    author: IDFilter | None
    updated_at: DateTimeFilter | None


ReportCardCommentOrder = ordering(models.ReportCardComment, "updated_at")


@entity(models.ReportCardComment, prefix="rcc")
class ReportCardComment(Node):
    kind: models.ReportCardCommentKind
    text: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    report_card: refs.ReportCard | None = relation(resolve.report_card, "The report card.")
    subject: refs.Subject | None = relation(resolve.subject, "The subject that it is about; null: about all.")
    author: refs.User | None = relation(
        resolve.author, "Who wrote it last; null where a program did, or an operator of another school."
    )
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )


@strawberry.type
class ReportCardCommentQuery:
    report_card_comment: ReportCardComment | None = lookup(
        models.ReportCardComment,
        "A comment on a report card by id; null where there is none that you may see. Seen by ADMIN, REGISTRAR,"
        " REPORTER, and TEACHER in courses taught.",
    )
    report_card_comments: Connection[ReportCardComment] = connection(
        models.ReportCardComment, "Comments on report cards, the latest change first.", default=("-updated_at",)
    )
