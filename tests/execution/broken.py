"""Rows and tables that break what the schema promises, and queries that meet them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """`{id}` in the statements is the key of row 1 of `table`, `{tenant}` its school's.

    `document` may name row 1 and others by type: `{Subject1}`. `paths` are those of the errors.
    """

    name: str
    table: str
    spoil: str
    mend: str
    document: str
    paths: list[list[str | int]]


NAMELESS = (
    "subject",
    "ALTER TABLE subject ALTER name DROP NOT NULL; UPDATE subject SET name = NULL WHERE id = {id}",
    "UPDATE subject SET name = 'mended' WHERE id = {id}; ALTER TABLE subject ALTER name SET NOT NULL",
)
UNBORN = (
    "student",
    "ALTER TABLE student ALTER date_of_birth DROP NOT NULL; UPDATE student SET date_of_birth = NULL WHERE id = {id}",
    "UPDATE student SET date_of_birth = '1990-01-01' WHERE id = {id};"
    " ALTER TABLE student ALTER date_of_birth SET NOT NULL",
)
RENAMED = (
    "subject",
    "ALTER TABLE subject RENAME code TO code_of_old",
    "ALTER TABLE subject RENAME code_of_old TO code",
)
# What is worked out from columns that nobody expects to be null.
COMPUTED = [
    Case(
        "of a record that may be missing",
        *UNBORN,
        '{{ student(id: "{Student1}") {{ id age }} other: student(id: "{Student2}") {{ age }} }}',
        [["student", "age"]],
    ),
    Case(
        "of one of several records",
        *UNBORN,
        '{{ nodes(ids: ["{Subject0}", "{Student1}", "{Student2}"]) {{ id ... on Student {{ called: age }} }} }}',
        [["nodes", 1, "called"]],
    ),
    Case(
        "of a row that must be there",
        *UNBORN,
        """{{ students(where: {{id: {{eq: "{Student1}"}}}}) {{ nodes {{ fullName age }} }}
        subject(id: "{Subject0}") {{ id }} }}""",
        [["students", "nodes", 0, "age"]],
    ),
    Case(
        "of an edge's node",
        *UNBORN,
        """{{ students(where: {{id: {{eq: "{Student1}"}}}}) {{ totalCount edges {{ cursor node {{ ...Aged }} }} }} }}
        fragment Aged on Student {{ id age }}""",
        [["students", "edges", 0, "node", "age"]],
    ),
    Case(
        "below relations",
        *UNBORN,
        '{{ course(id: "{Course1}") {{ name enrollments {{ status student {{ fullName age }} }} }} }}',
        [["course", "enrollments", 0, "student", "age"]],
    ),
]
COLUMNS = [
    Case(
        "of a column",
        *NAMELESS,
        '{{ subject(id: "{Subject1}") {{ id name }} other: subject(id: "{Subject2}") {{ name }} }}',
        [["subject", "name"]],
    ),
    Case(
        "of a column below a relation",
        *NAMELESS,
        '{{ student(id: "{Student1}") {{ fullName grades {{ score subject {{ code name }} }} }} }}',
        [["student", "grades", 0, "subject", "name"]],
    ),
    Case(
        "of a column in a list",
        "enrollment",
        "ALTER TABLE enrollment ALTER begin_date DROP NOT NULL;"
        " UPDATE enrollment SET begin_date = NULL WHERE id = {id}",
        "UPDATE enrollment SET begin_date = '2001-09-15' WHERE id = {id};"
        " ALTER TABLE enrollment ALTER begin_date SET NOT NULL",
        '{{ course(id: "{Course1}") {{ name enrollments {{ status beginDate }} }} }}',
        [["course", "enrollments", 0, "beginDate"]],
    ),
    Case(
        "of a column on a page that hangs below",
        "grade",
        "ALTER TABLE grade ALTER date DROP NOT NULL; UPDATE grade SET date = NULL WHERE id = {id}",
        "UPDATE grade SET date = '2002-09-02' WHERE id = {id}; ALTER TABLE grade ALTER date SET NOT NULL",
        '{{ subject(id: "{Subject1}") {{ name grades(first: 2) {{ nodes {{ id date }} }} }} }}',
        [["subject", "grades", "nodes", 0, "date"]],
    ),
    Case(
        "of a column below what a function resolves",
        "configuration_setting",
        "ALTER TABLE configuration_setting ALTER value DROP NOT NULL;"
        " UPDATE configuration_setting SET value = NULL WHERE institution_id = {tenant}",
        "UPDATE configuration_setting SET value = 'mended' WHERE value IS NULL;"
        " ALTER TABLE configuration_setting ALTER value SET NOT NULL",
        "{{ schoolProfile {{ schoolName }} settings {{ value key }} }}",
        [["settings", 0, "value"]],
    ),
    Case(
        "in the place of a word that the schema knows",
        "course",
        "ALTER TABLE course DROP CONSTRAINT ck_course_class_type;"
        " UPDATE course SET class_type = 'ASLEEP' WHERE id = {id}",
        "UPDATE course SET class_type = 'HOMEROOM' WHERE id = {id};"
        " ALTER TABLE course ADD CONSTRAINT ck_course_class_type CHECK (class_type IN ('HOMEROOM', 'SCHEDULED'))",
        '{{ student(id: "{Student1}") {{ enrollments {{ status course {{ name classType }} }} }} }}',
        [["student", "enrollments", 0, "course", "classType"]],
    ),
]
FAULTS = [
    Case("of the only statement", *RENAMED, "{{ subjects(first: 2) {{ nodes {{ id code }} }} }}", [["subjects"]]),
    Case(
        "of a relation",
        *RENAMED,
        '{{ student(id: "{Student1}") {{ fullName grades {{ score subject {{ code }} }} }} }}',
        [["student", "grades", 0, "subject"]],
    ),
    Case(
        "of one root field of three",
        *RENAMED,
        """{{ first: student(id: "{Student1}") {{ fullName }} subject(id: "{Subject1}") {{ code }}
        last: course(id: "{Course1}") {{ name }} }}""",
        [["last"], ["subject"]],
    ),
    Case(
        "since reading is not allowed",
        "course",
        "REVOKE SELECT ON course FROM schoolgraph_api",
        "GRANT SELECT ON course TO schoolgraph_api",
        '{{ student(id: "{Student1}") {{ fullName enrollments {{ status course {{ name }} }} }} }}',
        [["student", "enrollments", 0, "course"]],
    ),
    Case(
        "below what a function resolves",
        "configuration_setting",
        "ALTER TABLE configuration_setting RENAME value TO value_of_old",
        "ALTER TABLE configuration_setting RENAME value_of_old TO value",
        "{{ configuration {{ general {{ key value }} }} }}",
        [["configuration", "general"]],
    ),
]
