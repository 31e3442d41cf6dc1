"""Values of columns that the rows of `tests.world` leave empty."""

import datetime
from decimal import Decimal
from typing import Any

import models
from models import Base

COUNT = 12
# Every fifth row is bare: what may be missing is missing.
FULL = [n for n in range(COUNT) if n % 5 != 4]
LATER = datetime.datetime(2025, 10, 1, 4, 30, tzinfo=datetime.UTC)
LAST = datetime.date(2030, 1, 1)
HOME = {
    "house_number": "7",
    "village": "Hilltop",
    "commune": "North",
    "district": "Pune District",
    "province": "Maharashtra",
    "birth_district": "Satara",
}
MORE: dict[type[Base], dict[str, Any]] = {
    models.Student: {
        **HOME,
        "phone": "0801112222",
        "emergency_contact": "Grandmother 0803334444",
        "religion": "Hinduism",
        "vaccinated": True,
        "previous_school": "Valley School",
        "transfer_reason": "Moved house",
        "register_to_study": "Science",
        "needs_clothes": True,
        "needs_materials": True,
        "needs_transport": True,
    },
    models.Guardian: {
        **HOME,
        "street": "River Road",
        "city": "Pune",
        "postal_code": "411002",
        "country": "IN",
        "phone": "0805556666",
        "email": "parent@example.org",
        "church": "Saint Mary",
        "believer": True,
        "number_of_children": 3,
    },
    models.Session: {"address": "192.0.2.7"},
    models.ApiKey: {"last_used_at": LATER, "revoked_at": LATER},
    models.StudentGuardian: {"consents_to_messages": True, "consents_to_photos": False},
    models.FamilyInfo: {
        "living_condition": "Two rooms",
        "own_house": False,
        "religion": "Hinduism",
        "church": "Saint Mary",
        "duration_in_district": "Five years",
        "can_help_school": True,
        "help_frequency": "Yearly",
        "know_school_from": "Neighbours",
        "organisation_help": "Food bank",
        "poverty_card": "BPL 17",
    },
    models.Scholarship: {"provider": "The state", "basis": "Need", "end_date": LAST},
    models.SchoolEnrollment: {"exit_date": LAST, "exit_reason": models.ExitReason.MOVED},
    models.User: {
        "mobile": "9990001111",
        "phone": "0807778888",
        "position": "Senior teacher",
        "avatar": "owl",
        "last_login_at": LATER,
        "last_failed_login_at": LATER,
        "locked_until": LATER,
    },
    models.StoredFile: {"width": 300, "height": 400},
    models.RolloverPlan: {"status": models.RolloverStatus.APPLIED, "applied_at": LATER},
    models.UserRole: {"begin_date": datetime.date(2020, 1, 1), "end_date": LAST},
    models.Assessment: {"description": "Chapters 1 to 3", "min_score": Decimal(0), "max_score": Decimal(20)},
    models.Attendance: {"minutes_late": 5},
    models.Grade: {"last_edited_at": LATER},
    models.GradingScaleBand: {"points": Decimal(4)},
    models.Semester: {"grade_entry_opens_at": LATER, "grade_entry_closes_at": LATER + datetime.timedelta(days=9)},
    models.ConfigurationSetting: {"description": "What it does"},
    models.ActivityEntry: {"address": "192.0.2.7"},
    models.AuditEntry: {"before": {"status": "ACTIVE"}, "after": {"status": "INACTIVE"}},
}
