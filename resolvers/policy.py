"""Which columns of a row each role sees: the one table, and what has no line in it nobody sees.

A line names roles, then the columns and computed values of the type above it. `all` is whoever sees the row (by
`resolvers.access`), `staff` ADMIN, REGISTRAR and REPORTER, `own` anybody on a row of their own, such as their account.
SUPERADMIN is an ADMIN of the institution acted in. Keys of other rows need no line unless lists are sorted by them:
they show nothing but the row they lead to, if the viewer sees it.

What somebody with several roles sees is the union over rows and columns: a teacher who is a guardian too sees health
notes of the own children, and of nobody else.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, case, inspect, null

import models
from models import Base, Role
from models.base import POINTS_TO
from models.computed import Computed, declaration, value
from resolvers.access import audiences, rows_of, sees_all
from resolvers.access.rule import EVERY_ROW
from resolvers.access.rules import ANYONE, RULES
from resolvers.errors import Forbidden

TABLE = """
Institution
    all: code name status created_at updated_at version
SchoolProfile
    all: school_name address phone email country created_at updated_at version
StoredFile
    all: url content_type size width height created_at
ConfigurationSetting
    all: category key value value_type description created_at updated_at version

Student
    all: student_number first_name last_name full_name preferred_name gender date_of_birth age status registration_date
    all: mobile phone email emergency_contact house_number street village commune district city province postal_code
    all: country full_address previous_school register_to_study created_at updated_at version
    staff guardian student: religion caste vaccinated birth_district transfer_reason national_id_last4
    staff guardian: needs_clothes needs_materials needs_transport
    staff teacher student: father_or_guardian_name mother_name
    admin registrar guardian student: health
    admin registrar: identifying_marks national_id
Guardian
    all: full_name first_name last_name single_name created_at updated_at version
    staff teacher guardian: mobile phone email
    staff guardian: occupation income house_number street village commune district city province postal_code country
    staff guardian: birth_district church believer number_of_children
StudentGuardian
    all: student_id guardian_id relation emergency_contact contact_priority created_at updated_at version
    staff teacher guardian: legal_guardian lives_with may_access_records consents_to_messages consents_to_photos
    staff teacher: contact_restriction
FamilyInfo
    all: student_id living_with living_condition own_house religion church duration_in_district can_help_school
    all: help_amount help_frequency know_school_from organisation_help poverty_card created_at updated_at version
Scholarship
    all: name provider basis amount currency status start_date end_date created_at updated_at version
SchoolEnrollment
    all: entry_date entry_type exit_date exit_reason created_at updated_at version
ExternalId
    all: entity system value created_at updated_at version

User
    all: full_name first_name last_name position avatar
    staff teacher own: email
    staff own: username mobile phone status created_at updated_at version
    admin own: must_change_password last_login_at failed_logins last_failed_login_at locked_until preferences
Session
    all: created_at last_seen_at expires_at user_agent address
ApiKey
    all: name prefix role created_at expires_at last_used_at revoked_at
UserRole
    all: role begin_date end_date created_at updated_at version

SchoolYear
    all: code start_date end_date current created_at updated_at version
Semester
    all: name code type sequence start_date end_date grade_entry_opens_at grade_entry_closes_at
    all: created_at updated_at version
GradeLevel
    all: code name sequence leaves_after created_at updated_at version
CalendarDay
    all: date kind note created_at updated_at version
Subject
    all: name code created_at updated_at version
GradingScale
    all: name min_score max_score pass_mark rounding_mode decimals school_default created_at updated_at version
GradingScaleBand
    all: grading_scale_id letter lower_bound points created_at updated_at version
AttendanceCode
    all: code label status present_value created_at updated_at version
AssessmentCategory
    all: name weight created_at updated_at version

Course
    all: school_year_id grade_level_id section name class_type meeting_days meeting_sessions
    all: created_at updated_at version
CourseSubject
    all: course_id subject_id coefficient credits created_at updated_at version
CourseTeacher
    all: course_id role position created_at updated_at version
Enrollment
    all: begin_date end_date status drop_date drop_reason student_first_name student_last_name
    all: created_at updated_at version
Assessment
    all: title description date min_score max_score created_at updated_at version
Grade
    all: student_id subject_id date score score_status comment last_edited_at
    all: student_first_name student_last_name subject_name created_at updated_at version
RolloverPlan
    all: by_marks status applied_at operation students promoted retained leaving skipped undecided
    all: created_at updated_at version
RolloverLine
    all: decision reason note average exit_reason student_first_name student_last_name
    all: created_at updated_at version
Attendance
    all: date session status code reason minutes_late student_first_name student_last_name
    all: created_at updated_at version
ReportCard
    all: state edition content checksum published_at student_first_name student_last_name
    all: created_at updated_at version
    staff teacher: reopened_at reopen_reason
