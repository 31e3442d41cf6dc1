"""Relations of Course."""

from models import (
    Assessment,
    Attendance,
    AttendanceTaken,
    Course,
    CourseSubject,
    CourseTeacher,
    Enrollment,
    Grade,
    GradeLevel,
    GradingScale,
    SchoolYear,
    Subject,
    User,
)
from resolvers.batches import external_ids, many, one

school_year = one(SchoolYear, parent="school_year_id")
grade_level = one(GradeLevel, parent="grade_level_id")
subject = one(Subject, parent="subject_id")
grading_scale = one(GradingScale, parent="grading_scale_id")
lead_teacher = one(User, parent="lead_teacher_id")
subjects = many(CourseSubject, key="course_id", order=("id",))
teachers = many(CourseTeacher, key="course_id", order=("position",))
enrollments = many(Enrollment, key="course_id", order=("begin_date",))
assessments = many(Assessment, key="course_id", order=("date",))
grades = many(Grade, key="course_id", order=("date",))
attendance = many(Attendance, key="course_id", order=("date",))
attendance_taken = many(AttendanceTaken, key="course_id", order=("date",))
course_external_ids = external_ids(Course)
