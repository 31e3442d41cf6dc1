"""Sealing: what is sealed can be opened where it belongs and nowhere else, by whoever has the key."""

import copy
import itertools
import logging
import pickle

import pytest

from app.keys import new_key, parse_key
from resolvers.identity.tokens import Kind, new_token
from resolvers.sealing import Keys, Place, Sealer, SealError, header, key_id_of
from resolvers.secret import Secret, masked

ONE, TWO, INDEX, OTHER_INDEX = (parse_key(new_key()) for _ in range(4))
SEALER = Sealer(Keys({1: ONE}, INDEX))
PLACE = Place(7, "student", "national_id_sealed")
DIGITS = "234523452345"


@pytest.mark.parametrize("text", ["", DIGITS, "Asthma · ദമ", "x" * 2000])
def test_what_is_sealed_can_be_opened(text: str) -> None:
    sealed = SEALER.seal(PLACE, 3, text)
    assert SEALER.open(PLACE, 3, sealed) == text
    assert len(sealed) == 3 + 12 + len(text.encode()) + 16
    assert text == "" or text.encode() not in sealed


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    assert len({SEALER.seal(PLACE, 3, DIGITS) for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("place", "record"),
    [
        (PLACE, 4),
        (PLACE._replace(institution_id=8), 3),
        (PLACE._replace(table="guardian"), 3),
        (PLACE._replace(column="health_sealed"), 3),
        (Place(7, "student", "national_id_sealed/3"), 3),
    ],
)
def test_a_value_that_was_moved_cannot_be_opened(place: Place, record: int) -> None:
    sealed = SEALER.seal(PLACE, 3, DIGITS)
    with pytest.raises(SealError, match=f"record {record} in institution {place.institution_id} was not sealed for it"):
        SEALER.open(place, record, sealed)


def test_a_changed_bit_anywhere_is_noticed() -> None:
    sealed = SEALER.seal(PLACE, 3, DIGITS)
    for n in range(len(sealed)):
        changed = bytearray(sealed)
        changed[n] ^= 1
        with pytest.raises(SealError) as caught:
            SEALER.open(PLACE, 3, bytes(changed))
        assert DIGITS not in str(caught.value)
    for shorter in (b"", sealed[:30], sealed[:-1]):
        with pytest.raises(SealError):
            SEALER.open(PLACE, 3, shorter)


def test_the_first_key_seals_and_all_open() -> None:
    before = SEALER.seal(PLACE, 3, DIGITS)
    both = Sealer(Keys({2: TWO, 1: ONE}, INDEX))
    after = both.seal(PLACE, 3, DIGITS)
    assert (key_id_of(before), key_id_of(after)) == (1, 2)
    assert after.startswith(header(2))
    assert both.open(PLACE, 3, before) == both.open(PLACE, 3, after) == DIGITS


def test_a_key_that_is_not_known_is_named_by_its_id() -> None:
    sealed = Sealer(Keys({2: TWO}, INDEX)).seal(PLACE, 3, DIGITS)
    with pytest.raises(SealError, match="of record 3 in institution 7 was sealed with key 2, which is not among"):
        SEALER.open(PLACE, 3, sealed)


def test_another_key_under_the_same_id_does_not_open() -> None:
    sealed = Sealer(Keys({1: TWO}, INDEX)).seal(PLACE, 3, DIGITS)
    with pytest.raises(SealError, match="not with the key that is known as 1"):
        SEALER.open(PLACE, 3, sealed)


def test_an_index_is_the_same_for_equal_texts_of_one_column_in_one_school() -> None:
    secret = Secret(DIGITS)
    assert SEALER.index(PLACE, secret) == SEALER.index(PLACE, Secret(DIGITS))
    others = [
        SEALER.index(PLACE, Secret("234523452346")),
        SEALER.index(PLACE._replace(institution_id=8), secret),
        SEALER.index(PLACE._replace(column="other"), secret),
        SEALER.index(PLACE._replace(table="guardian"), secret),
        Sealer(Keys({1: ONE}, OTHER_INDEX)).index(PLACE, secret),
    ]
    assert len({SEALER.index(PLACE, secret), *others}) == 6
    assert {len(each) for each in others} == {32}


def test_while_the_index_is_made_anew_a_text_stands_under_both_keys() -> None:
    both = Sealer(Keys({1: ONE}, OTHER_INDEX, INDEX))
    secret = Secret(DIGITS)
    assert both.indexes(PLACE, secret) == [both.index(PLACE, secret), SEALER.index(PLACE, secret)]
    assert (both.indexing_anew, SEALER.indexing_anew) == (True, False)


def test_a_secret_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(DIGITS)
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s", secret, secret, [secret])
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>30}", format(secret)]
    assert all(DIGITS not in each and "***" in each for each in [*shown, caplog.text])
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not written down"):
            write(secret)
    assert secret.reveal() == DIGITS
    assert (secret == Secret(DIGITS), secret == DIGITS, len({secret, Secret(DIGITS)})) == (True, False, 1)


def test_keys_show_themselves_nowhere() -> None:
    keys = Keys({1: ONE}, INDEX, OTHER_INDEX)
    for shown in (repr(keys), repr(Sealer(keys)), repr(vars(Sealer(keys))["_ciphers"])):
        assert repr(ONE)[2:-1] not in shown
        assert repr(INDEX)[2:-1] not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("id 234523452345 of", "id *** of"),
        ("2345 2345 2345, 2345-2345-2345", "***, ***"),
        ("'234523452345'", "'***'"),
        ("a phone 9876500000", "a phone 9876500000"),
        ("1234567890123 and 2025-09-01 12:00", "1234567890123 and 2025-09-01 12:00"),
        ("٢٣٤٥", "٢٣٤٥"),
        (f"not {new_token(Kind.SESSION, 7)} again", "not sgs_7_*** again"),
        (f"{new_token(Kind.KEY, 12)},{new_token(Kind.RESET, 1)}", "sgk_12_***,sgr_1_***"),
        ("sgs_1_short", "sgs_1_short"),
    ],
    ids=itertools.count(),
)
def test_what_could_be_a_national_id_or_a_token_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
