"""Exact decimals in SQL: how an average is divided, and when it is rounded.

Every figure of marks goes through these, so that it is the same wherever it is shown:

    exact      a quotient with 60 decimals; nothing that is shown is worked out from a rounded value
    rounded    once, at the end, by the mode and the decimals of the grading scale; letters, passing and ranks go by it

A third has no last decimal. So before it is rounded a quotient is taken to 40 decimals: what is a half is then one
(49.995 is 49.995 also as the mean of three thirds), for whatever marks and weights have a common denominator below
10^35; those of a school have some ten digits.
"""

from models import RoundingMode

DECIMALS = 60
SNAPPED = 40


def quotient(numerator: str, denominator: str) -> str:
    """SQL: the exact quotient; NULL where the denominator is 0 or NULL."""
    return f"(round({numerator}, {DECIMALS}) / nullif({denominator}, 0))"


def snapped(value: str) -> str:
    """SQL: a quotient, or what was worked out from some, as it is compared: what is 0 is then 0."""
    return f"round({value}, {SNAPPED})"


def rounded(value: str, mode: str, decimals: str) -> str:
    """SQL: `value` rounded as `RoundingMode` says; a half goes up to the higher mark, below zero too."""
    number = snapped(value)
    unit = f"(10::numeric ^ {decimals})"
    scaled = f"({number} * {unit})"
    cases = {
        RoundingMode.HALF_UP: f"floor({scaled} + 0.5) / {unit}",
        RoundingMode.HALF_EVEN: f"CASE WHEN abs({scaled} - trunc({scaled})) = 0.5"
        f" THEN 2 * round({scaled} / 2) ELSE round({scaled}) END / {unit}",
        RoundingMode.DOWN: f"trunc({scaled}) / {unit}",
        RoundingMode.UP: f"ceil({scaled}) / {unit}",
    }
    whens = " ".join(f"WHEN '{each.value}' THEN {sql}" for each, sql in cases.items())
    return f"CASE {mode} {whens} END"


def scaled(score: str, low: str, high: str, scale: str) -> str:
    """SQL: a score between `low` and `high` carried over to the bounds of `scale`, a row with `min_score` and
    `max_score`: the lowest stays the lowest, the highest the highest, and what is half-way stays half-way.

    Exact where the bounds are the scale's; bounds without a range leave the score as it is.
    """
    same = f"({low} = {scale}.min_score AND {high} = {scale}.max_score)"
    share = quotient(f"({score} - {low}) * ({scale}.max_score - {scale}.min_score)", f"({high} - {low})")
    return f"CASE WHEN {same} OR {high} <= {low} THEN {score} ELSE {scale}.min_score + {share} END"


def shown(value: str) -> str:
    """SQL: a decimal as clients get it, text without trailing zeros."""
    return f"trim_scale({value})::text"
