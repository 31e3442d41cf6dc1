"""What is held about a student, and what becomes of it when the person is erased: the one table.

A line without indent names a table, whose rows of it are the person's (see `resolvers.privacy.found`), and the prefix
of the records' ids where clients know them. `goes` are rows that are removed whole. An indented line says what becomes
of columns:

    null     becomes null
    neutral  becomes what `resolvers.privacy.neutral` gives, where it was not null
    row      goes with the row
    derived  the database makes it of the others
    redact   JSON of which the person's values are blotted out, by the function `erase_from_trail`
    keep     stays, and the line says why
    own      stays, and the line says why: keys of several people, of which an export tells the person's own alone

Keys and stamps stay everywhere. Tables are changed in this order, which goes from those that point to those that are
pointed to. Tables that are about nobody stand in NOBODYS; a table or column without a line fails the suite.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from models import Base
from resolvers.writing.content import STAMPS

TABLE = """
report_card_comment of_report_card goes rcc
    row: report_card_id kind subject_id text author_id
report_card of_student goes rpc
    row: student_id course_id semester_id state edition content checksum published_at reopened_at reopen_reason
grade of_student grd
    keep (averages are made of it): student_id course_id subject_id semester_id assessment_id date score score_status
    keep (says who marked it): graded_by_id last_edited_at
    null: comment
attendance of_student att
    keep (counts are made of it): student_id course_id date session status code minutes_late semester_id school_year_id
    keep (says who marked it): recorded_by_id
    null: reason
enrollment of_student enr
    keep (counts are made of it): student_id course_id begin_date end_date status drop_semester_id drop_date
    neutral: drop_reason
school_enrollment of_student sen
    keep (counts are made of it): student_id school_year_id grade_level_id entry_date entry_type exit_date exit_reason
rollover_line of_student rln
    keep (counts are made of it): rollover_plan_id student_id from_grade_level_id from_course_id decision reason average
    keep (counts are made of it): to_grade_level_id to_course_id exit_reason
    keep (keys and what was decided by them): facts
    null: note
scholarship of_student sch
    keep (sums are made of it): student_id amount currency status start_date end_date
    neutral: name
    null: provider basis
family_info of_student goes fam
    row: student_id living_with living_condition own_house religion church duration_in_district can_help_school
    row: help_amount help_frequency know_school_from organisation_help poverty_card
student_guardian of_student goes sgu
    row: student_id guardian_id relation legal_guardian lives_with emergency_contact contact_priority
    row: may_access_records contact_restriction consents_to_messages consents_to_photos
external_id named goes ext
    row: entity record_id system value
guardian guardian goes gua
    row: first_name last_name single_name full_name mobile phone email email_folded occupation income house_number
    row: street village commune district city province postal_code country birth_district church believer
    row: number_of_children user_id search_text deleted_at
student student stu
    keep (counts are made of it): gender status registration_date
    keep (says whether the record is in use): deleted_at
    neutral: student_number first_name last_name date_of_birth needs_clothes needs_materials needs_transport
    null: preferred_name mobile phone email emergency_contact house_number street village commune district city
    null: province postal_code country birth_district religion caste vaccinated previous_school transfer_reason
    null: register_to_study identifying_marks_sealed health_sealed national_id_sealed national_id_index
    null: national_id_last4 photo_id user_id
    derived: email_folded search_text
session of_user goes
    row: user_id acting_institution_id token_hash last_seen_at expires_at user_agent address
reset_token of_user goes
    row: user_id token_hash expires_at used_at
user_institution of_user goes
    row: user_id acting_institution_id
user_role of_user goes uro
    row: user_id role begin_date end_date
app_user user usr
    neutral: username status must_change_password failed_logins preferences deleted_at
    null: email password_hash first_name last_name mobile phone position avatar photo_id last_login_at
    null: last_failed_login_at locked_until
    derived: username_folded email_folded search_text
stored_file file goes fil
    row: name content_type size width height sha256 location
access_log of_readings
    own (says whose record it was): student_ids
    keep (says who has looked at the record): actor_kind actor_id purpose at request_id
audit_log told
    keep (says what was changed when by whom): table_name record_id operation actor_kind actor_id at request_id
    redact: before after
activity_log acted
    keep (says what was done when by whom): action actor_kind actor_id at request_id
    redact: details address
outbox published
    keep (says what was told when): topic key schema_version
    redact: payload
idempotency_key sent
    keep (a request must not be carried out twice): key actor_kind actor_id request_hash
    redact: answer
operation acted_on
    keep (says what was done when by whom): action actor_kind actor_id request_id at undone_at
    redact: summary
"""

# Why no row of these is about a student; who made or changed a row is a key.
NOBODYS = {
    "institution": "the school",
    "school_profile": "the school",
    "configuration_setting": "the school",
    "number_counter": "the school",
    "api_key": "a program's",
    "school_year": "the school's calendar",
    "semester": "the school's calendar",
    "calendar_day": "the school's calendar",
    "grade_level": "the school's structure",
    "subject": "the school's structure",
    "grading_scale": "the school's rules",
    "grading_scale_band": "the school's rules",
    "attendance_code": "the school's rules",
    "assessment_category": "the school's rules",
    "assessment": "a task of a course",
    "course": "many students'",
    "course_subject": "a course's",
    "course_teacher": "a teacher's; accounts with a teacher's role are not erased",
    "attendance_taken": "a course's day",
    "grade_entry_reopening": "a semester's",
    "rollover_plan": "two school years'; its lines are students'",
}
_HEAD = re.compile(r"(\w+) (\w+)( goes)?(?: ([a-z]{2,4}))?")
_LINE = re.compile(r"    (\w+)(?: \((.+)\))?: (.+)")
ACTIONS = frozenset({"null", "neutral", "row", "derived", "redact", "keep", "own"})
REASONED = ("keep", "own")


@dataclass(frozen=True)
class Held:
    """Rows of a table that are the person's; `columns` says of each column what becomes of it."""

    table: str
    found: str
    goes: bool
    prefix: str | None
    columns: dict[str, str] = field(hash=False)

    @cached_property
    def erased(self) -> tuple[str, ...]:
        """The columns that are changed where the row stays."""
        return tuple(name for name, action in self.columns.items() if action in ("null", "neutral"))

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The columns whose values may stay in what the audit tells of a row."""
        keys = ("student_id", "guardian_id", "user_id", "record_id", "entity")
        return tuple(name for name, action in self.columns.items() if action == "keep" or name in keys)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The primary key without the tenant."""
        table = Base.metadata.tables[self.table]
        return tuple(column.name for column in table.primary_key if column.name != "institution_id")


def _parse(text: str) -> dict[str, Held]:
    """The lines as they stand; one that is no line, or names what there is not, stops the start."""
    found: dict[str, Held] = {}
    for line in text.strip().split("\n"):
        if head := _HEAD.fullmatch(line):
            held = found[head[1]] = Held(head[1], head[2], bool(head[3]), head[4], {})
            continue
        said = _LINE.fullmatch(line)
        if said is None or said[1] not in ACTIONS or (said[1] in REASONED) != bool(said[2]):
            raise ValueError(f"not a line of the table of what is held: {line!r}")
        for name in said[3].split():
            if name in held.columns or name in STAMPS or name not in Base.metadata.tables[held.table].columns:
                raise ValueError(f"{held.table}.{name} is unknown, a key or stamp, or has a line already")
            held.columns[name] = said[1]
    return found


HELD = _parse(TABLE)
