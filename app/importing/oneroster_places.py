"""Which school each row of a package is of, in temporary tables that all later statements join.

    t_org    org, school          organisations that are, or belong to, a school
    t_role   line, usr, school, role, begindate, enddate, gone
    t_class  class, school        classes of the package, and of earlier imports
    t_line   item, school         line items likewise

Classes and line items to be deleted are among them, since others may name them.
"""

from collections.abc import Mapping

from app.importing.driver import Driver
from app.importing.run import SYSTEM

# A class or line item that is not in the package is looked up in the schools that the package is about.
_PLACES = f"""
CREATE TEMP TABLE t_role AS
SELECT r.line, r.usersourcedid AS usr, o.school, r.role, r.begindate, r.enddate, r.gone
  FROM s_roles r JOIN t_org o ON o.org = r.orgsourcedid WHERE NOT r.bad
UNION ALL
SELECT u.line, u.sourcedid, o.school, u.role, NULL, NULL, u.gone
  FROM s_users u CROSS JOIN unnest(u.orgsourcedids) x(org) JOIN t_org o ON o.org = x.org
 WHERE NOT u.bad AND u.role IS NOT NULL;

CREATE TEMP TABLE t_class AS
SELECT c.sourcedid AS class, o.school FROM s_classes c JOIN t_org o ON o.org = c.schoolsourcedid
UNION
SELECT e.value, k.org FROM external_id e JOIN t_known k ON k.institution_id = e.institution_id
 WHERE e.entity = 'course' AND e.system = '{SYSTEM}'
   AND NOT EXISTS (SELECT FROM s_classes c WHERE c.sourcedid = e.value AND c.schoolsourcedid IS NOT NULL);

CREATE TEMP TABLE t_line AS
SELECT l.sourcedid AS item, c.school FROM s_lineitems l JOIN t_class c ON c.class = l.classsourcedid
UNION
SELECT e.value, k.org FROM external_id e JOIN t_known k ON k.institution_id = e.institution_id
 WHERE e.entity = 'assessment' AND e.system = '{SYSTEM}'
   AND NOT EXISTS (SELECT FROM s_lineitems l WHERE l.sourcedid = e.value AND l.classsourcedid IS NOT NULL);

ANALYZE t_role; ANALYZE t_class; ANALYZE t_line;
"""

# The schools of a file's lines; a file that is not here is the package's as a whole.
LINES: Mapping[str, str] = {
    "orgs.csv": "SELECT s.line, o.school FROM s_orgs s JOIN t_org o ON o.org = s.sourcedid",
    "courses.csv": "SELECT s.line, o.school FROM s_courses s JOIN t_org o ON o.org = s.orgsourcedid"
    " UNION SELECT s.line, c.school FROM s_courses s JOIN s_classes k ON k.coursesourcedid = s.sourcedid"
    " JOIN t_class c ON c.class = k.sourcedid",
    "classes.csv": "SELECT s.line, o.school FROM s_classes s JOIN t_org o ON o.org = s.schoolsourcedid",
    "users.csv": "SELECT s.line, r.school FROM s_users s JOIN t_role r ON r.usr = s.sourcedid",
    "roles.csv": "SELECT s.line, o.school FROM s_roles s JOIN t_org o ON o.org = s.orgsourcedid",
    "enrollments.csv": "SELECT s.line, c.school FROM s_enrollments s JOIN t_class c ON c.class = s.classsourcedid"
    " UNION SELECT s.line, o.school FROM s_enrollments s JOIN t_org o ON o.org = s.schoolsourcedid",
    "demographics.csv": "SELECT s.line, r.school FROM s_demographics s JOIN t_role r ON r.usr = s.sourcedid",
    "lineItems.csv": "SELECT s.line, c.school FROM s_lineitems s JOIN t_class c ON c.class = s.classsourcedid",
    "results.csv": "SELECT s.line, l.school FROM s_results s JOIN t_line l ON l.item = s.lineitemsourcedid",
    "scoreScales.csv": "SELECT s.line, c.school FROM s_scorescales s JOIN t_class c ON c.class = s.classsourcedid",
}


async def place_rows(driver: Driver, org_school: Mapping[str, str], known: Mapping[int, str]) -> None:
    """`org_school` maps each organisation to its school, `known` institutions of earlier imports to their school."""
    await driver.execute("CREATE TEMP TABLE t_org (org text, school text)")
    await driver.execute("CREATE TEMP TABLE t_known (institution_id bigint, org text)")
    await driver.copy_records_to_table("t_org", records=list(org_school.items()))
    await driver.copy_records_to_table("t_known", records=list(known.items()))
    await driver.execute("ANALYZE t_org; ANALYZE t_known")
    await driver.execute(_PLACES)
