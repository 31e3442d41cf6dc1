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

TABLE, MANY, ONE = "access_log", "student_ids", "student_id"
ARRAY_INDEX, INDEX = "ix_access_log_student_ids", "ix_access_log_institution_id_student_id_at"
SHOWN = "institution_id, id, student_ids"
COMMENTS = {
    True: "Who looked at which students' records, and in which operation.",
    False: "Who looked at which student's record, and in which operation.",
}
# The first row of an operation becomes that of all.
GATHERED = """
    UPDATE access_log l SET student_ids = r.students
    FROM (SELECT institution_id, min(id) AS id, array_agg(DISTINCT student_id ORDER BY student_id) AS students
          FROM access_log GROUP BY institution_id, actor_kind, actor_id, purpose, at, request_id) AS r
    WHERE l.institution_id = r.institution_id AND l.id = r.id
"""
SPREAD = """
    INSERT INTO access_log (institution_id, student_id, student_ids, actor_kind, actor_id, purpose, at, request_id)
    SELECT l.institution_id, s.id, l.student_ids, l.actor_kind, l.actor_id, l.purpose, l.at, l.request_id
    FROM access_log l, unnest(l.student_ids[2:]) AS s(id)
"""


def upgrade() -> None:
    comment = "Whose records were read"
    op.add_column(TABLE, sa.Column(MANY, postgresql.ARRAY(sa.BigInteger()), nullable=True, comment=comment))
    op.execute(GATHERED)
    op.execute("DELETE FROM access_log WHERE student_ids IS NULL")
    op.alter_column(TABLE, MANY, nullable=False)
    op.drop_index(op.f(INDEX), TABLE)
    op.drop_column(TABLE, ONE)
    op.create_check_constraint("of_somebody", TABLE, "cardinality(student_ids) > 0")
    op.create_index(ARRAY_INDEX, TABLE, [MANY], postgresql_using="gin")
    op.create_table_comment(TABLE, COMMENTS[True], existing_comment=COMMENTS[False])
    op.execute("GRANT SELECT (student_ids) ON access_log TO schoolgraph_read")
    op.execute(f"GRANT SELECT ({SHOWN}) ON access_log TO schoolgraph_search")
    op.execute("CREATE POLICY search ON access_log FOR SELECT TO schoolgraph_search USING (true)")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS readings_of(bigint[])")
    op.execute("DROP POLICY search ON access_log")
    op.execute(f"REVOKE SELECT ({SHOWN}) ON access_log FROM schoolgraph_search")
    op.drop_index(ARRAY_INDEX, TABLE)
    op.add_column(TABLE, sa.Column(ONE, sa.BigInteger(), nullable=True, comment="Whose record was read"))
    op.execute(SPREAD)
    op.execute("UPDATE access_log SET student_id = student_ids[1] WHERE student_id IS NULL")
    op.alter_column(TABLE, ONE, nullable=False)
    op.drop_constraint(op.f("ck_access_log_of_somebody"), TABLE, type_="check")
    op.drop_column(TABLE, MANY)
    op.create_index(op.f(INDEX), TABLE, ["institution_id", ONE, "at"])
    op.create_table_comment(TABLE, COMMENTS[False], existing_comment=COMMENTS[True])
    op.execute("GRANT SELECT (student_id) ON access_log TO schoolgraph_read")
