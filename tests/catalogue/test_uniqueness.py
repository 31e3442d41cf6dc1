"""What there may be only one of, and what may stand beside it."""

import asyncpg
import pytest

from models import Base
from tests.catalogue.reading import Catalogue
from tests.catalogue.test_row_security import as_tenant
from tests.catalogue.test_rules import key, table_of
from tests.worlds import Worlds

# It has all its parents, and its attendance mark is for the whole day.
ROW = 2
Change = dict[str, str]
NOBODY: Change = {
    "student_number": "'X-1'",
    "mobile": "NULL",
    "email": "NULL",
    "user_id": "NULL",
    "national_id_sealed": "NULL",
    "national_id_index": "NULL",
    "national_id_last4": "NULL",
}
NO_LEVEL: Change = {"code": "'X'", "sequence": "999"}
# Constraint → what differs in a copy of a row, so that this constraint alone is in its way.
COPIES: dict[str, Change] = {
    "uq_api_key_institution_id_key_hash": {"name": "'X'"},
    "uq_api_key_institution_id_name": {"key_hash": "sha256('x')"},
    "uq_assessment_category_institution_id_name": {},
    "uq_attendance_code_institution_id_code": {"status": "'LATE'"},
    "uq_attendance_taken_institution_id_course_id_date_session": {},
    "uq_calendar_day_institution_id_date": {},
    "uq_configuration_setting_institution_id_category_key": {},
    "uq_course_institution_id_school_year_id_grade_level_id__1c28": {},
    "uq_course_subject_institution_id_course_id_subject_id": {},
    "uq_course_teacher_institution_id_course_id_position": {"user_id": "user_id - 1"},
    "uq_course_teacher_institution_id_course_id_user_id": {"position": "position % 3 + 1"},
    "uq_external_id_institution_id_entity_record_id_system": {"value": "'X'"},
    "uq_external_id_institution_id_entity_system_value": {"record_id": "0"},
    "uq_family_info_institution_id_student_id": {},
    "uq_grade_institution_id_student_id_course_id_subject_id_43e6": {},
    "uq_grade_level_institution_id_code": {"sequence": "999"},
    "uq_grade_level_institution_id_sequence": {"code": "'X'"},
    "uq_grading_scale_institution_id_name": {},
    "uq_grading_scale_band_institution_id_grading_scale_id_l_cca1": {"letter": "'X'"},
    "uq_grading_scale_band_institution_id_grading_scale_id_letter": {"lower_bound": "0"},
    "uq_idempotency_key_institution_id_actor_kind_actor_id_key": {},
    "uq_number_counter_institution_id_kind_year": {},
    "uq_report_card_comment_institution_id_report_card_id_ki_f3e0": {},
    "uq_reset_token_institution_id_token_hash": {},
    "uq_rollover_line_institution_id_rollover_plan_id_student_id": {},
    "uq_school_profile_institution_id": {},
    "uq_school_year_institution_id_code": {"start_date": "'1990-06-01'", "end_date": "'1991-04-30'"},
    "uq_semester_institution_id_code": {},
    "uq_session_institution_id_token_hash": {},
    "uq_stored_file_institution_id_location": {},
    "uq_student_institution_id_student_number": NOBODY | {"student_number": "student_number"},
    "uq_student_guardian_institution_id_student_id_guardian_id": {},
    "uq_subject_institution_id_name": {},
    "uq_user_institution_institution_id_user_id_acting_insti_8132": {},
    "ix_app_user_institution_id_email_folded": {"username": "'x'", "email": "upper(email)"},
    "ix_app_user_institution_id_username_folded": {"username": "upper(username)", "email": "NULL"},
    "ix_attendance_institution_id_course_id_student_id_date": {"session": "'PM'"},
    "ix_attendance_institution_id_student_id_course_id_date": {"session": "'AM'"},
    "ix_guardian_institution_id_user_id": {},
    "ix_report_card_institution_id_student_id_course_id_semester_id": {},
    "ix_rollover_plan_institution_id_from_school_year_id_to__1223": {},
    "ix_student_institution_id_email_folded": NOBODY | {"email": "upper(email)"},
    "ix_student_institution_id_mobile": NOBODY | {"mobile": "mobile"},
    "ix_student_institution_id_user_id": NOBODY | {"user_id": "user_id"},
    "ex_enrollment_span": {},
    "ex_school_enrollment_span": {},
    "ex_school_year_dates": {"code": "'X'"},
    "ex_user_role_span": {},
}
# These are looked at by name below, since a copy of a row does not show them.
TOLD = {
    "uq_attendance_code_institution_id_code_status",
    "uq_institution_code",
    "ix_grading_scale_institution_id_school_default",
    "ix_school_year_institution_id_current",
    "ix_student_institution_id_national_id_index",
}
RETIRED = {"deleted_at": "now()"}
# What may stand beside a row: a retired one of the same name, another span, another part of the day.
BESIDE: list[tuple[str, Change]] = [
    ("student", NOBODY),
    ("student", {"student_number": "'X-1'"} | RETIRED),
    ("app_user", RETIRED),
    ("guardian", RETIRED),
    ("course", RETIRED),
    ("course", {"section": "'Z'"}),
    ("course", {"grade_level_id": "NULL"}),
    ("grade", {"assessment_id": "NULL"}),
    ("grade", {"date": "date + 1"}),
    ("report_card", {"state": "'SUPERSEDED'"}),
    ("rollover_plan", {"status": "'APPLIED'", "applied_at": "now()"}),
    ("enrollment", {"begin_date": "end_date + 1", "end_date": "end_date + 9", "drop_date": "end_date + 9"}),
    ("school_year", {"code": "'X'", "start_date": "end_date + 1", "end_date": "end_date + 9"}),
    ("configuration_setting", {"category": "CASE category WHEN 'GENERAL' THEN 'ACADEMIC' ELSE 'GENERAL' END"}),
    ("user_role", {"role": "CASE role WHEN 'ADMIN' THEN 'REPORTER' ELSE 'ADMIN' END"}),
]


