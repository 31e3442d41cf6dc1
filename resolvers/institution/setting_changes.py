"""Settings of a school: those that every school has keep their types and stay, others are the school's own."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import exists, select

from models import ConfigurationSetting, Course, GradingScale, SchoolYear, SettingCategory, SettingType
from resolvers.academics.school_year_changes import make_current
from resolvers.academics.score_bounds import Bounds, check_scores
from resolvers.constraints import STALE, Rule, keep
from resolvers.context import Context
from resolvers.errors import Checks, Conflict, Invalid, shown
from resolvers.institution.institution import DEFAULT_SETTINGS
from resolvers.institution.setting_values import check_value
from resolvers.reports.aggregate_statements import CROSSED_BY, SMALLEST_GROUP
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

CURRENT_YEAR = "CURRENT_ACADEMIC_YEAR"
# Those of every school, and what the server reads where a school adds it.
KNOWN: Mapping[str, tuple[SettingCategory, SettingType]] = {
    **{key: (category, kind) for category, key, kind, _, _ in DEFAULT_SETTINGS},
    "RETENTION_DAYS_AUDIT_LOG": (SettingCategory.GENERAL, SettingType.INTEGER),
    SMALLEST_GROUP: (SettingCategory.ACADEMIC, SettingType.INTEGER),
    CROSSED_BY: (SettingCategory.ACADEMIC, SettingType.STRING),
}
LASTING = frozenset(key for _, key, _, _, _ in DEFAULT_SETTINGS)
AGES = ("MIN_STUDENT_AGE", "MAX_STUDENT_AGE")
MARKS = ("GRADE_SCALE_MIN", "PASS_MARK", "GRADE_SCALE_MAX")

keep(
    {
        "uq_configuration_setting_institution_id_category_key": Rule(
            Conflict, "key", "has just been added by somebody else: read it first"
        ),
        "ck_configuration_setting_key_format": Rule(
            Invalid, "key", "is not capital letters, digits and underscores, with a letter first"
        ),
    }
)


async def _rules(_: Change, row: ConfigurationSetting, checks: Checks) -> None:
    category, kind = KNOWN.get(row.key, (row.category, row.value_type))
    if row.category is not category:
        text = f"category: {row.key} is a setting of {category.value}, not of {row.category.value}"
        checks.errors.append(Invalid(text, field="category"))
    if row.value_type is not kind:
        text = f"valueType: {row.key} is of the type {kind.value}, not {row.value_type.value}"
        checks.errors.append(Invalid(text, field="valueType"))
    with checks:
        check_value(row.key, kind, row.value)


async def _leaving(_: Change, row: ConfigurationSetting, checks: Checks) -> None:
    if row.key in LASTING:
        checks.errors.append(Conflict(f"id: every school has the setting {row.key}", field="id"))


SETTINGS = Records(ConfigurationSetting, rules=_rules, leaving=_leaving)


async def _locked(change: Change, category: SettingCategory, key: str) -> dict[str, ConfigurationSetting]:
    """The setting, if there is one, and those whose values must fit its own, by key."""
    keys = next((group for group in (AGES, MARKS) if key in group), (key,))
    found = select(ConfigurationSetting).where(
        ConfigurationSetting.institution_id == change.institution_id,
        ConfigurationSetting.category == category,
        ConfigurationSetting.key.in_(keys),
    )
    found = found.order_by(ConfigurationSetting.id).with_for_update(key_share=True)
    return {row.key: row for row in await change.session.scalars(found)}


def _check_version(row: ConfigurationSetting, version: int | None) -> None:
    if version is None:
        text = f"key: the setting {row.key} exists: send the version that you have read to change it"
        raise Conflict(text, field="key", record=row.id, version=row.version)
    if version != row.version:
        raise Conflict(STALE, field="version", record=row.id, version=row.version)


async def _choose_year(change: Change, row: ConfigurationSetting, code: str) -> bool:
    """Make the school year with this code the current one, with the setting; gives whether it was another."""
    found = select(SchoolYear.id).where(SchoolYear.institution_id == change.institution_id, SchoolYear.code == code)
    key = await change.session.scalar(found)
    if key is None:
        raise Invalid(f"value: there is no school year {shown(code)}", field="value")
    year = await change.one(SchoolYear, key)
    if year.current and row.value == code:
        return False
    await make_current(change, year, row)
    return True


async def _check_together(change: Change, key: str, rows: Mapping[str, ConfigurationSetting]) -> None:
    """That settings fit those that they go together with, and marks that were given still lie within the bounds."""
    group = next((group for group in (AGES, MARKS) if key in group), ())
    values = {each: Decimal(rows[each].value) for each in group}
    for lower, higher in pairwise(group):
        if values[lower] > values[higher]:
            text = f"value: {lower} would be {values[lower]}, above {higher}, {values[higher]}"
            raise Invalid(text, field="value")
    if group == MARKS:
        await _check_marks(change, Bounds(values["GRADE_SCALE_MIN"], values["GRADE_SCALE_MAX"]))


async def _check_marks(change: Change, bounds: Bounds) -> None:
    if bounds.lowest == bounds.highest:
        raise Invalid("value: GRADE_SCALE_MIN and GRADE_SCALE_MAX would be the same", field="value")
    scale = exists().where(GradingScale.institution_id == change.institution_id, GradingScale.school_default)
    checks = Checks()
    await check_scores(change, checks, [Course.grading_scale_id.is_(None), ~scale], bounds, ("value", "value"))
    checks.done()


async def set_setting(
    context: Context, *, category: SettingCategory, key: str, version: int | None = None, **values: Any
) -> int:
    """Give a setting another value, or add one of the school's own; gives the key."""
    async with context.change("setting.set", category=category.value, key=key) as change:
        rows = await _locked(change, category, key)
        row = rows.get(key)
        if row is None:
            row = await _add(change, version, {"category": category, "key": key, **values})
        else:
            _check_version(row, version)
            if not await _alter(change, row, values, rows):
                change.withdraw()
    return row.id


async def _add(change: Change, version: int | None, values: dict[str, Any]) -> ConfigurationSetting:
    if version is not None:
        raise Conflict(f"version: there is no setting {shown(values['key'])}: leave it out to add one", field="version")
    _, kind = KNOWN.get(values["key"], (None, SettingType.STRING))
    return await SETTINGS.add(change, {"value_type": kind, **values})


async def _alter(
    change: Change, row: ConfigurationSetting, values: dict[str, Any], rows: Mapping[str, ConfigurationSetting]
) -> bool:
    if row.key != CURRENT_YEAR:
        altered = await SETTINGS.alter(change, row, values)
        await _check_together(change, row.key, rows)
        return altered
    chosen = await _choose_year(change, row, values["value"].strip())
    return await SETTINGS.alter(change, row, values) or chosen


async def remove_setting(context: Context, *, id: int, version: int) -> None:
    """Remove a setting of the school's own."""
    async with context.change("setting.remove", id=id) as change:
        await SETTINGS.remove(change, await SETTINGS.find(change, id, version))
