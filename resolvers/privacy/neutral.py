"""What stands where a person was: values that say nothing, and are as the table wants them."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from models import UserStatus

ERASED = "Erased"
# What an import says of a drop for which it has no reason.
UNKNOWN = "UNKNOWN"
Neutral = Callable[[Mapping[str, Any], datetime.datetime], Any]


def _year(row: Mapping[str, Any], _: datetime.datetime) -> datetime.date:
    """Ages are counted by year; the day would tell the person."""
    born: datetime.date = row["date_of_birth"]
    return born.replace(month=1, day=1)


NEUTRAL: Mapping[tuple[str, str], Neutral] = {
    # Unique in the school, and of no form that registering gives out.
    ("student", "student_number"): lambda row, now: f"ERASED-{row['id']}",
    ("student", "first_name"): lambda row, now: ERASED,
    ("student", "last_name"): lambda row, now: "Student",
    ("student", "date_of_birth"): _year,
    ("student", "needs_clothes"): lambda row, now: False,
    ("student", "needs_materials"): lambda row, now: False,
    ("student", "needs_transport"): lambda row, now: False,
    ("scholarship", "name"): lambda row, now: ERASED,
    ("enrollment", "drop_reason"): lambda row, now: None if row["drop_reason"] is None else UNKNOWN,
    ("app_user", "username"): lambda row, now: f"erased-{row['id']}",
    ("app_user", "status"): lambda row, now: UserStatus.INACTIVE.value,
    ("app_user", "must_change_password"): lambda row, now: False,
    ("app_user", "failed_logins"): lambda row, now: 0,
    ("app_user", "preferences"): lambda row, now: {},
    ("app_user", "deleted_at"): lambda row, now: row["deleted_at"] or now,
}
