"""What other systems call records: a system has one name for a record, and each name for one record of a kind."""

from typing import Any, Protocol

from sqlalchemy import select

from models import Base, ExternalId
from models.base import Record
from resolvers.constraints import STALE, Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid, shown
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records, changes

TAKEN = Rule(Conflict, "value", "is what the system calls another record already")

keep(
    {
        "uq_external_id_institution_id_entity_system_value": TAKEN,
        "uq_external_id_institution_id_entity_record_id_system": Rule(
            Conflict, "system", "has just been said by somebody else to call it something: read that first"
        ),
    }
)


class Named(Protocol):
    """Which record it is: the model, the key, and the day of a row of a table that is partitioned by days."""

    @property
    def model(self) -> type[Base]: ...

    @property
    def id(self) -> int: ...

    @property
    def date(self) -> Any: ...


async def _rules(change: Change, row: ExternalId, checks: Checks) -> None:
    if not changes(row, "value", "system"):
        return
    same = select(ExternalId.id).where(
        ExternalId.institution_id == change.institution_id,
        ExternalId.entity == row.entity,
        ExternalId.system == row.system,
        ExternalId.value == row.value,
        ExternalId.id.is_distinct_from(row.id),
    )
    if await change.session.scalar(same) is not None:
        checks.errors.append(TAKEN.error(row.value))


EXTERNAL_IDS = Records(ExternalId, rules=_rules)


async def set_external_id(
    context: Context, *, record: Named, system: str, value: str, version: int | None = None
) -> int:
    """Say what a system calls a record, or calls it now; gives the key of the name."""
    system = system.strip()
    async with context.change("external_id.set", entity=record.model.__tablename__, record=record.id) as change:
        await _check_record(change, record)
        row = await _known(change, record, system)
        if row is None:
            if version is not None:
                words = f"version: {shown(system)} calls it nothing yet: leave it out"
                raise Conflict(words, field="version")
            place = {"entity": record.model.__tablename__, "record_id": record.id}
            row = await EXTERNAL_IDS.add(change, {**place, "system": system, "value": value})
        else:
            _check_version(row, version)
            if not await EXTERNAL_IDS.alter(change, row, {"value": value}):
                change.withdraw()
    return row.id


async def _check_record(change: Change, record: Named) -> None:
    """That it is there, in the viewer's sight, and of a kind that is called something elsewhere."""
    model = record.model
    if not issubclass(model, Record) or model is ExternalId or record.date is not None:
        raise Invalid(f"record: a record of the type {model.__name__} has no such names", field="record")
    await change.seen(model, record.id, field="record")


async def _known(change: Change, record: Named, system: str) -> ExternalId | None:
    found = select(ExternalId).where(
        ExternalId.institution_id == change.institution_id,
        ExternalId.entity == record.model.__tablename__,
        ExternalId.record_id == record.id,
        ExternalId.system == system,
    )
    return (await change.session.scalars(found.with_for_update(key_share=True))).one_or_none()


def _check_version(row: ExternalId, version: int | None) -> None:
    if version is None:
        text = (
            f"system: {shown(row.system)} calls it {shown(row.value)}: send the version that you have read to change it"
        )
        raise Conflict(text, field="system", record=row.id, version=row.version)
    if version != row.version:
        raise Conflict(STALE, field="version", record=row.id, version=row.version)
