"""RESULTS.md: sections that are measured by themselves, each written anew in its place."""

import re
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}\n"


def keep_section(title: str, text: str) -> None:
    """Put a section in place of the one with the same title; a new one goes before those of other commands."""
    found = RESULTS.read_text()
    old = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    new = section(title, text) + "\n"
    if old.search(found):
        found = old.sub(lambda _: new, found, count=1)
    else:
        found = re.sub(r"(?=^## The collector)", lambda _: new, found, count=1, flags=re.MULTILINE)
    RESULTS.write_text(found)
