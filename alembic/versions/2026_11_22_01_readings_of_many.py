"""One row of the access log for each operation, with all students whose records it returned.

They are found by an index over the arrays, which row-level security would not let the API use by itself, through a
function of the search role's; the function itself is applied from its file.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_01"
down_revision = "2026_11_21_24"
branch_labels = None
depends_on = None

TABLE, STUDENT, STUDENTS = "access_log", "student_id", "student_ids"
INDEX, FORMER_INDEX = "ix_access_log_student_ids", "ix_access_log_institution_id_student_id_at"
COMMENT = "Who looked at which students' records, and in which operation."
FORMER_COMMENT = "Who looked at which student's record, and in which operation."
SEARCHED = "institution_id, id, student_ids"
SHARED = "institution_id, actor_kind, actor_id, purpose, at, request_id"
# The rows are set aside and written anew, so that the table has none of the room that they took before.
GATHERED = f"""
    CREATE TEMPORARY TABLE gathered ON COMMIT DROP AS
    SELECT min(id) AS id, {SHARED}, array_agg(DISTINCT student_id) AS student_ids
    FROM access_log GROUP BY {SHARED}
"""
SPREAD = f"""
    CREATE TEMPORARY TABLE spread ON COMMIT DROP AS
    SELECT l.id, {SHARED}, s.student_id, s.n
    FROM access_log l, unnest(l.student_ids) WITH ORDINALITY AS s(student_id, n)
"""


def upgrade() -> None:
    op.execute(GATHERED)
    op.execute("TRUNCATE access_log")
    op.drop_index(op.f(FORMER_INDEX), TABLE)
    op.drop_column(TABLE, STUDENT)
    comment = "Whose records were read"
    op.add_column(TABLE, sa.Column(STUDENTS, postgresql.ARRAY(sa.BigInteger()), nullable=False, comment=comment))
    op.create_check_constraint("of_somebody", TABLE, "cardinality(student_ids) > 0")
    op.create_table_comment(TABLE, COMMENT, existing_comment=FORMER_COMMENT)
    op.execute(
        f"INSERT INTO access_log (id, {SHARED}, student_ids) SELECT id, {SHARED}, student_ids FROM gathered ORDER BY id"
    )
    op.execute("DROP TABLE gathered")
    op.create_index(INDEX, TABLE, [STUDENTS], postgresql_using="gin")
    op.execute("GRANT SELECT (student_ids) ON access_log TO schoolgraph_read")
    op.execute(f"GRANT SELECT ({SEARCHED}) ON access_log TO schoolgraph_search")
    op.execute("CREATE POLICY search ON access_log FOR SELECT TO schoolgraph_search USING (true)")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS readings_of(bigint[])")
    op.execute("DROP POLICY search ON access_log")
    op.execute(f"REVOKE SELECT ({SEARCHED}) ON access_log FROM schoolgraph_search")
    op.execute(SPREAD)
    op.execute("TRUNCATE access_log")
    op.drop_index(INDEX, TABLE)
    op.drop_constraint(op.f("ck_access_log_of_somebody"), TABLE, type_="check")
    op.drop_column(TABLE, STUDENTS)
    op.add_column(TABLE, sa.Column(STUDENT, sa.BigInteger(), nullable=False, comment="Whose record was read"))
    op.create_table_comment(TABLE, FORMER_COMMENT, existing_comment=COMMENT)
    # The first student of an entry keeps its key.
    for keyed, condition in (("id, ", "n = 1"), ("", "n > 1 ORDER BY id, n")):
        columns = f"{keyed}{SHARED}, student_id"
        op.execute(f"INSERT INTO access_log ({columns}) SELECT {columns} FROM spread WHERE {condition}")
    op.execute("DROP TABLE spread")
    op.create_index(op.f(FORMER_INDEX), TABLE, ["institution_id", STUDENT, "at"])
    op.execute("GRANT SELECT (student_id) ON access_log TO schoolgraph_read")
