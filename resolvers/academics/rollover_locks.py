"""What applying a plan for the next school year reads and locks, each of it for all students at once."""

from resolvers.academics.rollover_sql import MEMBERS

# Whoever else moves students in or out of the school waits from here on, and so does whoever enrols or marks them.
LOCKED_SPANS = f"{MEMBERS} ORDER BY e.id FOR NO KEY UPDATE OF e"
LOCKED_STUDENTS = """
SELECT id FROM student WHERE institution_id = :tenant AND id = ANY(:students) ORDER BY id FOR NO KEY UPDATE"""
LOCKED_COURSES = """
SELECT id FROM course WHERE institution_id = :tenant AND school_year_id IN (:from, :to) ORDER BY id FOR SHARE"""
# Enrolments that end with the year: those that are PENDING only where that gives them the end that they lack.
RUNNING = """
SELECT n.id, n.version, n.status, n.end_date
FROM enrollment n
JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id AND c.school_year_id = :from
JOIN school_year y ON y.institution_id = :tenant AND y.id = c.school_year_id
WHERE n.institution_id = :tenant AND n.student_id = ANY(:students)
    AND (n.status = 'ACTIVE' OR n.status = 'PENDING' AND n.end_date IS NULL AND n.begin_date <= y.end_date)
ORDER BY n.id FOR NO KEY UPDATE OF n"""
# Whom to enrol in which courses: those who have been enrolled already are left out.
JOINED = """
SELECT l.student_id, c.id AS course_id
FROM rollover_line l
JOIN course k ON k.institution_id = :tenant AND k.id = l.to_course_id
JOIN course c ON c.institution_id = :tenant AND c.school_year_id = :to AND c.grade_level_id = k.grade_level_id
    AND c.section = k.section AND c.deleted_at IS NULL
JOIN school_year y ON y.institution_id = :tenant AND y.id = :to
WHERE l.institution_id = :tenant AND l.id = ANY(:lines)
    AND (
        c.id = k.id OR c.subject_id IS NULL
        OR EXISTS (
            SELECT FROM enrollment n
            JOIN course o ON o.institution_id = :tenant AND o.id = n.course_id AND o.school_year_id = :from
            WHERE n.institution_id = :tenant AND n.student_id = l.student_id AND o.subject_id = c.subject_id
                AND n.status = 'COMPLETED'
        )
    )
    AND NOT EXISTS (
        SELECT FROM enrollment n
        WHERE n.institution_id = :tenant AND n.student_id = l.student_id AND n.course_id = c.id
            AND (n.end_date IS NULL OR n.end_date >= y.start_date)
    )
ORDER BY l.student_id, c.id"""
LAST_ENROLLMENT = "SELECT coalesce(max(id), 0) AS id FROM enrollment WHERE institution_id = :tenant"
# Of lines that were decided by hand: their class may have been retired or changed since.
STALE_CLASSES = """
SELECT l.student_id FROM rollover_line l
JOIN course c ON c.institution_id = :tenant AND c.id = l.to_course_id
WHERE l.institution_id = :tenant AND l.id = ANY(:lines)
    AND (c.deleted_at IS NOT NULL OR c.school_year_id <> :to OR c.grade_level_id IS DISTINCT FROM l.to_grade_level_id)
ORDER BY l.student_id"""
ENROLLED_LEAVERS = """
SELECT DISTINCT n.student_id FROM enrollment n
JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id AND c.school_year_id = :to
WHERE n.institution_id = :tenant AND n.student_id = ANY(:students) AND n.status IN ('ACTIVE', 'PENDING')
ORDER BY n.student_id"""
# The year was shortened after they had been enrolled: what begins after it cannot end with it.
BEGIN_LATE = """
SELECT n.student_id, c.name, y.code FROM enrollment n
JOIN course c ON c.institution_id = :tenant AND c.id = n.course_id AND c.school_year_id = :from
JOIN school_year y ON y.institution_id = :tenant AND y.id = c.school_year_id
WHERE n.institution_id = :tenant AND n.student_id = ANY(:students) AND n.status = 'ACTIVE' AND n.end_date IS NULL
    AND n.begin_date > y.end_date
ORDER BY n.student_id, c.id"""
NUMBERS = """
SELECT id, student_number FROM student WHERE institution_id = :tenant AND id = ANY(:students)"""
