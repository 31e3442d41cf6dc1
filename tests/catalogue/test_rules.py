"""What a row alone can tell, the database keeps: for every constraint, changes that break it and no other."""

import asyncpg
import pytest
from sqlalchemy import Enum

from models import Base
from tests.catalogue.reading import Catalogue
from tests.catalogue.test_row_security import as_tenant
from tests.worlds import Worlds

# Constraint → what is set in a row that keeps all rules. Bare rows say less than others: see `tests.world_values`.
CHECKS: dict[str, list[str]] = {
    "ck_access_log_of_somebody": ["student_ids = '{}'"],
    "ck_activity_log_action_format": ["action = 'Log in'", "action = 'login.'", "action = ''"],
    "ck_api_key_key_hash_length": ["key_hash = '\\x00'"],
    "ck_app_user_email_format": [
        "email = 'nobody'",
        "email = 'a b@example.org'",
        "email = 'a@b'",
        "email = 'a@b@c.org'",
    ],
    "ck_app_user_failed_logins_positive": ["failed_logins = -1"],
    "ck_app_user_preferences_size": ["preferences = to_jsonb(repeat('x', 20001))"],
    "ck_app_user_username_format": ["username = 'a b'", "username = 'a@b'", "username = ''", "username = E'a\\n'"],
    "ck_app_user_username_or_email": ["username = NULL, email = NULL"],
    "ck_assessment_category_weight_positive": ["weight = -0.0001"],
    "ck_assessment_max_above_min": ["min_score = 10, max_score = 10", "min_score = 10, max_score = 9"],
    "ck_attendance_code_present_value_range": ["present_value = -0.1", "present_value = 1.1"],
    "ck_attendance_minutes_late_range": ["minutes_late = -1", "minutes_late = 1441"],
    "ck_configuration_setting_key_format": ["key = 'key'", "key = '1KEY'", "key = 'A KEY'", "key = ''"],
    "ck_course_meeting_days_length": ["meeting_days = '{}'", "meeting_days = '{1,1,1,1,1,1,1,1}'"],
    "ck_course_meeting_days_range": ["meeting_days = '{0}'", "meeting_days = '{1,8}'", "meeting_days = '{1,NULL}'"],
    "ck_course_subject_coefficient_positive": ["coefficient = 0", "coefficient = -1"],
    "ck_course_subject_credits_positive": ["credits = -1"],
    "ck_course_teacher_position_range": ["position = 0", "position = 4"],
    "ck_enrollment_drop_has_date_and_reason": [
        "drop_date = NULL",
        "drop_reason = NULL",
        "end_date = NULL",
        "end_date = drop_date + 1",
        "drop_date = begin_date - 1",
    ],
    "ck_enrollment_drop_only": [
        "status = 'ACTIVE'",
        "status = 'COMPLETED', drop_date = NULL, drop_semester_id = NULL",
        "status = 'PENDING', drop_reason = NULL, drop_semester_id = NULL",
        "status = 'ACTIVE', drop_date = NULL, drop_reason = NULL",
    ],
    "ck_enrollment_ends_after_begin": ["end_date = begin_date - 1, drop_date = begin_date - 1"],
    "ck_external_id_entity_format": ["entity = 'Student'", "entity = ''", "entity = 'a b'"],
    "ck_family_info_help_amount_positive": ["help_amount = -0.01"],
    "ck_grade_exempt_has_no_score": ["score_status = 'EXEMPT'"],
    "ck_grade_graded_has_score": ["score = NULL"],
    "ck_grade_level_next_is_another": ["next_level_id = id"],
    "ck_grading_scale_decimals_range": ["decimals = -1", "decimals = 5"],
    "ck_grading_scale_max_above_min": ["min_score = 9.5, max_score = 9.5"],
    "ck_grading_scale_pass_mark_range": ["pass_mark = -1", "pass_mark = 20.1"],
    "ck_guardian_country_format": ["country = 'in'", "country = 'I'", "country = ''"],
    "ck_guardian_email_format": ["email = 'ravi'"],
    "ck_guardian_income_positive": ["income = -1"],
    "ck_guardian_mobile_format": ["mobile = '1234'", "mobile = '98765x3210'", "mobile = ''"],
    "ck_guardian_named": ["first_name = NULL", "last_name = NULL", "first_name = NULL, last_name = NULL"],
    "ck_guardian_number_of_children_range": ["number_of_children = -1", "number_of_children = 51"],
    "ck_guardian_phone_format": ["phone = '12/34/56'"],
    "ck_institution_code_format": ["code = 'ours'", "code = 'O'", "code = 'O-1'", "code = ''"],
    "ck_report_card_published_is_frozen": [
        "state = 'PUBLISHED'",
        "state = 'PUBLISHED', content = '{}', checksum = '\\x00'",
        "state = 'PUBLISHED', content = '{}', published_at = now()",
    ],
    "ck_report_card_reopened_has_reason": ["state = 'REOPENED'", "state = 'REOPENED', reopened_at = now()"],
    "ck_report_card_edition_positive": ["edition = 0"],
    "ck_report_card_comment_head_of_all_subjects": ["kind = 'HEAD'"],
    "ck_reset_token_token_hash_length": ["token_hash = '\\x00'"],
    "ck_rollover_line_to_class_of_level": ["decision = 'LEAVE', exit_reason = 'MOVED', to_grade_level_id = NULL"],
    "ck_rollover_line_with_exit_reason": ["exit_reason = 'MOVED'"],
    "ck_rollover_line_to_level": ["to_grade_level_id = NULL, to_course_id = NULL", "decision = 'SKIP'"],
    "ck_rollover_plan_applied_has_instant": ["status = 'APPLIED'", "applied_at = now()"],
    "ck_rollover_plan_two_years": ["to_school_year_id = from_school_year_id"],
    "ck_scholarship_amount_positive": ["amount = -1"],
    "ck_scholarship_amount_with_currency": ["currency = NULL", "amount = NULL"],
    "ck_scholarship_currency_format": ["currency = 'inr'", "currency = 'RS'"],
    "ck_scholarship_ends_after_start": ["end_date = start_date - 1"],
    "ck_school_enrollment_exit_after_entry": ["exit_date = entry_date - 1"],
    "ck_school_enrollment_exit_with_date": ["exit_reason = 'MOVED'"],
    "ck_school_profile_country_format": ["country = 'India'::char(2)"],
    "ck_school_profile_email_format": ["email = 'office'"],
    "ck_school_profile_phone_format": ["phone = '12345'", "phone = '123 456 789 0'"],
    "ck_school_year_ends_after_start": ["end_date = start_date"],
    "ck_semester_ends_after_start": ["end_date = start_date - 1"],
    "ck_semester_grade_entry_window": ["grade_entry_opens_at = now(), grade_entry_closes_at = now()"],
    "ck_semester_sequence_range": ["sequence = 0", "sequence = 100"],
    "ck_session_token_hash_length": ["token_hash = '\\x00'"],
    "ck_stored_file_pixels_positive": ["width = 0, height = 1", "width = 1, height = 0", "width = -1, height = -1"],
    "ck_stored_file_size_positive": ["size = -1"],
    "ck_student_born_before_registration": ["date_of_birth = registration_date"],
    "ck_student_country_format": ["country = 'in', mobile = NULL, postal_code = NULL"],
    "ck_student_email_format": ["email = 'asha'", "email = '@example.org'"],
    "ck_student_guardian_contact_priority_range": ["contact_priority = 0", "contact_priority = 100"],
    "ck_student_mobile_format": [
        "mobile = '987654321'",
        "mobile = '98765432101'",
        "mobile = '+919876543'",
        "mobile = '1234', country = 'NP', postal_code = NULL",
        "mobile = 'call me', country = NULL, postal_code = NULL",
    ],
    "ck_student_national_id_index_length": ["national_id_index = '\\x01'"],
    "ck_student_national_id_last4_format": ["national_id_last4 = '12'", "national_id_last4 = '12a4'"],
    "ck_student_national_id_whole": [
        "national_id_sealed = NULL",
        "national_id_index = NULL",
        "national_id_last4 = NULL",
        "national_id_sealed = NULL, national_id_index = NULL",
    ],
    "ck_student_phone_format": ["phone = 'x'", "phone = '1234'"],
    "ck_student_postal_code_format": [
        "postal_code = '41100'",
        "postal_code = '4110011'",
        "postal_code = 'SW1A 1AA'",
        "postal_code = '-'::text, country = 'NP'",
    ],
    "ck_student_sealed_format": [
        "health_sealed = 'asthma'",
        "health_sealed = ''",
        "identifying_marks_sealed = 'a scar'",
        "national_id_sealed = '123412341234'",
    ],
    "ck_user_role_ends_after_begin": ["begin_date = '2025-01-02', end_date = '2025-01-01'"],
}
KEPT = [
    ("student", "mobile = '+977 (1) 4-2', country = 'NP', postal_code = 'SW1A 1AA'"),
    ("student", "mobile = NULL, postal_code = NULL, country = NULL, email = NULL"),
    ("enrollment", "end_date = begin_date, drop_date = begin_date"),
    ("enrollment", "status = 'COMPLETED', drop_date = NULL, drop_reason = NULL, drop_semester_id = NULL"),
    ("school_enrollment", "exit_date = entry_date, exit_reason = 'NO_SHOW'"),
    ("scholarship", "amount = NULL, currency = NULL, end_date = start_date"),
    ("grade", "score = NULL, score_status = 'EXEMPT'"),
    ("grade", "score_status = 'NOT_SUBMITTED'"),
    ("assessment", "min_score = NULL, max_score = 5"),
    ("course", "meeting_days = NULL"),
    ("course", "meeting_days = '{7}'"),
    ("guardian", "first_name = NULL, last_name = NULL, single_name = 'Ravi'"),
    ("app_user", "username = NULL"),
    ("report_card", "state = 'PUBLISHED', content = '{}', checksum = '\\x00', published_at = now()"),
]
# Row 4 and every fifth after it: an enrolment there is not dropped.
WHOLE, BARE = 3, 4


