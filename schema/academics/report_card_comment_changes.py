"""Mutations of the comments on report cards: those of teachers, and those of the head of the school."""

import strawberry

import models
from resolvers.academics.report_card_comment_changes import HEADS, TEACHERS
from resolvers.academics.report_card_commenting import set_head_comments, set_teacher_comments
from schema.bulk import VERSION, options, result_of, results
from schema.inputs import key, optional
from schema.mutation import mutation
from schema.payload import payload
from schema.record_inputs import known_record, new_record

WHILE = "while the card is a draft or reopened."
MANY = "one on each card; what stands there is replaced. At most 1000, each student once."
ReportCardCommentResult = result_of(
    models.ReportCardComment, "What became of one comment.", rows="comments", shows="reportCardComment"
)


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


@strawberry.input(description="What to say on the report card of one student.")
class CommentOnStudentInput:
    student: strawberry.ID = key(models.Student, "The student, who has a report card: see `prepareReportCards`.")
    text: str = strawberry.field(description="The comment, at most 2000 characters.")
    version: int | None = optional(VERSION)


@strawberry.input(description="Comments of a teacher on report cards of a class, about one subject or about all.")
@options
class SetTeacherCommentsInput:
    course: strawberry.ID = key(models.Course, "The course.")
    semester: strawberry.ID = key(models.Semester, "The semester, of the course's school year.")
    subject: strawberry.ID | None = key(
        models.Subject, "Subject that they are about, taught in the course. Left out or null: all.", default=None
    )
    comments: list[CommentOnStudentInput] = strawberry.field(description=f"The comments, {MANY}")


@strawberry.input(description="Comments of the head of the school on report cards of a class.")
@options
class SetHeadCommentsInput:
    course: strawberry.ID = key(models.Course, "The course.")
    semester: strawberry.ID = key(models.Semester, "The semester, of the course's school year.")
    comments: list[CommentOnStudentInput] = strawberry.field(description=f"The comments, {MANY}")


@payload("What became of each comment, or why nothing was said.")
@results(ReportCardCommentResult, undone=False)
class SetTeacherCommentsPayload:
    pass


@payload("What became of each comment, or why nothing was said.")
@results(ReportCardCommentResult, undone=False)
class SetHeadCommentsPayload:
    pass


@strawberry.type
class ReportCardCommentMutation:
    set_teacher_comments = mutation(
        set_teacher_comments,
        SetTeacherCommentsInput,
        SetTeacherCommentsPayload,
        "Comment on the report cards of a class as a teacher, about one subject of the course or about all,"
        f" {WHILE} What a card has of a teacher about the same is replaced. For ADMIN, REGISTRAR, and TEACHER in"
        " courses taught.",
    )
    set_head_comments = mutation(
        set_head_comments,
        SetHeadCommentsInput,
        SetHeadCommentsPayload,
        "Comment on the report cards of a class as the head of the school,"
        f" {WHILE} What a card has of the head is replaced. For ADMIN.",
    )
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
