"""Grade levels that a package names and the school has not: where they stand in the order of levels."""

from collections.abc import Collection, Iterable, Sequence

from app.importing.auditing import inserted
from app.importing.run import Run

# Codes of the Common Education Data Standards around the numbered levels, in order.
BEFORE = ("IT", "PR", "PK", "TK", "KG")
AFTER = ("PS", "UG", "AE")
FIRST = 1


def _place(code: str) -> int | None:
    """Where a code stands by its meaning: 1 to 12 for the numbered levels, KG right before."""
    if code.isascii() and code.isdecimal() and len(code) <= 3:
        return int(code)
    if code in BEFORE:
        return FIRST - len(BEFORE) + BEFORE.index(code)
    return None


def placed(codes: Iterable[str], taken: Collection[int]) -> list[tuple[str, str, int]]:
    """(code, name, sequence) of each new level: at its place by meaning where that is free, else after all others."""
    used = set(taken)
    levels: list[tuple[str, str, int]] = []
    order = sorted(codes, key=lambda code: (_place(code) is None, _place(code) or 0, code not in AFTER, code))
    for code in order:
        place = _place(code)
        if place is None or place in used:
            place = max([*used, FIRST - 1]) + 1
        used.add(place)
        levels.append((code, f"Class {code}" if code.isdecimal() else code, place))
    return levels


async def add_levels(run: Run, wanted: Sequence[str]) -> None:
    """Make the levels of these codes that the school does not have."""
    rows = await run.fetch("SELECT code, sequence FROM grade_level WHERE institution_id = :school")
    missing = set(wanted) - {row["code"] for row in rows}
    if not missing:
        return
    levels = placed(missing, [row["sequence"] for row in rows])
    await run.execute("CREATE TEMP TABLE given_level (code text, name text, sequence integer) ON COMMIT DROP")
    await run.driver.copy_records_to_table("given_level", records=levels)
    made = (
        "INSERT INTO grade_level (institution_id, code, name, sequence)"
        " SELECT :school, code, name, sequence FROM given_level ORDER BY sequence RETURNING *"
    )
    run.counts["grade_level"].inserted += await run.execute(inserted("grade_level", made))
