"""Relations of SchoolEnrollment."""

from models import GradeLevel, SchoolEnrollment, SchoolYear, Student
from resolvers.batches import external_ids, one

student = one(Student, parent="student_id")
school_year = one(SchoolYear, parent="school_year_id")
grade_level = one(GradeLevel, parent="grade_level_id")
school_enrollment_external_ids = external_ids(SchoolEnrollment)
