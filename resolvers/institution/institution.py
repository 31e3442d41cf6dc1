"""Setting up a school: the tenant with what every school starts with."""

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import (
    AttendanceCode,
    AttendanceStatus,
    ConfigurationSetting,
    GradeLevel,
    Institution,
    SchoolProfile,
    SettingCategory,
    SettingType,
)
from resolvers.errors import Conflict, Invalid

GENERAL, ACADEMIC, FINANCIAL = SettingCategory.GENERAL, SettingCategory.ACADEMIC, SettingCategory.FINANCIAL

DEFAULT_SETTINGS: tuple[tuple[SettingCategory, str, SettingType, str, str], ...] = (
    (GENERAL, "SCHOOL_TIMEZONE", SettingType.TIMEZONE, "Asia/Kolkata", "Time zone that days are counted in"),
    (GENERAL, "DATE_FORMAT", SettingType.STRING, "dd-MM-yyyy", "How reports and exports write days"),
    (GENERAL, "LANGUAGE", SettingType.STRING, "en", "Language of reports and exports"),
    (GENERAL, "SESSION_TIMEOUT_MINUTES", SettingType.INTEGER, "30", "Minutes without use after which a session ends"),
    (GENERAL, "MAX_FILE_UPLOAD_MB", SettingType.INTEGER, "10", "Largest import, in megabytes; a photo has at most 2"),
    (GENERAL, "REQUIRED_STUDENT_FIELDS", SettingType.STRING, "address,mobile,guardian", "What a new student must have"),
    (GENERAL, "MIN_PASSWORD_LENGTH", SettingType.INTEGER, "8", "Shortest password, at least 8"),
    (GENERAL, "RETENTION_DAYS_ACCESS_LOG", SettingType.INTEGER, "730", "Days that the access log is kept; 0: for ever"),
    (GENERAL, "RETENTION_DAYS_ACTIVITY_LOG", SettingType.INTEGER, "1095", "Days that activities are kept; 0: for ever"),
    (GENERAL, "RETENTION_DAYS_SESSION", SettingType.INTEGER, "30", "Days that ended sessions are kept; 0: for ever"),
    (GENERAL, "RETENTION_DAYS_IDEMPOTENCY_KEY", SettingType.INTEGER, "30", "Days that answers to keys are kept"),
    (ACADEMIC, "CURRENT_ACADEMIC_YEAR", SettingType.STRING, "2025-2026", "Code of the current school year"),
    (ACADEMIC, "ACADEMIC_YEAR_START_MONTH", SettingType.MONTH, "6", "Month in which a school year begins"),
    (ACADEMIC, "MIN_STUDENT_AGE", SettingType.INTEGER, "3", "Youngest age at admission, in years"),
    (ACADEMIC, "MAX_STUDENT_AGE", SettingType.INTEGER, "18", "Oldest age at admission, in years"),
    (ACADEMIC, "MIN_NAME_LENGTH", SettingType.INTEGER, "2", "Shortest first or last name"),
    (ACADEMIC, "WORKING_DAYS_PER_WEEK", SettingType.INTEGER, "6", "Lesson days a week in a new calendar"),
    (ACADEMIC, "GRADE_SCALE_MIN", SettingType.DECIMAL, "0", "Lowest mark where no grading scale is given"),
    (ACADEMIC, "GRADE_SCALE_MAX", SettingType.DECIMAL, "10", "Highest mark where no grading scale is given"),
    (ACADEMIC, "PASS_MARK", SettingType.DECIMAL, "5", "Lowest passing mark where no grading scale is given"),
    (ACADEMIC, "REPORT_CARD_RANKS", SettingType.STRING, "COMPETITION", "Ranks on report cards, or NONE"),
    (FINANCIAL, "CURRENCY_CODE", SettingType.CURRENCY, "INR", "Currency of amounts"),
    (FINANCIAL, "CURRENCY_SYMBOL", SettingType.STRING, "₹", "Symbol of the currency"),
    (FINANCIAL, "TAX_RATE_PERCENT", SettingType.DECIMAL, "0", "Tax rate, kept for billing systems"),
    (FINANCIAL, "LATE_FEE_GRACE_DAYS", SettingType.INTEGER, "7", "Days before a late fee, kept for billing systems"),
)

PRESENT_VALUES = {
    AttendanceStatus.PRESENT: Decimal(1),
    AttendanceStatus.LATE: Decimal(1),
    AttendanceStatus.EXCUSED: Decimal(0),
    AttendanceStatus.ABSENT: Decimal(0),
}
LEVELS = 12
MAX_NAME = 200


def _settings(institution_id: int) -> list[ConfigurationSetting]:
    return [
        ConfigurationSetting(
            institution_id=institution_id, category=category, key=key, value_type=kind, value=value, description=about
        )
        for category, key, kind, value, about in DEFAULT_SETTINGS
    ]


def _codes(institution_id: int) -> list[AttendanceCode]:
    return [
        AttendanceCode(
            institution_id=institution_id,
            code=status.value,
            label=status.value.capitalize(),
            status=status,
            present_value=value,
        )
        for status, value in PRESENT_VALUES.items()
    ]


async def add_levels(session: AsyncSession, institution_id: int) -> None:
    """Grade levels 1 to 12, each leading to the next, the last one out of the school."""
    following: GradeLevel | None = None
    for number in range(LEVELS, 0, -1):
        level = GradeLevel(
            institution_id=institution_id,
            code=str(number),
            name=f"Class {number}",
            sequence=number,
            next_level_id=following.id if following else None,
            leaves_after=following is None,
        )
        session.add(level)
        await session.flush()
        following = level


def check_institution(code: str, name: str) -> None:
    """Raises Invalid on a code that is not 2 to 20 capital letters and digits or a name that is empty or too long."""
    if not (2 <= len(code) <= 20 and code.isascii() and code.isalnum() and code == code.upper()):
        raise Invalid(f"code: {code!r} is not 2 to 20 capital letters and digits", field="code")
    if not (name.strip() and len(name) <= MAX_NAME):
        raise Invalid(f"name: {name!r} is not 1 to {MAX_NAME} characters", field="name")


async def furnish(session: AsyncSession, institution_id: int, name: str, *, country: str = "IN") -> None:
    """What every school starts with, grade levels aside: its profile, settings and attendance codes."""
    session.add(SchoolProfile(institution_id=institution_id, school_name=name, country=country))
    session.add_all([*_settings(institution_id), *_codes(institution_id)])


async def create_institution(
    session: AsyncSession, code: str, name: str, *, country: str = "IN", levels: bool = True
) -> Institution:
    """A new school with its profile, settings, attendance codes and grade levels; as the owner role.

    Raises Invalid as `check_institution` does, Conflict on a code that is taken.
    """
    check_institution(code, name)
    if await session.scalar(select(Institution.id).where(Institution.code == code)):
        raise Conflict(f"code: an institution {code!r} exists already", field="code")
    institution = Institution(code=code, name=name)
    session.add(institution)
    await session.flush()
    await furnish(session, institution.id, name, country=country)
    if levels:
        await add_levels(session, institution.id)
    await session.flush()
    return institution
