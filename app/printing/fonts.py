"""The typefaces of printed reports: Fira Sans, and Mukta where a text is in Devanagari.

Fira Sans has Latin with all its accents, Greek and Cyrillic. What neither has is printed as an empty box in PDF, which
the log tells; a browser that shows HTML has typefaces of its own for it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "FiraSans", "FiraSans-Bold"
DEVANAGARI, DEVANAGARI_BOLD = "Mukta", "Mukta-Bold"
_FILES = {
    PLAIN: ("fontpkg_fira_sans", "FiraSans-Regular.ttf"),
    BOLD: ("fontpkg_fira_sans", "FiraSans-Bold.ttf"),
    DEVANAGARI: ("fontpkg_mukta", "Mukta-Regular.ttf"),
    DEVANAGARI_BOLD: ("fontpkg_mukta", "Mukta-Bold.ttf"),
}
_LETTERS = "\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff\u200c\u200d"
# Words of one script stand in one piece, since letters take their shape from their neighbours.
_RUN = re.compile(f"[{_LETTERS}]+(?: +[{_LETTERS}]+)*")


@lru_cache(maxsize=1)
def register() -> frozenset[int]:
    """Make the typefaces known to the library; reading them takes a while, and is done once a process.

    Gives the places in Unicode of all letters that they have.
    """
    found: set[int] = set()
    for name, (package, file) in _FILES.items():
        font = TTFont(name, str(files(package) / "files" / file))
        pdfmetrics.registerFont(font)
        found |= font.face.charToGlyph.keys()
    return frozenset(found)


def lacking(texts: Iterable[str]) -> str:
    """The letters that none of the typefaces has, each once, in their order in Unicode."""
    known = register()
    letters = {letter for text in texts for letter in text}
    return "".join(sorted(letter for letter in letters if ord(letter) not in known and letter.isprintable()))


def in_devanagari(text: str) -> bool:
    return _RUN.search(text) is not None


def marked_up(text: str, *, bold: bool = False) -> str:
    """A text as the library's paragraphs take it: escaped, lines broken, each script in a typeface that has it."""
    name = DEVANAGARI_BOLD if bold else DEVANAGARI
    marked = _RUN.sub(lambda found: f'<font name="{name}">{found[0]}</font>', escape(text))
    return marked.replace("\n", "<br/>")
