"""Hashing and checking of passwords, and which are refused."""

import bcrypt
import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from resolvers.errors import Invalid
from resolvers.identity import passwords
from resolvers.identity.passwords import check_password, hash_password, is_outdated, verify_password

GOOD = "correct horse battery"


@pytest.fixture(autouse=True)
def real(hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", hasher)


async def test_a_hash_is_argon2id_and_salted() -> None:
    first, second = await hash_password(GOOD), await hash_password(GOOD)
    assert first != second
    assert extract_parameters(first).type is Type.ID
    assert len(first) <= 255


async def test_only_the_password_itself_matches() -> None:
    made = await hash_password(GOOD)
    assert await verify_password(made, GOOD)
    for other in ("", GOOD + " ", GOOD.upper(), GOOD[:-1], "x" * 100_000, "\ud800", "\0"):
        assert not await verify_password(made, other)


def imported(password: str, prefix: bytes = b"2b") -> str:
    """What another system may have kept: bcrypt, at the least cost."""
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).replace(b"2b", prefix, 1).decode()


@pytest.mark.parametrize("prefix", [b"2a", b"2b", b"2y"])
async def test_a_bcrypt_hash_from_elsewhere_matches_its_password(prefix: bytes) -> None:
    made = imported(GOOD, prefix)
    assert await verify_password(made, GOOD)
    for other in ("", GOOD + " ", GOOD[:-1], "x" * 100_000, "\ud800", "\0"):
        assert not await verify_password(made, other)


async def test_bcrypt_looks_at_72_bytes_and_no_further() -> None:
    made = imported("é" * 36 + "the end")
    assert await verify_password(made, "é" * 36 + "another end")
    assert not await verify_password(made, "é" * 35 + "x" + "the end")


def test_what_costs_days_is_not_tried() -> None:
    assert not passwords._matches(imported(GOOD).replace("$04$", "$31$"), GOOD)


async def test_hashes_of_old_are_told_from_todays() -> None:
    assert is_outdated(imported(GOOD))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD))
    assert is_outdated(PasswordHasher(type=Type.I).hash(GOOD))
    assert not is_outdated(await hash_password(GOOD))


@pytest.mark.parametrize(
    "made", ["", "plain text", "$argon2id$v=19$m=65536,t=3,p=4$broken", "$2b$12$abcdefghijklmnopqrstuv"]
)
async def test_what_is_no_hash_matches_nothing(made: str) -> None:
    assert not await verify_password(made, GOOD)


async def test_what_looks_alike_is_alike() -> None:
    composed, decomposed = "caf\u00e9 au lait", "cafe\u0301 au lait"
    assert await verify_password(await hash_password(composed), decomposed)


async def test_half_a_surrogate_pair_is_a_password_of_its_own() -> None:
    made = await hash_password("abcdefgh\ud800")
    assert await verify_password(made, "abcdefgh\ud800")
    assert not await verify_password(made, "abcdefgh\ud801")


async def test_nobody_is_checked_with_the_parameters_of_everybody() -> None:
    assert not PasswordHasher().check_needs_rehash(passwords._NOBODY)
    assert extract_parameters(passwords._NOBODY) == extract_parameters(await hash_password(GOOD))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "has 0 characters, at least 8 are needed"),
        ("short7!", "has 7 characters, at least 8 are needed"),
        ("é" * 513, "has more than 1024 bytes"),
        ("password", "is one of the most common passwords"),
        ("PassWord", "is one of the most common passwords"),
        ("Password2026!", "is one of the most common passwords"),
        ("1234567890", "is one of the most common passwords"),
        ("zzzzzzzzzz", "is one of the most common passwords"),
        ("my-Admin.One-is-here", "contains the user name"),
    ],
)
def test_refused(password: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, username="admin.one")
    assert refusal.value.message == f"password: {reason}"
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    "password", [GOOD, "8 chars!", "éü" * 256, "пароль для школы", "passwordless life", "12345678 is not it"]
)
def test_accepted(password: str) -> None:
    check_password(password, username="admin.one")


def test_a_short_user_name_may_be_part_of_it() -> None:
    check_password(GOOD, username="or")
    check_password(GOOD, username=None)


def test_a_school_may_ask_for_more_and_never_for_less() -> None:
    with pytest.raises(Invalid, match="has 21 characters, at least 22 are needed"):
        check_password(GOOD, username="admin", shortest=22)
    with pytest.raises(Invalid, match="at least 8 are needed"):
        check_password("abcdefg", username="admin", shortest=4)


def test_the_common_ones_are_such_that_length_alone_would_pass() -> None:
    assert len(passwords.COMMON) >= 150
    assert all(len(each) >= passwords.SHORTEST and each == each.casefold() for each in passwords.COMMON)
