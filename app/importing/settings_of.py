"""Settings of the institution that an import reads and writes."""

from app.importing.auditing import updated
from app.importing.run import Run, quoted


async def setting(run: Run, key: str, fallback: str) -> str:
    found = await run.value(
        f"SELECT value FROM configuration_setting WHERE institution_id = :school AND key = {quoted(key)}"
        " ORDER BY category LIMIT 1"
    )
    return fallback if found is None else str(found)


async def set_setting(run: Run, key: str, value: str) -> None:
    """Give a setting that exists another value; the same value changes nothing."""
    source = (
        f"(SELECT id, {quoted(value)}::text AS value FROM configuration_setting"
        f" WHERE institution_id = :school AND key = {quoted(key)})"
    )
    change = updated("configuration_setting", {"value": "i.value"}, source, "true")
    run.counts["configuration_setting"].updated += await run.execute(change)
