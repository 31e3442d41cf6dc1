"""What depends on a school's LANGUAGE in its files: the decimal sign, yes and no, and the names of months.

A language without a line is written as English. Regions that write numbers unlike the rest of their language have a
line of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`months` are in full and short, January first."""

    decimal: str
    yes: str
    no: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]


def _words(decimal: str, yes: str, no: str, months: str, short: str) -> Words:
    return Words(decimal, yes, no, tuple(months.split()), tuple(short.split()))


ENGLISH = _words(
    ".",
    "yes",
    "no",
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
)
_SPANISH = (
    "sí",
    "no",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
)
_GERMAN = (
    "ja",
    "nein",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
)
LANGUAGES: Mapping[str, Words] = {
    "en": ENGLISH,
    "hi": _words(
        ".",
        "हाँ",
        "नहीं",
        "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
        "जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्टू॰ नव॰ दिस॰",
    ),
    "fr": _words(
        ",",
        "oui",
        "non",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    ),
    "de": _words(",", *_GERMAN),
    "de-ch": _words(".", *_GERMAN),
    "es": _words(",", *_SPANISH),
    "es-mx": _words(".", *_SPANISH),
    "pt": _words(
        ",",
        "sim",
        "não",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
    ),
}


def words_of(language: str) -> Words:
    """Of a code such as en or en-GB; of its language where the region has none."""
    code = language.lower()
    return LANGUAGES.get(code) or LANGUAGES.get(code.partition("-")[0]) or ENGLISH
