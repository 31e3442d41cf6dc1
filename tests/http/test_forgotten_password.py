"""A forgotten password, from the letter to signing in; and that asking tells nothing."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app import mail
from app.urls import Urls
from tests.http.conftest import Api, client_of
from tests.http.school import Served, administering, bearer, fill, serving, sign_in
from tests.http.test_sign_in import counting, from_address
from tests.mail import HOST, Mailbox, receiving
from tests.waiting import until

ASK = (
    "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted errors { code } } }"
)
SET = "mutation($input: SetPasswordInput!) { setPassword(input: $input) { changed errors { code field } } }"
ACCEPTED = {"data": {"requestPasswordReset": {"accepted": True, "errors": []}}}
NEW = "a brand new secret"
PAGE = "https://app.example.org/password#{token}"


@asynccontextmanager
async def served_with_mail(urls: Urls, mailbox: Mailbox, **settings: Any) -> AsyncIterator[Served]:
    await fill(urls)
    async with receiving(mailbox):
        named = {"smtp_host": HOST, "smtp_port": mailbox.port, "smtp_from": "office@example.org"}
        async with serving(urls, **named, smtp_security="none", **settings) as served:
            async with administering(served) as admin:
                await admin.execute("UPDATE app_user SET email = 'Asha.Rao@example.org'")
            yield served


async def ask(api: Api, username: str = "asha", institution: str = "GAMMA") -> Any:
    given = {"institution": institution, "username": username}
    return (await api.post(ASK, variables={"input": given})).json()


async def arrived(mailbox: Mailbox, count: int = 1) -> str:
    """The text of the last letter."""

    async def there() -> bool:
        return len(mailbox.letters) >= count

    await until(there)
    assert len(mailbox.letters) == count
    text: str = mailbox.letters[-1].get_content()
    return text


@pytest.mark.parametrize("page", [None, PAGE])
async def test_from_the_letter_to_signing_in(empty_database: Urls, page: str | None) -> None:
    mailbox = Mailbox()
    async with (
        served_with_mail(empty_database, mailbox, password_reset_url=page) as served,
        client_of(served.app()) as client,
    ):
        api = Api(client)
        before = await sign_in(api)
        assert await ask(api, "ASHA.rao@example.org") == ACCEPTED
        text = await arrived(mailbox)
        assert mailbox.letters[0]["To"] == "Asha.Rao@example.org"
        token = re.search(r"sgr_\d+_[\w-]{43}", text)
        assert token is not None
        assert (f"https://app.example.org/password#{token[0]}" in text) == (page is not None)
        # That somebody has asked ends nothing.
        assert (await api.post("{ me { id } }", headers=bearer(before))).status_code == 200
        given = {"token": token[0], "newPassword": NEW}
        response = await api.post(SET, variables={"input": given}, headers=bearer("sgs_1_" + "x" * 43))
        assert response.json() == {"data": {"setPassword": {"changed": True, "errors": []}}}
        assert (await api.post("{ me { id } }", headers=bearer(before))).status_code == 401
        assert await sign_in(api) is None
        assert await sign_in(api, NEW) is not None


OTHERS = [
    ({"username": "nobody"}, "SELECT 1"),
    ({"institution": "NOWHERE"}, "SELECT 1"),
    ({}, "UPDATE app_user SET email = NULL"),
    ({}, "UPDATE app_user SET status = 'INACTIVE'"),
    ({}, "UPDATE app_user SET deleted_at = now()"),
    ({}, "UPDATE institution SET status = 'SUSPENDED'"),
]


@pytest.mark.parametrize(("given", "change"), OTHERS)
async def test_whether_there_is_somebody_to_write_to_cannot_be_told(
    empty_database: Urls, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], change: str
) -> None:
    mailbox = Mailbox()
    async with served_with_mail(empty_database, mailbox) as served, client_of(served.app()) as client:
        api = Api(client)
        with counting(served, monkeypatch) as known:
            assert await ask(api) == ACCEPTED
        await arrived(mailbox)
        async with administering(served) as admin:
            await admin.execute(change)
        with counting(served, monkeypatch) as unknown:
            assert await ask(api, **given) == ACCEPTED
        assert unknown == known
        async with administering(served) as admin:
            assert await admin.fetchval("SELECT count(*) FROM reset_token") == 1
            expected = 1 if "institution" in given else 2
            assert await admin.fetchval("SELECT count(*) FROM activity_log") == expected
    # Closed by now, which sends what waits.
    assert len(mailbox.letters) == 1


async def test_a_mailbox_is_not_filled(empty_database: Urls) -> None:
    mailbox = Mailbox()
    async with served_with_mail(empty_database, mailbox) as served, client_of(served.app()) as client:
        for _ in range(5):
            assert await ask(Api(client)) == ACCEPTED
        await arrived(mailbox, 3)
    assert len(mailbox.letters) == 3


async def test_whoever_asks_too_often_must_wait(empty_database: Urls) -> None:
    mailbox = Mailbox()
    async with (
        served_with_mail(empty_database, mailbox, login_failures_per_minute=2) as served,
        from_address(served, "192.0.2.1") as client,
    ):
        answers = [await ask(Api(client), f"user{number}") for number in range(3)]
        assert [answer.get("data") for answer in answers] == [
            *[ACCEPTED["data"]] * 2,
            {"requestPasswordReset": None},
        ]
        assert answers[2]["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_a_letter_that_nobody_takes_is_not_told(empty_database: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "PAUSE", 0.01)
    mailbox = Mailbox(refusals=99)
    async with served_with_mail(empty_database, mailbox) as served, client_of(served.app()) as client:
        assert await ask(Api(client)) == ACCEPTED
