"""Which institution a school of a package is: one that an earlier import made, one that is named, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.importing.auditing import inserted
from app.importing.diagnostics import Findings, error, warning
from app.importing.driver import Driver
from app.importing.oneroster_orgs import FILE, School
from app.importing.run import SYSTEM, Run

# What create_institution makes, in the order of the keys between them.
MADE = ("school_profile", "configuration_setting", "attendance_code", "grade_level")


@dataclass(frozen=True)
class Target:
    """A school and its institution; `institution_id` is None where the import makes it."""

    org: str
    code: str
    name: str
    line: int | None
    institution_id: int | None


async def _known(driver: Driver, orgs: Sequence[str]) -> list[Any]:
    """Institutions of earlier imports under these sourcedIds."""
    return await driver.fetch(
        "SELECT e.value AS org, i.id, i.code, i.name FROM external_id e JOIN institution i ON i.id = e.institution_id"
        f" WHERE e.entity = 'institution' AND e.system = '{SYSTEM}' AND e.value = ANY ($1::text[])"
        " ORDER BY e.value, i.code",
        list(orgs),
    )


async def _named(driver: Driver, code: str) -> Any:
    return await driver.fetchrow("SELECT id, code, name FROM institution WHERE code = $1", code)


async def _target(driver: Driver, school: School, findings: Findings) -> Target | None:
    """The institution that the sourcedId leads to. It must agree in code or name: other districts count from 1 too."""
    where: dict[str, Any] = {"column": "sourcedId", "value": school.source}
    known = await _known(driver, [school.source])
    same = [row for row in known if school.code == row["code"] or school.name == row["name"]]
    if len(same) == 1:
        return Target(school.source, same[0]["code"], school.name, school.line, same[0]["id"])
    taken = await _named(driver, school.code)
    if len(same) > 1 or taken is not None:
        reason = f"an institution {school.code} exists that did not come from this package; name it with --institution"
        findings.add(error("code_taken", reason, FILE, school.line, **where))
        return None
    if known:
        reason = f"{', '.join(row['code'] for row in known)} has this sourcedId too, and is taken for another school"
        findings.add(warning("same_sourced_id", reason, FILE, school.line, **where))
    return Target(school.source, school.code, school.name, school.line, None)


async def _chosen(driver: Driver, code: str, schools: Sequence[School], orgs: Sequence[str]) -> list[Target]:
    """The one target that `--institution` names: its school by code, or the only school there is."""
    fitting = [school for school in schools if school.code == code] or (list(schools) if len(schools) == 1 else [])
    row = await _named(driver, code)
    if fitting:
        school = fitting[0]
        return [Target(school.source, code, school.name, school.line, row["id"] if row else None)]
    if row is None or schools:
        return []
    known = [each["org"] for each in await _known(driver, orgs) if each["id"] == row["id"]]
    return [Target(known[0] if known else f"institution {code}", code, row["name"], None, row["id"])]


async def _mentioned(driver: Driver, orgs: Sequence[str], findings: Findings) -> list[Target]:
    """The institutions of a package without orgs.csv, by the sourcedIds that its rows mention."""
    targets: dict[str, Target] = {}
    for row in await _known(driver, orgs):
        if row["org"] in targets:
            reason = f"{targets[row['org']].code} and {row['code']} both have this sourcedId; choose by --institution"
            findings.add(error("ambiguous_institution", reason, FILE, None, column="sourcedId", value=row["org"]))
        targets[row["org"]] = Target(row["org"], row["code"], row["name"], None, row["id"])
    return list(targets.values())


async def find_targets(
    driver: Driver, schools: Sequence[School], mentioned: Sequence[str], code: str | None, findings: Findings
) -> list[Target]:
    """The institutions to import into; `mentioned` are the sourcedIds of organisations that the rows name."""
    if code is not None:
        targets = await _chosen(driver, code, schools, mentioned)
    else:
        found = [await _target(driver, school, findings) for school in schools]
        targets = [target for target in found if target is not None]
        targets += await _mentioned(driver, sorted(set(mentioned) - {s.source for s in schools}), findings)
    if not targets and not findings.errors:
        asked = f"no school of the package is institution {code}" if code else "the package holds no school"
        reason = f"{asked}: neither orgs.csv has one, nor do its rows lead to one of an earlier import"
        findings.add(error("no_school", reason, FILE, None, column="type"))
    return targets


async def audit_new(run: Run) -> None:
    """The audit of what create_institution has made, and its counts."""
    await run.execute(
        "INSERT INTO audit_log (institution_id, table_name, record_id, operation, after, actor_kind, request_id)"
        " SELECT id, 'institution', id, 'INSERT', jsonb_build_object('code', code, 'name', name, 'status', status),"
        " 'IMPORT', :run FROM institution WHERE id = :school"
    )
    run.counts["institution"].inserted += 1
    for table in MADE:
        rows = f"SELECT * FROM {table} WHERE institution_id = :school"
        run.counts[table].inserted += await run.execute(inserted(table, rows))


async def remember(run: Run) -> None:
    """Keep the school's sourcedId, unless the institution has one already."""
    rows = (
        "INSERT INTO external_id (institution_id, entity, record_id, system, value)"
        f" SELECT :school, 'institution', :school, '{SYSTEM}', :org WHERE NOT EXISTS (SELECT FROM external_id"
        f" WHERE institution_id = :school AND entity = 'institution' AND system = '{SYSTEM}') RETURNING *"
    )
    run.counts["external_id"].inserted += await run.execute(inserted("external_id", rows))
