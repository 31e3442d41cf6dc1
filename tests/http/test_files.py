"""Photos and the logo over HTTP: uploaded, kept, served to whoever sees them, and gone with their last owner."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from app.owner import owner_session
from models import Institution, Student
from resolvers.files.picture import picture
from tests import factories
from tests.factories import gid
from tests.files.samples import JPEG, PNG, SAID, png
from tests.http.file_site import USERS, Site
from tests.http.school import administering, bearer
from tests.waiting import until


async def settled(site: Site) -> None:
    """Wait until nothing is left to be looked after."""
    keeper = site.served.database.files
    assert keeper is not None
    await keeper.settled()


async def test_who_gets_a_photo(site: Site) -> None:
    url = await site.set_photo(JPEG)
    found = {who: await site.get(url, who) for who in (*USERS, "zoe", None)}
    statuses = {who: response.status_code for who, response in found.items()}
    assert statuses == {"asha": 200, "gita": 200, "sita": 200, "tara": 404, "hari": 404, "zoe": 404, None: 401}
    absent = await site.get("/files/999999999", "hari")
    assert (
        found["hari"].json()
        == absent.json()
        == {"errors": [{"message": "There is no such file", "extensions": {"code": "NOT_FOUND"}}]}
    )
    assert dict(found["hari"].headers) | {"x-request-id": ""} == dict(absent.headers) | {"x-request-id": ""}
    assert found["gita"].content == picture(JPEG, "photo").content
    assert SAID not in found["gita"].content


async def test_how_a_photo_is_served(site: Site) -> None:
    url = await site.set_photo(PNG)
    response = await site.get(url, "gita")
    tag = response.headers["etag"]
    headers = {name: response.headers[name] for name in response.headers if name not in ("x-request-id", "etag")}
    assert headers == {
        "cache-control": "private, no-cache",
        "content-disposition": 'inline; filename="photo.png"',
        "content-length": str(len(response.content)),
        "content-security-policy": "default-src 'none'; sandbox",
        "content-type": "image/png",
        "cross-origin-resource-policy": "same-site",
        "vary": "Authorization, Cookie, Origin",
        "x-content-type-options": "nosniff",
    }
    known = await site.get(url, "gita", if_none_match=tag)
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    other = await site.get(url, "gita", if_none_match='"another"')
    assert other.status_code == 200
    hidden = await site.get(url, "hari", if_none_match=tag)
    assert hidden.status_code == 404


async def test_a_cookie_counts_from_trusted_pages_only(site: Site) -> None:
    url = await site.set_photo(PNG)
    cookie = {"cookie": f"__Host-schoolgraph={site.tokens['gita']}"}
    own = await site.client.get(url, headers=cookie | {"sec-fetch-site": "same-origin"})
    others = await site.client.get(url, headers=cookie | {"sec-fetch-site": "cross-site"})
    assert (own.status_code, others.status_code) == (200, 403)


async def test_other_methods_and_places(site: Site) -> None:
    url = await site.set_photo(PNG)
    head = await site.client.head(url, headers=bearer(site.tokens["gita"]))
    assert (head.status_code, head.content) == (200, b"")
    assert (await site.client.post(url, headers=bearer(site.tokens["gita"]))).status_code == 405
    for place in ("/files/", "/files/x", "/files/-1", "/files/1/2", f"/files/{2**70}"):
        assert (await site.get(place, "asha")).status_code == 404, place


async def test_whoever_gets_a_photo_stands_in_the_access_log(site: Site) -> None:
    """As a reader of the students whom they see, and of nobody else who has the same picture."""
    url = await site.set_photo(PNG)
    async with owner_session(site.served.urls) as session:
        student = (await session.scalars(select(Student).where(Student.id == int(site.student[4:])))).one()
        school = await session.get_one(Institution, student.institution_id)
        await factories.create_student(session, school, photo_id=student.photo_id)
    await site.get(url, "gita")
    await site.get(url, "hari")
    async with administering(site.served) as admin:

        async def told() -> bool:
            rows = await admin.fetch(
                "SELECT u.username, l.student_ids FROM access_log l JOIN app_user u ON u.id = l.actor_id"
                " WHERE l.purpose = 'file'"
            )
            assert len(rows) <= 1
            return [(row["username"], row["student_ids"]) for row in rows] == [("gita", [int(site.student[4:])])]

        await until(told)


async def test_the_logo_is_everybodys_in_the_school(site: Site) -> None:
    answer = await site.mutate("setSchoolLogo", id=site.profile, version=1, logo=png(64, 64))
    assert answer == {"data": {"it": {"errors": []}}}
    ask = {"query": "{ schoolProfile { logo { url width } } }"}
    found = (await site.client.post("/graphql", json=ask, headers=bearer(site.tokens["hari"]))).json()
    logo = found["data"]["schoolProfile"]["logo"]
    assert logo["width"] == 64
    statuses = [(await site.get(logo["url"], who)).status_code for who in ("hari", "sita", "tara", "zoe")]
    assert statuses == [200, 200, 200, 404]


async def test_only_the_last_photo_is_kept(site: Site) -> None:
    first = await site.set_photo(JPEG)
    second = await site.set_photo(PNG)
    await settled(site)
    assert len(site.kept()) == 1
    assert (await site.get(first, "asha")).status_code == 404
    assert (await site.get(second, "asha")).status_code == 200
    assert await site.mutate("clearStudentPhoto", id=site.student, version=site.version) == {
        "data": {"it": {"errors": []}}
    }
    await settled(site)
    assert site.kept() == []
    assert (await site.get(second, "asha")).status_code == 404


@pytest.mark.parametrize(
    ("who", "change", "code"),
    [("asha", {"version": 7}, "CONFLICT"), ("asha", {"id": "stu_999999"}, "NOT_FOUND")],
    ids=["stale", "absent"],
)
async def test_what_is_refused_leaves_nothing_behind(site: Site, who: str, change: dict[str, Any], code: str) -> None:
    given = {"id": site.student, "version": 1, "photo": JPEG} | change
    answer = await site.mutate("setStudentPhoto", who, **given)
    assert [error["code"] for error in answer["data"]["it"]["errors"]] == [code]
    await settled(site)
    assert site.kept() == []


async def test_a_transaction_that_the_database_ends_leaves_nothing_behind(site: Site) -> None:
    """The bytes are there before the row is committed, and go when it is not."""
    async with administering(site.served) as admin:
        await admin.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room'; END $$;"
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON stored_file"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        answer = await site.mutate("setStudentPhoto", id=site.student, version=1, photo=JPEG)
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        await settled(site)
        assert site.kept() == []
        await admin.execute("DROP FUNCTION refuse() CASCADE")
    await site.set_photo(JPEG)
    assert len(site.kept()) == 1


async def test_a_store_that_is_full_refuses_the_whole(site: Site) -> None:
    site.folder.mkdir()
    in_the_way = [site.folder / str(number) for number in range(10)]
    for path in in_the_way:
        path.touch()
    answer = await site.mutate("setStudentPhoto", id=site.student, version=1, photo=JPEG)
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    ask = {"query": f'{{ student(id: "{site.student}") {{ version photo {{ id }} }} }}'}
    found = (await site.client.post("/graphql", json=ask, headers=bearer(site.tokens["asha"]))).json()
    assert found["data"]["student"] == {"version": 1, "photo": None}
    for path in in_the_way:
        path.unlink()


async def test_the_same_picture_given_and_taken_at_once_is_kept(site: Site) -> None:
    """Whoever gives up a picture does not take its bytes away from somebody who is just given it."""
    async with owner_session(site.served.urls) as session:
        student = (await session.scalars(select(Student).where(Student.id == int(site.student[4:])))).one()
        school = await session.get_one(Institution, student.institution_id)
        others = [gid(await factories.create_student(session, school)) for _ in range(4)]
    await site.set_photo(JPEG)
    clear = site.mutate("clearStudentPhoto", id=site.student, version=site.version)
    gives = [site.mutate("setStudentPhoto", id=other, version=1, photo=JPEG) for other in others]
    answers = await asyncio.gather(clear, *gives)
    assert answers == [{"data": {"it": {"errors": []}}}] * 5
    await settled(site)
    assert len(site.kept()) == 1
    for other in others[:-1]:
        await site.mutate("clearStudentPhoto", id=other, version=2)
    await settled(site)
    assert len(site.kept()) == 1
    await site.mutate("clearStudentPhoto", id=others[-1], version=2)
    await settled(site)
    assert site.kept() == []


async def test_erasing_a_student_removes_the_photo(site: Site) -> None:
    url = await site.set_photo(JPEG)
    document = (
        "mutation($s: ID!, $dry: Boolean!) { eraseSubject(input: { student: $s, dryRun: $dry }) { errors { code } } }"
    )
    for dry in (True, False):
        call = {"query": document, "variables": {"s": site.student, "dry": dry}}
        answer = (await site.client.post("/graphql", json=call, headers=bearer(site.tokens["asha"]))).json()
        assert answer["data"]["eraseSubject"] == {"errors": []}
        await settled(site)
        assert len(site.kept()) == (1 if dry else 0)
    assert (await site.get(url, "asha")).status_code == 404
