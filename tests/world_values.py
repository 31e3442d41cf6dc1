"""What row n of each table says. Keys of parents are filled in by `tests.world`."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any

import models

BASE = datetime.datetime(2025, 9, 1, 4, 30, tzinfo=datetime.UTC)
Values = dict[str, Any]
FROZEN, TAKEN_BACK = ("content", "checksum", "published_at"), ("reopened_at", "reopen_reason")


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def day(n: int, offset: int = 0) -> datetime.date:
    """A day in the school year of row n."""
    return datetime.date(2000 + n, 9, 1) + datetime.timedelta(days=offset)


def bare(n: int) -> bool:
    return n % 5 == 4


def rare(n: int, value: Any) -> Any:
    """A value that bare rows do not have."""
    return None if bare(n) else value


def _student(n: int, mark: str) -> Values:
    return {
        "student_number": f"{mark}STU-2025-{n:05}",
        "first_name": f"{mark}Asha{n}",
        "last_name": f"{mark}Rao{n % 3}",
        "preferred_name": rare(n, f"{mark}Ash{n}"),
        "gender": list(models.Gender)[n % 4],
        "date_of_birth": datetime.date(2010 + n % 4, 5, 17),
        "status": list(models.StudentStatus)[n % 2],
        "registration_date": datetime.date(2025, 6, 1 + n % 9),
        "mobile": rare(n, f"98765{n:05}"),
        "email": rare(n, f"{mark}asha{n}@example.org"),
        "street": f"{mark}Park Street",
        "city": f"{mark}Pune",
        "postal_code": "411001",
        "country": "IN",
        "caste": rare(n, f"{mark}Caste{n % 2}"),
    }


def _guardian(n: int, mark: str) -> Values:
    return {
        "first_name": rare(n, f"{mark}Ravi{n % 4}"),
        "last_name": rare(n, f"{mark}Rao{n % 3}"),
        "single_name": f"{mark}Ravi of Pune {n}" if bare(n) else None,
        "mobile": "9876500000",
        "income": Decimal("120000.50"),
        "occupation": f"{mark}Farmer",
    }


def _user(n: int, mark: str) -> Values:
    return {
        "username": rare(n, f"{mark}user{n}"),
        "email": f"{mark}user{n}@example.org",
        "first_name": rare(n, f"{mark}Meera{n % 4}"),
        "last_name": rare(n, f"{mark}Nair{n % 3}"),
        "password_hash": f"{mark}no hash",
        "status": list(models.UserStatus)[n % 2],
        "preferences": {"theme": f"{mark}dark"},
    }


def _enrollment(n: int, mark: str) -> Values:
    values = {
        "begin_date": day(n),
        "end_date": rare(n, day(n, 30)),
        "status": models.EnrollmentStatus.ACTIVE if bare(n) else models.EnrollmentStatus.DROPPED,
        "drop_date": rare(n, day(n, 30)),
        "drop_reason": rare(n, f"{mark}Moved"),
    }
    return values | ({"drop_semester_id": None} if bare(n) else {})


def _school_year(n: int, mark: str) -> Values:
    start, end = datetime.date(2000 + n, 6, 1), datetime.date(2001 + n, 4, 30)
    return {"code": f"{mark}{start.year}-{end.year}", "start_date": start, "end_date": end, "current": n == 0}


def _semester(n: int, mark: str) -> Values:
    return {
        "name": f"{mark}First semester",
        "code": f"{mark}S1-{2000 + n}",
        "sequence": 1,
        "start_date": datetime.date(2000 + n, 6, 1),
        "end_date": datetime.date(2000 + n, 10, 31),
    }


def _course(n: int, mark: str) -> Values:
    values: Values = {"section": "AB"[n % 2], "name": f"{mark}Course {n}", "meeting_days": [1, 3, 5]}
    return values | ({"grade_level_id": None} if bare(n) else {})


def _attendance(n: int, mark: str) -> Values:
    return {
        "date": day(n, n % 4),
        "session": list(models.AttendanceSession)[n % 3],
        "status": models.AttendanceStatus.PRESENT,
        "code": f"C{n}",
        "reason": f"{mark}Rain",
    }


def _grading_scale(n: int, mark: str) -> Values:
    bounds = {"min_score": Decimal(0), "max_score": Decimal(20), "pass_mark": Decimal("9.5")}
    return {"name": f"{mark}Scale {n}", "school_default": n == 0} | bounds


def _grade(n: int, mark: str) -> Values:
    return {"date": day(n, n % 4), "score": Decimal("7.5"), "comment": f"{mark}Good"}


def _scholarship(n: int, mark: str) -> Values:
    status = list(models.ScholarshipStatus)[n % 4]
    values = {"name": f"{mark}Merit {n}", "start_date": day(n % 6), "status": status}
    return {**values, "amount": Decimal(5000), "currency": "INR"}


def _trail(n: int, mark: str) -> Values:
    at = BASE + datetime.timedelta(minutes=n // 2)
    return {"actor_kind": models.ActorKind.USER, "at": at, "request_id": f"{mark}request-{n}"}


def _report_card(n: int, mark: str) -> Values:
    """Drafts, cards that were taken back, and published ones."""
    state = models.ReportCardState
    if n % 4 == 3:
        return {"state": state.DRAFT, **dict.fromkeys((*FROZEN, *TAKEN_BACK))}
    frozen = dict(zip(FROZEN, ({"note": f"{mark}card"}, bytes([n]) * 32, BASE), strict=True))
    if n in (5, 8):
        return {"state": state.REOPENED, **frozen, "reopened_at": BASE, "reopen_reason": f"{mark}Wrong"}
    return {"state": state.PUBLISHED, **frozen, **dict.fromkeys(TAKEN_BACK)}


VALUES: dict[str, Callable[[int, str], Values]] = {
    "student": _student,
    "guardian": _guardian,
    "app_user": _user,
    "enrollment": _enrollment,
    "school_year": _school_year,
    "semester": _semester,
    "course": _course,
    "attendance": _attendance,
    "grading_scale": _grading_scale,
    "grade": _grade,
    "scholarship": _scholarship,
    "stored_file": lambda n, mark: {
        "name": f"{mark}photo{n}.png",
        "content_type": "image/png",
        "size": 10,
        "sha256": digest(f"{mark}{n}"),
        "location": f"{mark}7/{digest(f'{mark}{n}').hex()}",
    },
    "number_counter": lambda n, mark: {"kind": f"{mark}student", "year": 2000 + n},
    "configuration_setting": lambda n, mark: {
        "category": list(models.SettingCategory)[n % 3],
        "key": f"KEY_{n}",
        "value": f"{mark}value {n}",
        "value_type": models.SettingType.STRING,
    },
    "user_role": lambda n, mark: {"role": list(models.Role)[n % 7]},
    "session": lambda n, mark: {
        "token_hash": digest(f"session {mark}{n}"),
        # Those that have ended by themselves are seen by nobody.
        "expires_at": BASE.replace(year=2099),
        "user_agent": f"{mark}curl",
    },
    "api_key": lambda n, mark: {
        "name": f"{mark}key {n}",
        "prefix": "sgk",
        "key_hash": digest(f"key {mark}{n}"),
        "role": models.Role.REPORTER,
        "expires_at": BASE + datetime.timedelta(hours=n) if n % 5 else None,
    },
    "reset_token": lambda n, mark: {"token_hash": digest(f"reset {mark}{n}"), "expires_at": BASE},
    "family_info": lambda n, mark: {"living_with": f"{mark}Grandparents", "help_amount": Decimal("12.50")},
    "student_guardian": lambda n, mark: {
        "relation": list(models.GuardianRelation)[n % 3],
        "contact_restriction": f"{mark}None",
    },
    "school_enrollment": lambda n, mark: {"entry_date": day(n % 7)},
    "calendar_day": lambda n, mark: {
        "date": day(n),
        "kind": models.CalendarDayKind.HOLIDAY,
        "note": f"{mark}Holiday",
    },
    "grade_level": lambda n, mark: {"code": f"L{n}", "name": f"{mark}Level {n}", "sequence": 100 + n},
    "subject": lambda n, mark: {"name": f"{mark}Subject {n}", "code": rare(n, f"{mark}S{n % 4}")},
    "course_subject": lambda n, mark: {"coefficient": Decimal("1.5"), "credits": Decimal(3)},
    "course_teacher": lambda n, mark: {"position": 1 + n % 3},
    "attendance_code": lambda n, mark: {
        "code": f"C{n}",
        "label": f"{mark}Code {n}",
        "status": models.AttendanceStatus.PRESENT,
        "present_value": Decimal(1),
    },
    "attendance_taken": lambda n, mark: {"date": day(n, n % 4), "taken_at": BASE},
    "grading_scale_band": lambda n, mark: {"letter": f"{mark}A", "lower_bound": Decimal(16)},
    "assessment_category": lambda n, mark: {"name": f"{mark}Exam {n}", "weight": Decimal("0.5")},
    "assessment": lambda n, mark: {"title": f"{mark}Test {n}", "date": rare(n, day(n, n % 4))},
    "grade_entry_reopening": lambda n, mark: {"reason": f"{mark}Late", "closes_at": BASE},
    "report_card": _report_card,
    "report_card_comment": lambda n, mark: {"kind": models.ReportCardCommentKind.TEACHER, "text": f"{mark}Good"},
    "rollover_line": lambda n, mark: {
        "decision": models.RolloverDecision.PROMOTE if n % 5 else models.RolloverDecision.LEAVE,
        "reason": list(models.RolloverReason)[n % 9],
        "note": rare(n, f"{mark}Well done"),
        "average": rare(n, Decimal("7.25")),
        "exit_reason": None if n % 5 else models.ExitReason.MOVED,
        **({} if n % 5 else {"to_grade_level_id": None, "to_course_id": None}),
    },
    "audit_log": lambda n, mark: {
        **_trail(n, mark),
        "operation": list(models.AuditOperation)[n % 3],
        "before": {"first_name": f"{mark}Was"} if n % 3 else None,
        "after": None if n % 3 == 2 else {"first_name": f"{mark}Is"},
    },
    "activity_log": lambda n, mark: {
        **_trail(n, mark),
        "action": ["login", "student.create", "grade.update"][n % 3],
        "details": {"note": f"{mark}done"},
    },
    "access_log": lambda n, mark: {**_trail(n, mark), "purpose": rare(n, f"{mark}Read")},
    "operation": lambda n, mark: {**_trail(n, mark), "action": f"{mark}import", "summary": {}},
    "outbox": lambda n, mark: {"topic": f"{mark}student", "key": f"{mark}{n}", "payload": {}},
    "idempotency_key": lambda n, mark: {
        "key": f"{mark}key-{n}",
        "actor_kind": models.ActorKind.USER,
        "actor_id": n,
        "request_hash": digest(f"request {mark}{n}"),
        "answer": {},
    },
}
