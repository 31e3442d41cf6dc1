"""What a file is called, whatever its name was to be."""

import pytest

from app.tables.naming import disposition, file_name

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Roll 2026", "Roll 2026.csv"),
        ("roll.csv", "roll.csv"),
        ("../../etc/passwd", "etc passwd.csv"),
        ('a"b\r\nSet-Cookie: x=1; y', "a b Set-Cookie x=1 y.csv"),
        ("  ..hidden. ", "hidden.csv"),
        ("C:\\x|y?*<z>%41", "C x y z 41.csv"),
        ("", "export.csv"),
        ("///", "export.csv"),
        ("nul", "export nul.csv"),
        ("Com1.txt", "export Com1.txt.csv"),
        ("\u202egnp.exe", "gnp.exe.csv"),
        ("Klasse 7ä", "Klasse 7ä.csv"),
        ("x" * 300, "x" * 100 + ".csv"),
    ],
)
def test_a_name_is_harmless(wanted: str, name: str) -> None:
    assert file_name(wanted, "csv") == name


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Roll 2026.csv", 'attachment; filename="Roll 2026.csv"'),
        ("Räume 7.csv", "attachment; filename=\"Raume 7.csv\"; filename*=UTF-8''R%C3%A4ume%207.csv"),
        (
            "a\uff02\uff1b x\uff1d\uff0f\uff3c\uff05b.csv",
            'attachment; filename="a x= b.csv"; '
            "filename*=UTF-8''a%EF%BC%82%EF%BC%9B%20x%EF%BC%9D%EF%BC%8F%EF%BC%BC%EF%BC%85b.csv",
        ),
        (
            "\uff0e\uff0e\uff0fb.csv",
            "attachment; filename=\"b.csv\"; filename*=UTF-8''%EF%BC%8E%EF%BC%8E%EF%BC%8Fb.csv",
        ),
        (
            "छात्र.xlsx",
            "attachment; filename=\"export.xlsx\"; filename*=UTF-8''%E0%A4%9B%E0%A4%BE%E0%A4%A4%E0%A5%8D%E0%A4%B0.xlsx",
        ),
    ],
)
def test_a_name_that_is_not_ascii_comes_twice(name: str, header: str) -> None:
    assert disposition(name) == header
    assert header.isascii()
