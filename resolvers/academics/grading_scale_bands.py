"""Letters of a grading scale, which are written as a whole: they cover the scale without a gap.

Each begins at its lower bound and ends where the next one begins, the best at the highest mark, so there is no gap if
the lowest begins at the lowest mark and all begin within the scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models import GradingScale, GradingScaleBand
from resolvers.constraints import Rule, keep
from resolvers.errors import Checks, Conflict, DomainError, Invalid, shown, within
from resolvers.unit_of_work import Change
from resolvers.writing.records import Records

LETTER_TWICE = Rule(Conflict, "letter", "is another band's of the scale already")
BOUND_TWICE = Rule(Conflict, "lowerBound", "is another band's of the scale already")

keep(
    {
        "uq_grading_scale_band_institution_id_grading_scale_id_letter": LETTER_TWICE,
        "uq_grading_scale_band_institution_id_grading_scale_id_lower_bound": BOUND_TWICE,
    }
)
BANDS = Records(GradingScaleBand)
Values = Mapping[str, Any]


async def bands_of(change: Change, scale: GradingScale) -> Sequence[GradingScaleBand]:
    """The letters of a scale, the lowest first."""
    found = select(GradingScaleBand).where(
        GradingScaleBand.institution_id == change.institution_id, GradingScaleBand.grading_scale_id == scale.id
    )
    return (await change.session.scalars(found.order_by(GradingScaleBand.lower_bound))).all()


def _wrong(place: int, bands: Sequence[Values], scale: GradingScale) -> Iterator[DomainError]:
    letter, bound = bands[place]["letter"].strip(), bands[place]["lower_bound"]
    before = bands[:place]
    if any(other["letter"].strip() == letter for other in before):
        yield Invalid(f"letter: {shown(letter)} is given twice", field="letter")
    if any(other["lower_bound"] == bound for other in before):
        yield Invalid(f"lowerBound: {bound} is given twice", field="lowerBound")
    if not scale.min_score <= bound <= scale.max_score:
        span = f"{scale.min_score:f} to {scale.max_score:f}"
        yield Invalid(f"lowerBound: {bound} is not on the scale, {span}", field="lowerBound")


def check_bands(scale: GradingScale, bands: Sequence[Values]) -> None:
    """Raise Invalid where new letters do not cover the scale."""
    checks = Checks()
    for place in range(len(bands)):
        for error in _wrong(place, bands, scale):
            with checks, within(f"bands.{place}"):
                raise error
    lowest = min((band["lower_bound"] for band in bands), default=scale.min_score)
    if lowest > scale.min_score:
        checks.errors.append(_gap("bands", scale.min_score, lowest))
    checks.done()


def check_fit(scale: GradingScale, bands: Sequence[GradingScaleBand], checks: Checks) -> None:
    """That the letters that a scale has still cover it; they are the lowest first."""
    if bands and bands[0].lower_bound != scale.min_score:
        checks.errors.append(_gap("minScore", scale.min_score, bands[0].lower_bound))
    if bands and bands[-1].lower_bound > scale.max_score:
        text = f"maxScore: {scale.max_score:f} is below {bands[-1].lower_bound:f}, where {bands[-1].letter} begins"
        checks.errors.append(Invalid(f"{text}: give the bands too", field="maxScore"))


def _gap(field: str, lowest: Decimal, first: Decimal) -> Invalid:
    text = f"{field}: the scale begins at {lowest:f}, and its lowest band at {first:f}"
    return Invalid(text, field=field)


async def write_bands(change: Change, scale: GradingScale, bands: Sequence[Values]) -> bool:
    """Make these the letters of a scale; gives whether any was another."""
    check_bands(scale, bands)
    wanted = {(band["letter"].strip(), band["lower_bound"]): band.get("points") for band in bands}
    kept = set()
    differs = False
    # What goes leaves its letter and bound to what comes.
    for row in await bands_of(change, scale):
        place = (row.letter, row.lower_bound)
        if place in wanted:
            kept.add(place)
            differs |= await BANDS.alter(change, row, {"points": wanted[place]})
        else:
            await BANDS.remove(change, row)
            differs = True
    for number, band in enumerate(bands):
        if (band["letter"].strip(), band["lower_bound"]) not in kept:
            with within(f"bands.{number}"):
                await BANDS.add(change, {**band, "grading_scale": scale.id})
            differs = True
    return differs
