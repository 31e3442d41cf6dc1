"""Days as a school's people write them."""

import datetime

import pytest

from resolvers.institution.day_form import day_reader

DAY = datetime.date(2014, 2, 8)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dd-MM-yyyy", "08-02-2014"),
        ("dd-MM-yyyy", "8-2-2014"),
        ("dd-MM-yyyy", "2014-02-08"),
        ("M/d/yyyy", "2/8/2014"),
        ("yyyy, d. M", "2014, 8. 2"),
        ("d MMM yyyy", "2014-02-08"),
        ("d-d-yyyy", "2014-02-08"),
    ],
)
def test_days_are_read_in_both_forms(form: str, text: str) -> None:
    assert day_reader(form)(text) == DAY


@pytest.mark.parametrize(
    ("form", "text", "forms"),
    [
        ("dd-MM-yyyy", "30-02-2014", "YYYY-MM-DD or dd-MM-yyyy"),
        ("dd-MM-yyyy", "08.02.2014", "YYYY-MM-DD or dd-MM-yyyy"),
        ("dd.MM.yyyy", "08-02-2014", "YYYY-MM-DD or dd.MM.yyyy"),
        ("dd-MM-yyyy", "2014-2-8", "YYYY-MM-DD or dd-MM-yyyy"),
        ("d MMM yyyy", "8 Feb 2014", "YYYY-MM-DD"),
        ("dd-MM-yy", "08-02-14", "YYYY-MM-DD"),
        ("dd-MM-yy", "", "YYYY-MM-DD"),
    ],
)
def test_other_forms_are_refused(form: str, text: str, forms: str) -> None:
    with pytest.raises(ValueError, match=f"^is not a day in the form {forms}$"):
        day_reader(form)(text)
