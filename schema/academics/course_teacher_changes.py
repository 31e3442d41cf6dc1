"""Mutations of the teachers of courses."""

import strawberry

import models
from resolvers.academics.course_teacher_changes import assign_teacher, unassign_teacher, update_course_teacher
from schema.inputs import optional
from schema.mutation import mutation
from schema.record_inputs import known_record, new_record


@new_record(models.CourseTeacher, "One more teacher of a course.")
class AssignTeacherInput:
    course: strawberry.ID
    user: strawberry.ID
    role: models.TeacherRole
    position: int | None = optional("Order of the teachers, 1 to 3. Left out: the first free one.")


@known_record(models.CourseTeacher, "What to change about a teacher of a course: what is left out stays as it is.")
class UpdateCourseTeacherInput:
    role: models.TeacherRole
    position: int


@known_record(models.CourseTeacher, "Which teacher of a course no longer teaches it.")
class UnassignTeacherInput:
    pass


@strawberry.type
class CourseTeacherMutation:
    assign_teacher = mutation(
        assign_teacher,
        AssignTeacherInput,
        models.CourseTeacher,
        "Have a user who holds the role TEACHER teach a course: at most three do, one of them as LEAD. For ADMIN and"
        " REGISTRAR.",
    )
    update_course_teacher = mutation(
        update_course_teacher,
        UpdateCourseTeacherInput,
        models.CourseTeacher,
        "Change what a teacher does in a course. For ADMIN and REGISTRAR.",
    )
    unassign_teacher = mutation(
        unassign_teacher,
        UnassignTeacherInput,
        models.CourseTeacher,
        "Have a user teach a course no longer. For ADMIN and REGISTRAR.",
    )
