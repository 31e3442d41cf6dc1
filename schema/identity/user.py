"""A person who signs in. The table is `app_user`, since `user` is a reserved word."""

import datetime

import strawberry

import models
import resolvers.identity.user as resolve
from resolvers.batches import by_id
from schema import refs
from schema.connection import Connection, related_connection, searched_connection
from schema.entity import entity, lookup, relation, singleton
from schema.node import Node
from schema.operators import DateTimeFilter, EnumFilter, IDFilter, StringFilter
from schema.ordering import ordering
from schema.scalars import JSON
from schema.where import where


@where(
    models.User,
    roles=resolve.roles,
    courses=resolve.courses,
    grades_given=resolve.grades_given,
    attendance_recorded=resolve.attendance_recorded,
    rosters_taken=resolve.rosters_taken,
    sessions=resolve.sessions,
    external_ids=resolve.user_external_ids,
)
class UserWhere:
    id: IDFilter | None
    username: StringFilter | None
    email: StringFilter | None
    status: EnumFilter[models.UserStatus] | None
    last_name: StringFilter | None
    created_at: DateTimeFilter | None
    updated_at: DateTimeFilter | None


UserOrder = ordering(models.User, "last_name", "first_name", "username", "status", "created_at", "updated_at")


@entity(models.User, prefix="usr")
class User(Node):
    full_name: str | None
    username: str | None
    email: str | None
    first_name: str | None
    last_name: str | None
    mobile: str | None
    phone: str | None
    position: str | None
    avatar: str | None
    status: models.UserStatus | None
    must_change_password: bool | None
    last_login_at: datetime.datetime | None
    preferences: JSON | None
    created_at: datetime.datetime | None
    updated_at: datetime.datetime | None
    version: int | None

    photo: refs.StoredFile | None = relation(resolve.photo, "The user's photo, if there is one.")
    roles: list[refs.UserRole] = relation(resolve.roles, "Roles held, past and coming ones included.")
    courses: list[refs.CourseTeacher] = relation(resolve.courses, "Courses taught, each with the role in it.")
    grades_given: Connection[refs.Grade] = related_connection(resolve.grades_given, "Marks given, the latest first.")
    attendance_recorded: Connection[refs.Attendance] = related_connection(
        resolve.attendance_recorded, "Attendance marks entered, the latest day first."
    )
    rosters_taken: Connection[refs.AttendanceTaken] = related_connection(
        resolve.rosters_taken, "Rosters taken, the latest day first."
    )
    student: refs.Student | None = relation(resolve.student, "The student whose account it is, if it is one's.")
    guardian: refs.Guardian | None = relation(resolve.guardian, "The guardian whose account it is, if it is one's.")
    sessions: list[refs.Session] = relation(
        resolve.sessions, "Sessions, the last used first. Seen by ADMIN, and everybody's own."
    )
    external_ids: list[refs.ExternalId] = relation(resolve.user_external_ids, "What other systems call the user.")


@strawberry.type
class UserQuery:
    user: User | None = lookup(models.User, "A user by id; null where there is none that you may see.")
    users: Connection[User] = searched_connection(
        models.User,
        "Users that are in use, by last and first name where no order is asked for.",
        default=("last_name", "first_name"),
    )
    me: User | None = singleton(
        by_id(models.User),
        lambda viewer: viewer.user_id,
        "Your own account; null of an API key. An operator who acts in another institution is shown the account with"
        " its roles and sessions as of the own institution, and nothing else of that one.",
        own=True,
    )
