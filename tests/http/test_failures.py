"""What clients are told when a field fails, and what stays in the log."""

import json
import logging

import pytest

from tests.http.conftest import Api, fields_of, only_error
from tests.http.sample import PROBLEMS, SECRET

INTERNAL = "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    "query",
    ["{ fault }", "{ lateFault }", "{ requiredFault }", "{ person { fault } }", "{ missing }", "{ large }"],
)
async def test_a_fault_is_masked_and_logged_under_its_id(
    api: Api, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = await api.post(query, headers={"x-request-id": "r-1"})
    (error,) = response.json()["errors"]

    assert response.status_code == 200
    assert error["message"] == "Internal error"
    assert error["extensions"].keys() == {"code", "id"}
    assert error["extensions"]["code"] == INTERNAL
    assert error["path"]
    assert error["locations"]
    for leak in (SECRET, "national", "postgresql", "RuntimeError", "LookupError", "1099511627776", "non-nullable"):
        assert leak not in response.text
    (record,) = (record for record in caplog.records if record.name == "schoolgraph.fault")
    assert fields_of(record)["id"] == error["extensions"]["id"]
    assert record.exc_info
    assert record.exc_info[2]


async def test_the_same_fault_in_every_row_is_one_fault(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    errors = (await api.post("{ people(count: 3) { doubt other: doubt } }")).json()["errors"]

    assert sorted(error["path"] for error in errors) == sorted(
        ["people", row, name] for row in range(3) for name in ("doubt", "other")
    )
    ids = {error["path"][2]: error["extensions"]["id"] for error in errors}
    assert {error["extensions"]["id"] for error in errors} == set(ids.values())
    assert len(set(ids.values())) == 2
    assert len([record for record in caplog.records if record.name == "schoolgraph.fault"]) == 2


@pytest.mark.parametrize("code", sorted(PROBLEMS))
async def test_a_domain_error_keeps_its_code_and_message(api: Api, code: str, caplog: pytest.LogCaptureFixture) -> None:
    response = await api.post("query($code: String!) { problem(code: $code) }", variables={"code": code})

    assert response.json() == {
        "data": {"problem": None},
        "errors": [
            {
                "message": f"No {code} today",
                "path": ["problem"],
                "locations": [{"line": 1, "column": 25}],
                "extensions": {"code": code, "field": "code"},
            }
        ],
    }
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_an_error_with_a_code_is_left_as_it_is(api: Api) -> None:
    (error,) = (await api.post("{ coded }")).json()["errors"]

    assert error["message"] == "Too much at once"
    assert error["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "cost": 9000}


async def test_a_statement_stopped_by_the_database_is_a_time_out(api: Api) -> None:
    (error,) = (await api.post("{ canceled }")).json()["errors"]

    assert error["extensions"]["code"] == "TIMEOUT"
    assert "statement" not in error["message"]


async def test_one_failing_field_does_not_hide_another(api: Api) -> None:
    body = (await api.post('{ a: fault b: problem(code: "CONFLICT") c: echo(text: "c") }')).json()

    assert body["data"] == {"a": None, "b": None, "c": "c"}
    codes = {error["path"][0]: error["extensions"]["code"] for error in body["errors"]}
    assert codes == {
        "a": INTERNAL,
        "b": "CONFLICT",
    }


async def test_a_fault_outside_any_field_is_masked_too(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    response = await api.post("{ __typename }", headers={"authorization": "Bearer broken"})

    assert response.status_code == 500
    assert only_error(response) == (INTERNAL, "Internal error")
    assert SECRET not in response.text
    fault = response.json()["errors"][0]["extensions"]["id"]
    assert [fields_of(record)["id"] for record in caplog.records if record.name == "schoolgraph.fault"] == [fault]


async def test_a_value_that_is_no_json_is_a_fault(api: Api) -> None:
    response = await api.post("{ opaque }")

    assert response.status_code == 500
    assert only_error(response) == (INTERNAL, "Internal error")


@pytest.mark.parametrize("query", ["{ nothing }", "{", "{ day(date: 7) }", "{ me @skip(if: 1) }"])
async def test_what_the_standard_says_of_a_document_is_never_masked(api: Api, query: str) -> None:
    (error,) = json.loads((await api.post(query)).content)["errors"]

    assert error["message"] != "Internal error"
    assert "path" not in error


async def test_a_value_found_unfit_only_when_it_is_used(api: Api) -> None:
    query = "query($right: Int) { add(left: 1, right: $right) }"

    assert (await api.post(query)).json() == {"data": {"add": 2}}
    (error,) = (await api.post(query, variables={"right": None})).json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"] != "Internal error"
