"""Mutations of the comments on report cards: those of teachers, and those of the head of the school."""

import strawberry

import models
from resolvers.academics.report_card_comment_changes import HEADS, TEACHERS
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record

WHILE = "while the card is a draft or reopened."


@new_record(models.ReportCardComment, "A new comment of a teacher on a report card.")
class CreateTeacherCommentInput:
    report_card: strawberry.ID
    subject: strawberry.ID | None
    text: str


@known_record(models.ReportCardComment, "What to change about a comment of a teacher.")
class UpdateTeacherCommentInput:
    text: str


@known_record(models.ReportCardComment, "Which comment of a teacher to delete.")
class DeleteTeacherCommentInput:
    pass


@new_record(models.ReportCardComment, "A new comment of the head of the school on a report card.")
class CreateHeadCommentInput:
    report_card: strawberry.ID
    text: str


@known_record(models.ReportCardComment, "What to change about a comment of the head.")
class UpdateHeadCommentInput:
    text: str


@known_record(models.ReportCardComment, "Which comment of the head to delete.")
class DeleteHeadCommentInput:
    pass


@strawberry.type
class ReportCardCommentMutation:
    create_teacher_comment = mutation(
        TEACHERS.create,
        CreateTeacherCommentInput,
        models.ReportCardComment,
        "Comment on a report card as a teacher, about one subject of the course or about all: one comment each,"
        f" {WHILE} For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    update_teacher_comment = mutation(
        TEACHERS.update,
        UpdateTeacherCommentInput,
        models.ReportCardComment,
        f"Change a comment of a teacher, {WHILE} For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    delete_teacher_comment = mutation(
        TEACHERS.delete,
        DeleteTeacherCommentInput,
        models.ReportCardComment,
        f"Delete a comment of a teacher, {WHILE} For ADMIN, REGISTRAR, and TEACHER in courses taught.",
    )
    create_head_comment = mutation(
        HEADS.create,
        CreateHeadCommentInput,
        models.ReportCardComment,
        f"Comment on a report card as the head of the school, one comment a card, {WHILE} For ADMIN.",
    )
    update_head_comment = mutation(
        HEADS.update, UpdateHeadCommentInput, models.ReportCardComment, f"Change the head's comment, {WHILE} For ADMIN."
    )
    delete_head_comment = mutation(
        HEADS.delete, DeleteHeadCommentInput, models.ReportCardComment, f"Delete the head's comment, {WHILE} For ADMIN."
    )
