"""Tables of trail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_21_07"
down_revision = "2026_11_21_06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_log",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("action", sa.String(length=100), nullable=False, comment="What was done, for example grade.update"),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Particulars, as JSON",
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "USER",
                "API_KEY",
                "IMPORT",
                "MIGRATION",
                "SYSTEM",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What kind of actor did it",
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True, comment="User or key that did it"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.Column("request_id", sa.String(length=64), nullable=True, comment="Request or run that did it"),
        sa.Column("address", sa.String(length=50), nullable=True, comment="Network address it came from"),
        sa.CheckConstraint("action ~ '^[a-z_]+(\\.[a-z_]+)*$'", name=op.f("ck_activity_log_action_format")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_activity_log_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_activity_log")),
        comment="What people and programs did, in their own terms.",
    )
    op.create_index(
        op.f("ix_activity_log_institution_id_action_at"),
        "activity_log",
        ["institution_id", "action", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_activity_log_institution_id_actor_id_at"),
        "activity_log",
        ["institution_id", "actor_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_activity_log_institution_id_at"),
        "activity_log",
        ["institution_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "audit_log",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("table_name", sa.String(length=63), nullable=False, comment="Table of the row"),
        sa.Column("record_id", sa.BigInteger(), nullable=False, comment="Key of the row"),
        sa.Column(
            "operation",
            sa.Enum(
                "INSERT",
                "UPDATE",
                "DELETE",
                name="audit_operation",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What happened to the row",
        ),
        sa.Column(
            "before",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Changed columns before, secrets masked",
        ),
        sa.Column(
            "after",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Changed columns after, secrets masked",
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "USER",
                "API_KEY",
                "IMPORT",
                "MIGRATION",
                "SYSTEM",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What kind of actor did it",
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True, comment="User or key that did it"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.Column("request_id", sa.String(length=64), nullable=True, comment="Request or run that did it"),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_audit_log_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_audit_log")),
        comment="One entry for every row changed: before, after, by whom and when.",
    )
    op.create_index(
        op.f("ix_audit_log_institution_id_actor_id_at"),
        "audit_log",
        ["institution_id", "actor_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_audit_log_institution_id_at"),
        "audit_log",
        ["institution_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_audit_log_institution_id_table_name_record_id_id"),
        "audit_log",
        ["institution_id", "table_name", "record_id", "id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("key", sa.String(length=100), nullable=False, comment="The caller's key"),
        sa.Column("actor_id", sa.BigInteger(), nullable=False, comment="Who sent it"),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of what was asked"),
        sa.Column(
            "answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="What was answered, as JSON"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_idempotency_key_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint(
            "institution_id", "actor_id", "key", name=op.f("uq_idempotency_key_institution_id_actor_id_key")
        ),
        comment="The answer to a request that must not be carried out twice.",
    )
    op.create_index(
        op.f("ix_idempotency_key_institution_id_created_at"),
        "idempotency_key",
        ["institution_id", "created_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "operation",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column(
            "action", sa.String(length=100), nullable=False, comment="What was done, for example attendance.record"
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "USER",
                "API_KEY",
                "IMPORT",
                "MIGRATION",
                "SYSTEM",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What kind of actor did it",
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True, comment="User or key that did it"),
        sa.Column(
            "request_id",
            sa.String(length=64),
            nullable=False,
            comment="Request that the audit entries of this operation carry",
        ),
        sa.Column(
            "summary",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Counts and particulars, as JSON",
        ),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.Column(
            "undone_at", sa.DateTime(timezone=True), nullable=True, comment="When it was undone (UTC); null: it stands"
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_operation_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_operation")),
        comment="A bulk change as one thing that can be looked at and undone.",
    )
    op.create_index(
        op.f("ix_operation_institution_id_actor_id_at"),
        "operation",
        ["institution_id", "actor_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_operation_institution_id_request_id"),
        "operation",
        ["institution_id", "request_id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "outbox",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("topic", sa.String(length=100), nullable=False, comment="What kind of event"),
        sa.Column("key", sa.String(length=100), nullable=False, comment="What it is about, for ordering"),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="The event, as JSON"),
        sa.Column(
            "schema_version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Version of the payload's form",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_outbox_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_outbox")),
        comment="Events waiting to be sent, written with the change they tell of.",
    )
    op.create_index(
        op.f("ix_outbox_institution_id_created_at"),
        "outbox",
        ["institution_id", "created_at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_outbox_institution_id_topic_id"),
        "outbox",
        ["institution_id", "topic", "id"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_table(
        "access_log",
        sa.Column("institution_id", sa.BigInteger(), nullable=False, comment="The school the row is of"),
        sa.Column(
            "id", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="Key, unique over the deployment"
        ),
        sa.Column("student_id", sa.BigInteger(), nullable=False, comment="Whose record was read"),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "USER",
                "API_KEY",
                "IMPORT",
                "MIGRATION",
                "SYSTEM",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=50,
            ),
            nullable=False,
            comment="What kind of viewer read it",
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True, comment="User or key that read it"),
        sa.Column("purpose", sa.String(length=100), nullable=True, comment="Name of the operation that read it"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (instant, UTC)",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id", "student_id"],
            ["student.institution_id", "student.id"],
            name=op.f("fk_access_log_institution_id_student_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_access_log_institution_id")),
        sa.PrimaryKeyConstraint("institution_id", "id", name=op.f("pk_access_log")),
        comment="Who looked at which student's record, and in which operation.",
    )
    op.create_index(
        op.f("ix_access_log_institution_id_actor_id_at"),
        "access_log",
        ["institution_id", "actor_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_access_log_institution_id_at"),
        "access_log",
        ["institution_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )
    op.create_index(
        op.f("ix_access_log_institution_id_student_id_at"),
        "access_log",
        ["institution_id", "student_id", "at"],
        unique=False,
        postgresql_where=None,
        postgresql_include=None,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_access_log_institution_id_student_id_at"),
        table_name="access_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_access_log_institution_id_at"), table_name="access_log", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_access_log_institution_id_actor_id_at"),
        table_name="access_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("access_log")
    op.drop_index(
        op.f("ix_outbox_institution_id_topic_id"), table_name="outbox", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_outbox_institution_id_created_at"), table_name="outbox", postgresql_where=None, postgresql_include=None
    )
    op.drop_table("outbox")
    op.drop_index(
        op.f("ix_operation_institution_id_request_id"),
        table_name="operation",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_operation_institution_id_actor_id_at"),
        table_name="operation",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("operation")
    op.drop_index(
        op.f("ix_idempotency_key_institution_id_created_at"),
        table_name="idempotency_key",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("idempotency_key")
    op.drop_index(
        op.f("ix_audit_log_institution_id_table_name_record_id_id"),
        table_name="audit_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_audit_log_institution_id_at"), table_name="audit_log", postgresql_where=None, postgresql_include=None
    )
    op.drop_index(
        op.f("ix_audit_log_institution_id_actor_id_at"),
        table_name="audit_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("audit_log")
    op.drop_index(
        op.f("ix_activity_log_institution_id_at"),
        table_name="activity_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_activity_log_institution_id_actor_id_at"),
        table_name="activity_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_index(
        op.f("ix_activity_log_institution_id_action_at"),
        table_name="activity_log",
        postgresql_where=None,
        postgresql_include=None,
    )
    op.drop_table("activity_log")