async def copy_row(owner: asyncpg.Connection, worlds: Worlds, table: str, differing: Change) -> None:
    """Insert the row once more, with a key of its own and what differs; rolled back by the caller."""
    columns = [c.name for c in Base.metadata.tables[table].columns if not c.computed and c.name != "id"]
    values = ", ".join(differing.get(name, f'"{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    command = f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} WHERE {key(worlds, table, ROW)}"
    assert await owner.execute(command) == "INSERT 0 1"


async def refusal(owner: asyncpg.Connection, worlds: Worlds, command: str) -> str | None:
    """The constraint that stands in the way of a command."""
    async with as_tenant(owner, worlds.ours.institution_id):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await owner.execute(command)
    return refused.value.constraint_name


async def named(owner: asyncpg.Connection, error: asyncpg.IntegrityConstraintViolationError) -> str:
    """The constraint as the table has it: a partition's index has a name that PostgreSQL makes."""
    parent = "SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = to_regclass($1)"
    found = await owner.fetchval(parent, error.constraint_name)
    return str(found or error.constraint_name)


@pytest.mark.parametrize("name", COPIES)
async def test_there_is_only_one(owner: asyncpg.Connection, worlds: Worlds, name: str) -> None:
    async with as_tenant(owner, worlds.ours.institution_id):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await copy_row(owner, worlds, table_of(name), COPIES[name])
    assert await named(owner, refused.value) == name


@pytest.mark.parametrize(("table", "differing"), BESIDE)
async def test_what_may_stand_beside(owner: asyncpg.Connection, worlds: Worlds, table: str, differing: Change) -> None:
    async with as_tenant(owner, worlds.ours.institution_id):
        await copy_row(owner, worlds, table, differing)


async def test_a_code_of_an_institution_is_unique_over_the_deployment(
    owner: asyncpg.Connection, worlds: Worlds
) -> None:
    command = "INSERT INTO institution (code, name) VALUES ('OURS', 'Another')"
    assert await refusal(owner, worlds, command) == "uq_institution_code"


async def test_one_school_year_is_current_and_one_scale_the_schools(owner: asyncpg.Connection, worlds: Worlds) -> None:
    """Row 0 is, in each."""
    for table, column in (("school_year", "current"), ("grading_scale", "school_default")):
        command = f"UPDATE {table} SET {column} = true WHERE {key(worlds, table, ROW)}"
        assert await refusal(owner, worlds, command) == f"ix_{table}_institution_id_{column}"


async def test_a_national_id_is_one_students(owner: asyncpg.Connection, worlds: Worlds) -> None:
    keys = " OR ".join(f"({key(worlds, 'student', n)})" for n in (1, 2))
    same = "national_id_sealed = '\\x01', national_id_index = sha256('same'), national_id_last4 = '1234'"
    command = f"UPDATE student SET {same} WHERE {keys}"
    assert await refusal(owner, worlds, command) == "ix_student_institution_id_national_id_index"


async def test_every_unique_rule_has_its_case(catalogue: Catalogue) -> None:
    rules = {row["name"] for row in await catalogue.constraints("u", "x")}
    keys = {row["name"] for row in await catalogue.constraints("p")}
    rules |= {row["name"] for row in await catalogue.indexes() if row["unique"]} - keys
    assert rules == COPIES.keys() | TOLD
