"""Score scales: OneRoster's pairs `{90-100:A}` as grading scales whose bands lie one above the other."""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.importing.auditing import deleted, inserted
from app.importing.diagnostics import warning
from app.importing.merging import Merge, keep, merge_rows, new, prepare, put, write
from app.importing.run import Run, known
from app.importing.settings_of import setting

FILE = "scoreScales.csv"
PAIR = re.compile(r"\{?\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)\s*:\s*([^{}:,]{1,10}?)\s*\}?", re.ASCII)
COUNTED = "the pass mark is not in the file: it is the school's where that lies inside, else the middle"


@dataclass(frozen=True)
class Scale:
    low: Decimal
    high: Decimal
    bands: tuple[tuple[str, Decimal], ...]


def read_scale(text: str) -> Scale | None:
    """Bands from the lowest up; None where the pairs are no ranges of numbers, or a letter or bound occurs twice."""
    found = [PAIR.fullmatch(part.strip()) for part in text.split(",")]
    pairs = sorted((Decimal(m[1]), Decimal(m[2]), m[3]) for m in found if m is not None)
    if not pairs or len(pairs) < len(found):
        return None
    lows, letters = {low for low, _, _ in pairs}, {letter for _, _, letter in pairs}
    if len(lows) < len(pairs) or len(letters) < len(pairs) or any(low > high for low, high, _ in pairs):
        return None
    low, high = pairs[0][0], max(high for _, high, _ in pairs)
    return Scale(low, high, tuple((letter, low) for low, _, letter in pairs)) if low < high else None


_SCALES = Merge(
    "grading_scale",
    "SELECT * FROM given_scale",
    (put("name"), put("min_score"), put("max_score"), new("pass_mark")),
    natural=("name",),
)
_LINKED = Merge(
    "course",
    f"""
SELECT DISTINCT ON (c.value) s.line, c.value AS source, k.record_id AS grading_scale_id
  FROM s_scorescales s JOIN {known("grading_scale")} k ON k.value = s.sourcedid
  JOIN {known("course")} c ON c.value = s.classsourcedid OR (s.classsourcedid IS NULL AND EXISTS
       (SELECT FROM s_classes x WHERE x.sourcedid = c.value AND x.coursesourcedid = s.coursesourcedid))
 WHERE NOT s.bad AND NOT s.gone ORDER BY c.value, s.classsourcedid NULLS LAST, s.line""",
    (keep("grading_scale_id"),),
    insert=False,
    name="scaled",
)
_BANDS = f"""
SELECT k.record_id AS grading_scale_id, g.letter, g.lower_bound FROM given_band g
  JOIN {known("grading_scale")} k ON k.value = g.source"""

# The school's scales: those of its classes or of its organisation, and those that it has already.
_OWN = f"""
SELECT s.line, s.sourcedid, s.title, s.scorescalevalue FROM s_scorescales s
 WHERE NOT s.bad AND NOT s.gone AND (s.sourcedid IN (SELECT value FROM {known("grading_scale")} k)
    OR EXISTS (SELECT FROM t_class t WHERE t.class = s.classsourcedid AND t.school = :org)
    OR EXISTS (SELECT FROM t_org o WHERE o.org = s.orgsourcedid AND o.school = :org)
    OR EXISTS (SELECT FROM s_classes c JOIN t_class t ON t.class = c.sourcedid
                WHERE c.coursesourcedid = s.coursesourcedid AND t.school = :org)) ORDER BY s.line"""


async def _give(run: Run) -> None:
    await run.execute(
        "CREATE TEMP TABLE given_scale (line integer, source text, name text, min_score numeric, max_score numeric,"
        " pass_mark numeric) ON COMMIT DROP"
    )
    await run.execute("CREATE TEMP TABLE given_band (source text, letter text, lower_bound numeric) ON COMMIT DROP")
    wanted = Decimal(await setting(run, "PASS_MARK", "5"))
    scales, bands = [], []
    for line, source, title, text in await run.fetch(_OWN):
        scale = read_scale(text)
        if scale is None:
            reason = "is no list of pairs like {90-100:A}; the scale is left out"
            where = {"column": "scoreScaleValue", "value": text, "institution": run.code}
            run.findings.add(warning("format", reason, FILE, line, **where))
            continue
        passing = wanted if scale.low < wanted <= scale.high else (scale.low + scale.high) / 2
        scales.append((line, source, title, scale.low, scale.high, passing))
        bands += [(source, letter, low) for letter, low in scale.bands]
    await run.driver.copy_records_to_table("given_scale", records=scales)
    await run.driver.copy_records_to_table("given_band", records=bands)


async def _replace_bands(run: Run) -> None:
    """Bands are replaced as a whole where they differ: moved one by one they would meet each other."""
    await run.execute(
        "CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT DISTINCT grading_scale_id FROM ("
        f" (SELECT * FROM ({_BANDS}) a EXCEPT SELECT grading_scale_id, letter, lower_bound FROM grading_scale_band"
        " WHERE institution_id = :school) UNION ALL (SELECT grading_scale_id, letter, lower_bound"
        " FROM grading_scale_band WHERE institution_id = :school AND grading_scale_id IN"
        f" (SELECT grading_scale_id FROM ({_BANDS}) b) EXCEPT SELECT * FROM ({_BANDS}) c)) x"
    )
    old = deleted("grading_scale_band", "t.grading_scale_id IN (SELECT grading_scale_id FROM moved)")
    run.counts["grading_scale_band"].deleted += await run.execute(old)
    rows = (
        "INSERT INTO grading_scale_band (institution_id, grading_scale_id, letter, lower_bound)"
        f" SELECT :school, n.* FROM ({_BANDS}) n WHERE n.grading_scale_id IN (SELECT grading_scale_id FROM moved)"
        " ORDER BY n.lower_bound RETURNING *"
    )
    run.counts["grading_scale_band"].inserted += await run.execute(inserted("grading_scale_band", rows))


async def load_scales(run: Run) -> None:
    await _give(run)
    await prepare(run, _SCALES)
    found = "SELECT line, pass_mark FROM in_grading_scale WHERE fresh ORDER BY line"
    await run.warn("pass_mark", COUNTED, FILE, "scoreScaleValue", found)
    taken = (
        "EXISTS (SELECT FROM grading_scale b WHERE b.institution_id = :school AND b.name = i.name AND b.id <> i.id)"
        " OR EXISTS (SELECT FROM in_grading_scale b WHERE b.name = i.name AND b.line < i.line)"
    )
    reason = "the school has another scale of this title"
    await run.reject("in_grading_scale", taken, "name_taken", reason, FILE, "title", "line, name")
    await write(run, _SCALES)
    await _replace_bands(run)
    await merge_rows(run, _LINKED)