def table_of(constraint: str) -> str:
    """The longest table name that the constraint's name begins with."""
    name = constraint.split("_", 1)[1]
    return max((table for table in Base.metadata.tables if name.startswith(f"{table}_")), key=len)


def key(worlds: Worlds, table: str, n: int) -> str:
    """The condition that finds row n."""
    ours = worlds.ours
    if table in ("institution", "school_profile"):
        return f"{'id' if table == 'institution' else 'institution_id'} = {ours.institution_id}"
    return f"institution_id = {ours.institution_id} AND id = {ours.ids[table][n]}"


async def change(owner: asyncpg.Connection, worlds: Worlds, table: str, n: int, setting: str) -> None:
    async with as_tenant(owner, worlds.ours.institution_id):
        assert await owner.execute(f"UPDATE {table} SET {setting} WHERE {key(worlds, table, n)}") == "UPDATE 1"


BREAKING = [(name, setting) for name, settings in CHECKS.items() for setting in settings]


@pytest.mark.parametrize(("name", "setting"), BREAKING)
async def test_a_change_that_breaks_a_rule_is_refused_by_its_name(
    owner: asyncpg.Connection, worlds: Worlds, name: str, setting: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await change(owner, worlds, table_of(name), WHOLE, setting)
    assert refused.value.constraint_name == name


@pytest.mark.parametrize(("table", "setting"), KEPT)
async def test_a_change_that_keeps_the_rules_is_taken(
    owner: asyncpg.Connection, worlds: Worlds, table: str, setting: str
) -> None:
    await change(owner, worlds, table, WHOLE, setting)


def choices() -> list[tuple[str, str, str]]:
    """Table, column and constraint of every closed set of values."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Enum):
                found.append((table.name, column.name, f"ck_{table.name}_{column.type.name}"))
    return found


@pytest.mark.parametrize(("table", "column", "name"), choices())
async def test_a_value_outside_its_set_is_refused(
    owner: asyncpg.Connection, worlds: Worlds, table: str, column: str, name: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await change(owner, worlds, table, BARE, f"{column} = 'OTHERWISE'")
    assert refused.value.constraint_name == name


async def test_every_check_has_its_case(catalogue: Catalogue) -> None:
    names = {row["name"] for row in await catalogue.constraints("c")}
    assert names == CHECKS.keys() | {name for _, _, name in choices()}
