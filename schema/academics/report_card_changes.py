"""Mutations of report cards: those of a class at once, and single ones."""

from typing import Any

import strawberry

import models
from resolvers.academics.report_card_changes import REPORT_CARDS
from resolvers.academics.report_card_publishing import prepare_report_cards, publish_report_cards
from resolvers.academics.report_card_reopening import reopen_report_card, reopen_report_cards
from schema.bulk import options, result_of, results
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload
from schema.record_inputs import known_record

ReportCardResult = result_of(
    models.ReportCard,
    "What became of the report card of one student.",
    rows="students, or among those of the class where none are given",
    shows="reportCard",
)
REASON = "Why it is taken back, at most 500 characters."


def _course() -> Any:
    return key(models.Course, "The course.")


def _semester() -> Any:
    return key(models.Semester, "The semester, of the course's school year.")


def _students(left_out: str) -> Any:
    return key(models.Student, f"At most 1000 students. Left out or null: {left_out}.", default=None)


@strawberry.input(description="Whose report cards to prepare.")
@options
class PrepareReportCardsInput:
    course: strawberry.ID = _course()
    semester: strawberry.ID = _semester()
    students: list[strawberry.ID] | None = _students("the whole class")


@strawberry.input(description="What the report card of one student was seen to say in a dry run.")
class PreviewedReportCardInput:
    student: strawberry.ID = key(models.Student, "The student.")
    fingerprint: str = strawberry.field(description="The `fingerprint` of the card that the dry run shows.")


@strawberry.input(description="Whose report cards to publish.")
@options
class PublishReportCardsInput:
    course: strawberry.ID = _course()
    semester: strawberry.ID = _semester()
    students: list[strawberry.ID] | None = _students("the whole class, without those who left it")
    previewed: list[PreviewedReportCardInput] | None = optional(
        "What the cards were seen to say: a card that would say something else by now, or that is not among them, is"
        " refused as a CONFLICT. Left out or null: they are published whatever they say."
    )


@strawberry.input(description="Whose report cards to take back, and why.")
@options
class ReopenReportCardsInput:
    course: strawberry.ID = _course()
    semester: strawberry.ID = _semester()
    students: list[strawberry.ID] | None = _students("all whose cards are published")
    reason: str = strawberry.field(description=REASON)


@known_record(models.ReportCard, "Which report card to take back, and why.")
class ReopenReportCardInput:
    reason: str = strawberry.field(description=REASON)


@known_record(models.ReportCard, "Which draft to delete.")
class DeleteReportCardInput:
    pass


@payload("What became of each report card, or why none was prepared.")
@results(ReportCardResult, undone=False)
class PrepareReportCardsPayload:
    pass


@payload("What became of each report card, or why none was published.")
@results(ReportCardResult, undone=False)
class PublishReportCardsPayload:
    pass


@payload("What became of each report card, or why none was taken back.")
@results(ReportCardResult, undone=False)
class ReopenReportCardsPayload:
    pass


@strawberry.type
class ReportCardMutation:
    prepare_report_cards = mutation(
        prepare_report_cards,
        PrepareReportCardsInput,
        PrepareReportCardsPayload,
        "Have a report card for each student of a class, as a DRAFT where there is none, so that it can be commented"
        " on. For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    publish_report_cards = mutation(
        publish_report_cards,
        PublishReportCardsInput,
        PublishReportCardsPayload,
        "Freeze the report cards of a class with a checksum and hand them out. Where there is none yet, it is made."
        " What is published already stays as it is; a card that was reopened is replaced by its next edition. A dry run"
        " shows in `results` what would be handed out, and `previewed` has just that published. For ADMIN and"
        " REGISTRAR.",
    )
    reopen_report_cards = mutation(
        reopen_report_cards,
        ReopenReportCardsInput,
        ReopenReportCardsPayload,
        "Take published report cards of a class back for correction. What was handed out is kept. For ADMIN.",
    )
    reopen_report_card = mutation(
        reopen_report_card,
        ReopenReportCardInput,
        models.ReportCard,
        "Take a published report card back for correction: families do not see it any more, it can be commented on"
        " again, and `publishReportCards` replaces it by the next edition. For ADMIN.",
    )
    delete_report_card = mutation(
        REPORT_CARDS.delete,
        DeleteReportCardInput,
        models.ReportCard,
        "Delete a draft on which there are no comments. For ADMIN and REGISTRAR.",
    )
