"""Relations of SchoolYear."""

from models import Attendance, CalendarDay, Course, SchoolEnrollment, SchoolYear, Semester
from resolvers.batches import external_ids, many, one

semesters = many(Semester, key="school_year_id", order=("sequence",))
calendar_days = many(CalendarDay, key="school_year_id", order=("date",))
courses = many(Course, key="school_year_id", order=("grade_level_id", "section", "name"))
school_enrollments = many(SchoolEnrollment, key="school_year_id", order=("entry_date",))
attendance = many(Attendance, key="school_year_id", order=("-date",))
school_year_external_ids = external_ids(SchoolYear)
current = one(SchoolYear, parent="current", key="current")
