"""How OneRoster writes its tables: the columns that are read of each file, 1.1 and 1.2 alike.

Columns that are not named here are passed over, and so are files.
"""

from decimal import Decimal

from app.importing import values
from app.importing.tables import Column, Table, may, must
from app.importing.values import BOOLEAN, DATE, SOURCED_ID, SOURCED_IDS, choice, items, number, text, text_of
from models import (
    Assessment,
    AssessmentCategory,
    Course,
    Grade,
    GradingScale,
    Institution,
    Semester,
    Student,
    Subject,
    User,
)

ORG_TYPES = {
    name: name for name in ("department", "school", "district", "local", "state", "national", "college", "university")
}
SESSION_TYPES = {"schoolYear": "SCHOOL_YEAR", "semester": "SEMESTER", "term": "TERM", "gradingPeriod": "GRADING_PERIOD"}
CLASS_TYPES = {"scheduled": "SCHEDULED", "homeroom": "HOMEROOM"}
STAFF_ROLES = (
    *("teacher", "aide", "proctor", "counselor", "principal"),
    *("administrator", "siteAdministrator", "districtAdministrator", "systemAdministrator"),
)
GUARDIAN_ROLES = ("parent", "guardian", "relative")
ROLES = {name: name for name in ("student", *STAFF_ROLES, *GUARDIAN_ROLES)}
SEXES = {"female": "FEMALE", "male": "MALE", "other": "OTHER", "unspecified": "UNSPECIFIED"}
SCORE_STATUSES = {
    "exempt": "EXEMPT",
    "fully graded": "FULLY_GRADED",
    "not submitted": "NOT_SUBMITTED",
    "partially graded": "PARTIALLY_GRADED",
    "submitted": "SUBMITTED",
}
LEVELS = items(values.GRADE)
SUBJECTS = items(text_of(Subject.name))
SUBJECT_CODES = items(text_of(Subject.code))
ROLE = choice(ROLES, extension="other")
SCORE = number()

ORGS = Table(
    "orgs",
    (
        must("name", text_of(Institution.name)),
        must("type", choice(ORG_TYPES, extension="other")),
        may("identifier", text(255)),
        may("parentSourcedId", SOURCED_ID),
    ),
)
SESSIONS = Table(
    "academicSessions",
    (
        must("title", text_of(Semester.name)),
        must("type", choice(SESSION_TYPES, extension="TERM")),
        must("startDate", DATE),
        must("endDate", DATE),
        may("parentSourcedId", SOURCED_ID),
        may("schoolYear", values.INTEGER),
    ),
)
COURSES = Table(
    "courses",
    (
        may("schoolYearSourcedId", SOURCED_ID),
        must("title", text_of(Subject.name)),
        may("courseCode", text_of(Subject.code)),
        may("grades", LEVELS),
        may("orgSourcedId", SOURCED_ID),
        may("subjects", SUBJECTS),
        may("subjectCodes", SUBJECT_CODES),
    ),
)
CLASSES = Table(
    "classes",
    (
        must("title", text_of(Course.name)),
        may("grades", LEVELS),
        must("courseSourcedId", SOURCED_ID),
        may("classCode", text_of(Course.section)),
        may("classType", choice(CLASS_TYPES, extension="SCHEDULED")),
        must("schoolSourcedId", SOURCED_ID),
        may("termSourcedIds", SOURCED_IDS),
        may("subjects", SUBJECTS),
        may("subjectCodes", SUBJECT_CODES),
        may("periods", text(255)),
    ),
)
USERS = Table(
    "users",
    (
        may("enabledUser", BOOLEAN),
        may("username", text(255)),
        may("userIds", values.IDENTIFIERS),
        Column("givenName", text_of(Student.first_name), header=True),
        Column("familyName", text_of(Student.last_name), header=True),
        may("identifier", text(255)),
        may("email", values.email(values.maximum(User.email))),
        may("sms", values.PHONE_NUMBER),
        may("phone", values.PHONE_NUMBER),
        may("agentSourcedIds", SOURCED_IDS),
        may("grades", LEVELS),
        may("userMasterIdentifier", text(255)),
        may("preferredGivenName", text_of(Student.preferred_name)),
        may("primaryOrgSourcedId", SOURCED_ID),
        may("role", ROLE),
        may("orgSourcedIds", SOURCED_IDS),
    ),
)
USER_ROLES = Table(
    "roles",
    (
        must("userSourcedId", SOURCED_ID),
        must("role", ROLE),
        may("beginDate", DATE),
        may("endDate", DATE),
        must("orgSourcedId", SOURCED_ID),
    ),
)
ENROLLMENTS = Table(
    "enrollments",
    (
        may("dateLastModified", DATE),
        must("classSourcedId", SOURCED_ID),
        may("schoolSourcedId", SOURCED_ID),
        must("userSourcedId", SOURCED_ID),
        must("role", ROLE),
        may("primary", BOOLEAN),
        may("beginDate", DATE),
        may("endDate", DATE),
    ),
)
DEMOGRAPHICS = Table(
    "demographics",
    (
        may("birthDate", DATE),
        may("sex", choice(SEXES, extension="OTHER")),
        may("cityOfBirth", text_of(Student.birth_district)),
    ),
)
CATEGORIES = Table(
    "categories", (must("title", text_of(AssessmentCategory.name)), may("weight", number(lowest=Decimal(0))))
)
LINE_ITEMS = Table(
    "lineItems",
    (
        must("title", text_of(Assessment.title)),
        may("description", text_of(Assessment.description)),
        may("dueDate", DATE),
        must("classSourcedId", SOURCED_ID),
        may("categorySourcedId", SOURCED_ID),
        may("academicSessionSourcedId", SOURCED_ID, "gradingPeriodSourcedId"),
        may("resultValueMin", SCORE),
        may("resultValueMax", SCORE),
    ),
)
RESULTS = Table(
    "results",
    (
        must("lineItemSourcedId", SOURCED_ID),
        must("studentSourcedId", SOURCED_ID),
        may("scoreStatus", choice(SCORE_STATUSES, extension=None)),
        may("score", SCORE),
        must("scoreDate", DATE),
        may("comment", text_of(Grade.comment)),
        may("textScore", text(255)),
    ),
)
SCALES = Table(
    "scoreScales",
    (
        must("title", text_of(GradingScale.name)),
        may("orgSourcedId", SOURCED_ID),
        may("courseSourcedId", SOURCED_ID),
        may("classSourcedId", SOURCED_ID),
        must("scoreScaleValue", text(10_000)),
    ),
)

# Read into temporary tables, in this order; the first two are small and are looked at in Python.
SMALL = (ORGS, SESSIONS)
LARGE = (
    COURSES,
    CLASSES,
    USERS,
    USER_ROLES,
    ENROLLMENTS,
    DEMOGRAPHICS,
    CATEGORIES,
    LINE_ITEMS,
    RESULTS,
    SCALES,
)
