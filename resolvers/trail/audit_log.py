"""Relations of AuditEntry, and the history of a record."""

from models import AuditEntry, Base, User
from resolvers.batches import Batch, many, one

actor = one(User, parent="actor")


def history_of(model: type[Base]) -> Batch:
    """The changes of a record of `model`, the latest first."""
    return many(AuditEntry, key="record_id", order=("-id",), table_name=model.__tablename__)