ReportCardComment
    all: kind text created_at updated_at version
AttendanceTaken
    all: date session taken_at created_at updated_at version

AuditEntry
    admin: table_name record_id record_date operation before after actor_kind at request_id
ActivityEntry
    admin: action details actor_kind at request_id address
AccessEntry
    admin: student_count actor_kind at purpose request_id
"""

STAFF = frozenset({Role.ADMIN, Role.REGISTRAR, Role.REPORTER})
WORDS: dict[str, frozenset[str]] = {
    **{role.value.lower(): frozenset({role}) for role in Role},
    "all": frozenset({ANYONE, *Role}),
    "staff": STAFF,
    "own": frozenset({ANYONE}),
}
Column = tuple[type[Base], str]
KEY = ("id", "institution_id")


def _parse(table: str) -> dict[Column, frozenset[str]]:
    """Each column's audiences; a name that is none of ours, or that comes twice, stops the start."""
    found: dict[Column, frozenset[str]] = {}
    for line in table.split("\n"):
        if line and not line.startswith(" "):
            model = getattr(models, line)
        elif line:
            words, names = line.split(":")
            seen_by = frozenset[str]().union(*(WORDS[word] for word in words.split()))
            for name in names.split():
                if (model, name) in found or declaration(model, name) is None:
                    raise ValueError(
                        f"the policy names {model.__name__}.{name}, which is unknown or has a line already"
                    )
                found[model, name] = seen_by
    return found


POLICY = _parse(TABLE)


@lru_cache(maxsize=4096)
def _leads_elsewhere(model: type[Base], name: str) -> bool:
    """The key of another row."""
    declared = declaration(model, name)
    if isinstance(declared, Computed):
        return declared.target is not None
    column = model.__table__.columns[name]
    return bool(column.foreign_keys) or POINTS_TO in column.info


@lru_cache(maxsize=8192)
def shown_as(model: type[Base], name: str, roles: frozenset[Role]) -> frozenset[str] | None:
    """As whom somebody with these roles is shown a column, on the rows seen as such; None: on every row they see.

    Empty where it is shown on none.
    """
    seen_as = audiences(model, roles)
    seen_by = POLICY.get((model, name))
    if name in KEY or (seen_as and seen_by is None and _leads_elsewhere(model, name)):
        return None
    shown = seen_as & (seen_by or frozenset())
    return None if shown and (shown == seen_as or sees_all(model, shown)) else shown


def visible(source: Any, name: str, roles: frozenset[Role]) -> ColumnElement[Any]:
    """The SQL of a column or computed value as far as somebody with these roles may see it; NULL where they may not."""
    model = inspect(source).mapper.class_
    shown = shown_as(model, name, roles)
    if shown is None:
        found: ColumnElement[Any] = value(source, name)
        return found
    if not shown:
        return null()
    return case((rows_of(model, source, shown), value(source, name)))


def check_shown(model: type[Base], name: str, roles: frozenset[Role], field: str) -> None:
    """Raises Forbidden where a column is hidden on some rows of a list, so that it cannot be filtered or sorted by."""
    if shown_as(model, name, roles) is not None:
        raise Forbidden(f"{field}: your roles do not see this of every {model.__name__}", field=field)


def _listed(names: Iterable[str]) -> str:
    """In the order of the roles: `ADMIN, REGISTRAR and REPORTER`."""
    wanted = frozenset(names)
    known = [role.value for role in Role if role in wanted]
    return " and ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def reason(model: type[Base], name: str | None = None, shown: frozenset[str] = frozenset()) -> str:
    """Why a column is hidden, or without `name` all rows of a model: who sees it; or on which rows it is `shown`."""
    if shown:
        return f"Shown only on {' and on '.join(sorted(RULES[model][each].about for each in shown))}."
    return readers(model, name)


def readers(model: type[Base], name: str | None = None) -> str:
    """Who sees a column, or without `name` some rows of a model: a sentence."""
    seen_by = RULES[model].keys() & POLICY[model, name] if name else RULES[model].keys()
    own = f"; to everybody on {RULES[model][ANYONE].about}" if ANYONE in seen_by else ""
    return f"Shown to {_listed(seen_by)}{own}."


def row_readers(model: type[Base]) -> str:
    """Who sees which rows of a model: a sentence."""
    rules = RULES[model]
    if rules.get(ANYONE) is EVERY_ROW:
        return "Everybody who has signed in sees them all."
    whole = _listed(role for role, rule in rules.items() if rule is EVERY_ROW)
    parts = [f"{role.value}: {rules[role].about}" for role in Role if rules.get(role, EVERY_ROW) is not EVERY_ROW]
    parts += [f"everybody: {rules[ANYONE].about}"] if ANYONE in rules else []
    return f"Seen by {'; '.join(filter(None, [whole, *parts]))}."
