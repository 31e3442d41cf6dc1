"""Relations of RolloverLine."""

from models import Course, GradeLevel, RolloverLine, RolloverPlan, Student
from resolvers.batches import external_ids, one

rollover_plan = one(RolloverPlan, parent="rollover_plan_id")
student = one(Student, parent="student_id")
from_grade_level = one(GradeLevel, parent="from_grade_level_id")
from_course = one(Course, parent="from_course_id")
to_grade_level = one(GradeLevel, parent="to_grade_level_id")
to_course = one(Course, parent="to_course_id")
rollover_line_external_ids = external_ids(RolloverLine)
