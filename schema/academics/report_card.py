"""A student's report card of a course and a semester."""

import datetime
from typing import Any

import orjson
import strawberry

import models
import resolvers.academics.report_card as resolve
from resolvers.batches import one
from resolvers.reports.cards.content import CardContent as Content
from resolvers.reports.cards.content import canonical, fingerprint, from_json
from resolvers.reports.cards.drift import drift_of, live_of
from schema import refs
from schema.connection import Connection, connection
from schema.entity import entity, lookup, relation
from schema.info import Info
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter
from schema.ordering import ordering
from schema.reports.card_content import CardContent
from schema.reports.grade_report import told
from schema.selection import NEEDS
from schema.where import where

ABOUT = ("student_id", "course_id", "semester_id", "edition", "content")


@where(models.ReportCard, external_ids=resolve.report_card_external_ids)
class ReportCardWhere:
    id: IDFilter | None
    student: IDFilter | None
    course: IDFilter | None
    semester: IDFilter | None
    state: EnumFilter[models.ReportCardState] | None
    updated_at: DateTimeFilter | None


ReportCardOrder = ordering(models.ReportCard, "published_at", "updated_at", "student_first_name", "student_last_name")


@strawberry.type(description="A value of a published report card that would be another if it were published now.")
class CardDrift:
    path: str = told("The value, by its place in the content: `overall.average`, `subjects.rank`.")
    subject: refs.Subject | None = relation(
        one(models.Subject, parent="subject_id"), "The subject that it is about; null where it is about none."
    )
    then: str | None = told("What the card says, as text; null: nothing.")
    now: str | None = told("What it would say now, as text; null: nothing.")


@entity(models.ReportCard, prefix="rpc")
class ReportCard(Node):
    state: models.ReportCardState
    edition: int
    published_at: datetime.datetime | None
    reopened_at: datetime.datetime | None
    reopen_reason: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: int

    student: refs.Student | None = relation(resolve.student, "The student.")
    course: refs.Course | None = relation(resolve.course, "The course.")
    semester: refs.Semester | None = relation(resolve.semester, "The semester.")
    comments: list[refs.ReportCardComment] = relation(
        resolve.comments,
        "Comments as they are being written. Seen by ADMIN, REGISTRAR, REPORTER and TEACHER; what was published stands"
        " in `content`.",
    )
    external_ids: list[refs.ExternalId] = relation(
        resolve.report_card_external_ids, "What other systems call the report card."
    )
    history: list[refs.AuditEntry] = relation(
        resolve.history, "Changes of this record, the latest first. Seen by ADMIN; to others it is empty."
    )

    @strawberry.field(
        description="SHA-256 of the frozen content, 64 hexadecimal digits; null in a draft. It is that of the UTF-8"
        " bytes of `canonicalContent`.",
        metadata={NEEDS: ("checksum",)},
    )
    def checksum(self) -> str | None:
        root: Any = self
        found: bytes | None = root.checksum
        return None if found is None else found.hex()

    @strawberry.field(
        description="The frozen content as canonical JSON (RFC 8785), of which `checksum` is made; null in a draft.",
        metadata={NEEDS: ("content",)},
    )
    def canonical_content(self) -> str | None:
        root: Any = self
        return None if root.content is None else canonical(orjson.loads(root.content))

    @strawberry.field(
        description="SHA-256 of what the frozen content says of the student, without edition, form and the time of"
        " publication: the same in each edition, and in a dry run, that says the same. Null in a draft.",
        metadata={NEEDS: ("content",)},
    )
    def fingerprint(self) -> str | None:
        root: Any = self
        return None if root.content is None else fingerprint(orjson.loads(root.content))

    @strawberry.field(
        graphql_type=CardContent | None,
        description="What was handed out, which never changes; null in a draft.",
        metadata={NEEDS: ("content",)},
    )
    def content(self) -> Any:
        root: Any = self
        return None if root.content is None else from_json(Content, orjson.loads(root.content))

    @strawberry.field(
        graphql_type=CardContent | None,
        description="What the card would say if it were published now, as far as you see the student's marks; null"
        " where the student has nothing in the course and semester any more.",
        metadata={NEEDS: ABOUT},
    )
    async def live(self, info: Info) -> Any:
        return await live_of(info.context, self)

    @strawberry.field(
        description="The values in which the frozen content differs from the live one, with what they were then and"
        " what they are now; empty where nothing has changed, and in a draft. Attendance is compared up to the day that"
        " the card counted it to.",
        metadata={NEEDS: ABOUT},
    )
    async def drift(self, info: Info) -> list[CardDrift]:
        found: Any = await drift_of(info.context, self)
        return list(found)


@strawberry.type
class ReportCardQuery:
    report_card: ReportCard | None = lookup(
        models.ReportCard,
        "A report card by id; null where there is none that you may see. GUARDIAN and STUDENT see published ones only:"
        " what was taken back or replaced holds no longer.",
    )
    report_cards: Connection[ReportCard] = connection(
        models.ReportCard,
        "Report cards, the latest publication first; those of a class by `where: { course: …, semester: … }`.",
        default=("-published_at",),
    )
