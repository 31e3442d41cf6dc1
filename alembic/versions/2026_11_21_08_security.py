"""Row-level security, rights of the API, read and search roles.

A table's policy compares with the transaction's `app.institution_id`: nothing set, nothing seen. Rights are given on
parents only, never on a partition, since a partition read directly is not under its parent's policy.
"""

from alembic import op

revision = "2026_11_21_08"
down_revision = "2026_11_21_07"
branch_labels = None
depends_on = None

RECORDS = [
    "api_key",
    "assessment",
    "assessment_category",
    "attendance",
    "attendance_code",
    "attendance_taken",
    "calendar_day",
    "configuration_setting",
    "course",
    "course_subject",
    "course_teacher",
    "enrollment",
    "external_id",
    "family_info",
    "grade",
    "grade_entry_reopening",
    "grade_level",
    "grading_scale",
    "grading_scale_band",
    "guardian",
    "idempotency_key",
    "number_counter",
    "operation",
    "outbox",
    "report_card",
    "report_card_comment",
    "reset_token",
    "rollover_plan",
    "scholarship",
    "school_enrollment",
    "school_profile",
    "school_year",
    "semester",
    "session",
    "stored_file",
    "student",
    "student_guardian",
    "subject",
    "app_user",
    "user_institution",
    "user_role",
]
TRAIL = ["access_log", "activity_log", "audit_log"]
SECRET = ["api_key", "reset_token", "session", "idempotency_key"]
SEARCHED = {
    "student": "institution_id, id, search_text, deleted_at",
    "guardian": "institution_id, id, search_text, deleted_at",
    "app_user": "institution_id, id, search_text, deleted_at",
    "course": "institution_id, id, search_text, deleted_at",
    "subject": "institution_id, id, search_text",
    "institution": "id, code, status",
}
SECRET_COLUMNS = {
    "app_user": ["password_hash"],
    "student": ["national_id_sealed", "national_id_index", "health_sealed", "identifying_marks_sealed"],
}
TENANT = "nullif(current_setting('app.institution_id', true), '')::bigint"


def protect(table: str, column: str = "institution_id") -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} TO schoolgraph_api, schoolgraph_read"
        f" USING ({column} = {TENANT}) WITH CHECK ({column} = {TENANT})"
    )


def grant_read(table: str) -> None:
    """All columns but the secret ones."""
    hidden = ", ".join(f"'{column}'" for column in SECRET_COLUMNS.get(table, [])) or "''"
    op.execute(
        f"DO $$ BEGIN EXECUTE (SELECT format('GRANT SELECT (%s) ON {table} TO schoolgraph_read',"
        " string_agg(quote_ident(attname), ', ')) FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped"
        f" AND attname NOT IN ({hidden})); END $$"
    )


def upgrade() -> None:
    op.execute("GRANT USAGE ON SCHEMA public TO schoolgraph_api, schoolgraph_read, schoolgraph_search")
    op.execute("GRANT SELECT ON alembic_version TO schoolgraph_api, schoolgraph_read")
    for table in [*RECORDS, *TRAIL]:
        protect(table)
    protect("institution", "id")
    op.execute("ALTER TABLE attendance_pdefault ENABLE ROW LEVEL SECURITY")
    for table in RECORDS:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO schoolgraph_api")
    for table in TRAIL:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO schoolgraph_api")
    op.execute("GRANT SELECT, UPDATE ON institution TO schoolgraph_api")
    for table in ["institution", *RECORDS, *TRAIL]:
        if table not in SECRET:
            grant_read(table)
    for table, columns in SEARCHED.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO schoolgraph_search")
        op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO schoolgraph_search USING (true)")


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS search_ids(text, text[], integer)")
    op.execute("DROP FUNCTION IF EXISTS institution_by_code(text)")
    op.execute("DROP FUNCTION IF EXISTS make_attendance_partitions(date, date)")
    for table in SEARCHED:
        op.execute(f"DROP POLICY search ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM schoolgraph_search")
    for table in [*RECORDS, *TRAIL, "institution"]:
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM schoolgraph_api, schoolgraph_read")
    op.execute("ALTER TABLE attendance_pdefault DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE ALL ON alembic_version FROM schoolgraph_api, schoolgraph_read")
    op.execute("REVOKE USAGE ON SCHEMA public FROM schoolgraph_api, schoolgraph_read, schoolgraph_search")
