"""Who looked at which students' records. Append-only for the API.

One row for each operation, or part of an export, with the students whose records it returned, but those who were
recorded just before (`resolvers.trail.recent`). A report on a class would else write as many rows as it has students,
at several times the cost: in the index by student each lies elsewhere.
"""

import datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from models.base import HELD_BY, POINTS_TO, Tenant, enum, index, short
from models.computed import computed
from models.trail.acted import Acted, ActorKind


class AccessEntry(Tenant, Acted):
    __tablename__ = "access_log"

    # No foreign keys: that a record was looked at is no use of it, and is told also of one that was taken back.
    student_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger),
        info={POINTS_TO: "student", HELD_BY: "readings_of"},
        comment="Whose records were read",
    )
    actor_kind: Mapped[ActorKind] = enum(ActorKind, comment="What kind of viewer read it")
    actor_id: Mapped[int | None] = mapped_column(BigInteger, comment="User or key that read it")
    purpose: Mapped[str | None] = short(100, comment="Name of the operation that read it")
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), comment="When (instant, UTC)")
    request_id: Mapped[str | None] = short(64, comment="Request that read it")

    student_count = computed("How many students the entry names")(
        lambda entry: func.cardinality(entry.student_ids, type_=Integer)
    )

    __table_args__ = (
        CheckConstraint("cardinality(student_ids) > 0", name="of_somebody"),
        # Keys of students are unique over the deployment, so that this one need not be led by the tenant.
        Index("ix_access_log_student_ids", "student_ids", postgresql_using="gin"),
        index("actor_id", "at"),
        index("at", "id"),
        {"comment": "Who looked at which students' records, and in which operation."},
    )
