"""Relations of a student."""

from models import (
    AccessEntry,
    Attendance,
    Enrollment,
    FamilyInfo,
    Grade,
    GradeLevel,
    ReportCard,
    Scholarship,
    SchoolEnrollment,
    SchoolYear,
    StoredFile,
    Student,
    StudentGuardian,
    User,
)
from resolvers.batches import external_ids, many, one
from resolvers.trail.audit_log import history_of

guardians = many(StudentGuardian, key="student_id", order=("contact_priority",))
family_info = one(FamilyInfo, parent="id", key="student_id")
scholarships = many(Scholarship, key="student_id", order=("-start_date",))
school_enrollments = many(SchoolEnrollment, key="student_id", order=("entry_date",))
enrollments = many(Enrollment, key="student_id", order=("begin_date",))
grades = many(Grade, key="student_id", order=("date",))
attendance = many(Attendance, key="student_id", order=("date",))
report_cards = many(ReportCard, key="student_id", order=("-published_at", "-id"))
grade_level = one(GradeLevel, parent="grade_level_id")
school_year = one(SchoolYear, parent="school_year_id")
photo = one(StoredFile, parent="photo_id")
user = one(User, parent="user_id")
student_external_ids = external_ids(Student)
history = history_of(Student)
access_log = many(AccessEntry, key="student_ids", order=("-at",))
