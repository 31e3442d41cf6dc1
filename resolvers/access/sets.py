"""Keys that follow from who is asking: what a teacher teaches, whom a guardian answers for, who a student is.

Each is a select of keys that depends on the parameters `tenant` and `viewer` alone. A rule compares with all of them
at once, `key = ANY (ARRAY (SELECT …))`: PostgreSQL runs the select once a statement and looks the keys up by index,
also where several rules stand side by side.
"""

from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from models import Course, CourseTeacher, Enrollment, Guardian, Student, StudentGuardian
from models.computed import tenant

Keys = Select[Any]


def viewer() -> BindParameter[Any]:
    """The user who is asking, which every operation binds."""
    return bindparam("viewer", type_=BigInteger())


def among(column: Any, keys: Keys) -> ColumnElement[bool]:
    """Whether a column is one of the keys."""
    found: ColumnElement[bool] = column == func.any(func.array(keys.correlate(None).scalar_subquery()))
    return found


def _joined(row: Any, other: Any, key: Any) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (other.institution_id == row.institution_id) & (other.id == key)
    return joined


def taught_courses() -> Keys:
    """Courses in use that the viewer teaches, in whichever role."""
    link, course = aliased(CourseTeacher), aliased(Course)
    mine = select(link.course_id).join(course, _joined(link, course, link.course_id))
    return mine.where(link.institution_id == tenant(), link.user_id == viewer(), course.deleted_at.is_(None))


def taught_students() -> Keys:
    """Students with an enrolment in a course that the viewer teaches, past and coming ones included."""
    return _students_in(taught_courses())


def taught_guardians() -> Keys:
    """Guardians of the students whom the viewer teaches."""
    return _guardians_of(taught_students())


def fellow_teachers() -> Keys:
    """Everybody who teaches a course that the viewer teaches."""
    return _teachers_of(taught_courses())


def _opening_links() -> tuple[Any, Select[Any]]:
    """Links that let the viewer see a child's records: the flag is set and nothing restricts contact.

    A restriction is a text, often a court's, which nobody here can weigh: it closes the records until it is lifted.
    """
    link, guardian, child = aliased(StudentGuardian), aliased(Guardian), aliased(Student)
    links = select(link.id).join(guardian, _joined(link, guardian, link.guardian_id))
    return link, links.join(child, _joined(link, child, link.student_id)).where(
        link.institution_id == tenant(),
        guardian.user_id == viewer(),
        guardian.deleted_at.is_(None),
        child.deleted_at.is_(None),
        link.may_access_records,
        link.contact_restriction.is_(None),
    )


def links_to_children() -> Keys:
    return _opening_links()[1]


def children() -> Keys:
    """Students in use whose records the viewer may see as their guardian."""
    link, links = _opening_links()
    return links.with_only_columns(link.student_id)


def courses_of_children() -> Keys:
    return _courses_of(children())


def teachers_of_children() -> Keys:
    return _teachers_of(courses_of_children())


def oneself() -> Keys:
    """The viewer's own record as a student."""
    student = aliased(Student)
    return select(student.id).where(
        student.institution_id == tenant(), student.user_id == viewer(), student.deleted_at.is_(None)
    )


def own_guardians() -> Keys:
    return _guardians_of(oneself())


def attended_courses() -> Keys:
    """Courses that the viewer attends as a student, past and coming ones included."""
    return _courses_of(oneself())


def own_teachers() -> Keys:
    return _teachers_of(attended_courses())


def _students_in(courses: Keys) -> Keys:
    enrollment = aliased(Enrollment)
    found = select(enrollment.student_id).where(enrollment.institution_id == tenant())
    return found.where(among(enrollment.course_id, courses))


def _courses_of(students: Keys) -> Keys:
    enrollment = aliased(Enrollment)
    found = select(enrollment.course_id).where(enrollment.institution_id == tenant())
    return found.where(among(enrollment.student_id, students))


def _guardians_of(students: Keys) -> Keys:
    link = aliased(StudentGuardian)
    found = select(link.guardian_id).where(link.institution_id == tenant())
    return found.where(among(link.student_id, students))


def _teachers_of(courses: Keys) -> Keys:
    link = aliased(CourseTeacher)
    return select(link.user_id).where(link.institution_id == tenant(), among(link.course_id, courses))
