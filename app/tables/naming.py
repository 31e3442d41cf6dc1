"""What a file is called where it is saved: a Content-Disposition header (RFC 6266) that every browser takes alike.

A name may come from the client, and so it is made harmless first: no path, nothing that a shell, a file system or the
header itself reads as a sign, no name that a system keeps for a device.
"""

import re
import unicodedata
from urllib.parse import quote

LONGEST = 100
_SIGNS = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|%;\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def file_name(wanted: str, extension: str) -> str:
    """A name with this extension; `wanted` may have it already."""
    name = _SIGNS.sub(" ", unicodedata.normalize("NFC", wanted))
    name = " ".join(name.split()).removesuffix(f".{extension}").strip(". ")[:LONGEST].strip(". ")
    if not name or _DEVICES.fullmatch(name):
        name = f"export {name}".strip()
    return f"{name}.{extension}"


def disposition(name: str) -> str:
    """The header's value; a name that is not ASCII comes twice, spelled for whoever knows only that first."""
    # Which makes signs of others that only look like them: a full-width quotation mark becomes a quotation mark.
    plain = _SIGNS.sub(" ", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    stem, _, extension = plain.rpartition(".")
    first = f'attachment; filename="{" ".join(stem.split()).strip(". ") or "export"}.{extension}"'
    return first if plain == name else f"{first}; filename*=UTF-8''{quote(name, safe='')}"
