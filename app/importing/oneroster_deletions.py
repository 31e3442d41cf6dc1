"""Rows with the status `tobedeleted`, after all others of the package.

Students, guardians, users and courses are retired, enrolments dropped, results, teachers of a class and roles deleted;
line items, categories, sessions and scales are deleted where nothing refers to them any more. Schools, subjects and
what a file merely leaves out are never taken away.
"""

from app.importing.oneroster_enrollments import drop_enrollments
from app.importing.retiring import remove, retire, unused
from app.importing.run import Run, known

_KINDS = (("student", "student"), ("guardian", "guardian"), ("staff", "app_user"))
_MARKED = (
    ("grade", "s_results"),
    ("assessment", "s_lineitems"),
    ("assessment_category", "s_categories"),
    ("course_teacher", "s_enrollments"),
    ("semester", "s_academicsessions"),
    ("school_year", "s_academicsessions"),
    ("grading_scale", "s_scorescales"),
)
_FILES = {
    "s_lineitems": "lineItems.csv",
    "s_categories": "categories.csv",
    "s_academicsessions": "academicSessions.csv",
    "s_scorescales": "scoreScales.csv",
}
# They are links, or hold nothing that others could refer to.
_ALWAYS = ("grade", "course_teacher")


def _marked(table: str, staged: str) -> str:
    return (
        f"SELECT t.id FROM {staged} s JOIN {known(table)} k ON k.value = s.sourcedid"
        f" JOIN {table} t ON t.institution_id = :school AND t.id = k.record_id WHERE s.gone"
    )


async def _retire_people(run: Run) -> None:
    for kind, table in _KINDS:
        chosen = (
            f"SELECT k.record_id AS id FROM leaving l JOIN {known(table)} k ON k.value = l.usr WHERE l.kind = '{kind}'"
        )
        await retire(run, table, chosen)
    await retire(run, "course", _marked("course", "s_classes"))
    await remove(
        run,
        "user_role",
        f"SELECT u.id FROM user_role u JOIN {known('app_user')} k ON k.record_id = u.user_id JOIN t_role r"
        " ON r.usr = k.value AND r.school = :org AND r.role = 'teacher' AND r.gone WHERE u.institution_id = :school"
        " AND u.role = 'TEACHER' AND NOT EXISTS (SELECT FROM t_role o WHERE o.usr = r.usr AND o.school = :org"
        " AND o.role = 'teacher' AND NOT o.gone)",
    )


async def delete_marked(run: Run) -> None:
    await drop_enrollments(run)
    for table, staged in _MARKED:
        chosen = _marked(table, staged)
        if table not in _ALWAYS:
            chosen += f" AND {unused(table, 't')}"
        await remove(run, table, chosen)
        if staged in _FILES:
            reason = "is still referred to, and stays"
            found = (
                f"SELECT s.line, s.sourcedid FROM {staged} s JOIN {known(table)} k ON k.value = s.sourcedid"
                " WHERE s.gone ORDER BY 1"
            )
            await run.warn("in_use", reason, _FILES[staged], "status", found)
    await _retire_people(run)
