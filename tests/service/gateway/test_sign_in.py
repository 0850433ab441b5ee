"""Accounts, sessions and tokens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from crm.ownership.v1 import ownership_pb2

from chassis.identity import Verifier
from chassis.kernel import Refused
from services.gateway.app.accounts import create_account
from services.gateway.store import tables
from tests.service.gateway.running import PASSWORD, QUICK, Gateway


def refresh(gateway: Gateway, token: str) -> httpx.Response:
    return gateway.http.post("/v1/token:refresh", json={"refresh_token": token})


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reason"]


def test_signing_in_gives_a_token_with_the_roles_of_now(gateway: Gateway) -> None:
    gateway.add("Alice", "s1", "sales_rep")
    answer = gateway.login("ＡＬＩＣＥ ").json()
    assert answer["staff"] == {
        "staff_id": "s1",
        "display_name": "员工s1",
        "roles": ["sales_rep"],
        "department": "KA",
        "team": "",
    }
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
    identity = Verifier(gateway.public_keys).verify(answer["access_token"], gateway.clock())
    assert identity.roles == {"sales_rep"}

    gateway.staff.put("s1", "supervisor")
    renewed = refresh(gateway, answer["refresh_token"]).json()
    headers = {"authorization": f"Bearer {renewed['access_token']}"}
    me = gateway.http.get("/v1/me", headers=headers).json()
    assert me["staff"]["roles"] == ["supervisor"]


def test_nobody_becomes_a_service_by_a_role(gateway: Gateway) -> None:
    gateway.add("alice", "s1", "system", "sales_rep")
    assert gateway.login("alice").json()["staff"]["roles"] == ["sales_rep"]


def test_every_failed_sign_in_looks_alike(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    gateway.add("bob", "s2")
    admin = gateway.bearer("administrator")
    assert gateway.http.post("/v1/accounts/bob:disable", json={}, headers=admin).status_code == 200
    answers = [
        gateway.login("alice", "wrong"),
        gateway.login("nobody", PASSWORD),
        gateway.login("bob", PASSWORD),
        gateway.login("'; DROP TABLE account; --", PASSWORD),
        gateway.login("客" * 200, "x" * 1000),
    ]
    bodies = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {401}
    assert all(body == bodies[0] for body in bodies)
    assert answers[0].headers["www-authenticate"] == "Bearer"
    gateway.http.post("/v1/accounts/bob:enable", json={}, headers=admin)
    assert gateway.login("bob").status_code == 200


def test_an_account_without_a_person_cannot_sign_in(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    gateway.staff.people.clear()
    assert reason(gateway.login("alice")) == (403, "NOT_ON_STAFF")


def test_who_left_gets_no_new_token(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    gateway.staff.people["s1"].state = ownership_pb2.STAFF_STATE_DEPARTED
    assert reason(gateway.login("alice")) == (403, "NOT_ON_STAFF")
    assert reason(refresh(gateway, token)) == (403, "NOT_ON_STAFF")
    gateway.staff.people["s1"].state = ownership_pb2.STAFF_STATE_MOVED_OUT
    assert gateway.login("alice").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "alice"},
        {"username": "alice", "password": 5},
        {"username": "alice", "password": "x" * 1001},
        {"username": "a" * 10_000, "password": "x"},
        {"username": "a\u0000b", "password": "x"},
        {"username": "alice", "password": "x", "admin": True},
    ],
)
def test_a_malformed_sign_in_is_refused(gateway: Gateway, body: dict[str, Any]) -> None:
    assert reason(gateway.http.post("/v1/login", json=body)) == (400, "INVALID_REQUEST")


def test_no_secret_is_stored(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    with gateway.database.read() as connection:
        rows = [
            str(tuple(row))
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
        ]
    assert len(rows) == 3
    assert not any(PASSWORD in row or token in row for row in rows)
    assert "$argon2id$" in "".join(rows)


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    first = gateway.login("alice").json()["refresh_token"]
    other = gateway.login("alice").json()["refresh_token"]
    second = refresh(gateway, first).json()["refresh_token"]
    third = refresh(gateway, second).json()["refresh_token"]
    gateway.clock.move(seconds=30)
    assert reason(refresh(gateway, first)) == (401, "SESSION_OVER")
    assert reason(refresh(gateway, third)) == (401, "SESSION_OVER")
    assert refresh(gateway, other).status_code == 200


def test_a_refresh_whose_answer_was_lost_is_answered_again(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    first = gateway.login("alice").json()["refresh_token"]
    second = refresh(gateway, first).json()["refresh_token"]
    gateway.clock.move(seconds=29.9)
    assert refresh(gateway, first).json()["refresh_token"] == second
    third = refresh(gateway, second).json()["refresh_token"]
    assert refresh(gateway, first).json()["refresh_token"] == third
    gateway.clock.move(seconds=30)
    assert refresh(gateway, third).status_code == 200


def test_refreshes_at_once_leave_one_live_token(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(gateway, token), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    (live,) = {answer.json()["refresh_token"] for answer in answers}
    gateway.clock.move(seconds=30)
    assert refresh(gateway, live).status_code == 200
    with gateway.database.read() as connection:
        unused = tables.refresh_token.c.used_at.is_(None)
        count = sa.select(sa.func.count()).select_from(tables.refresh_token).where(unused)
        assert connection.execute(count).scalar() == 1


def test_a_repeated_refresh_opens_no_session_that_has_ended(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    first = gateway.login("alice").json()["refresh_token"]
    second = refresh(gateway, first).json()["refresh_token"]
    gateway.http.post("/v1/logout", json={"refresh_token": second})
    assert reason(refresh(gateway, first)) == (401, "SESSION_OVER")


def test_a_refresh_that_the_directory_cannot_answer_spends_nothing(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    person = gateway.staff.people.pop("s1")
    assert refresh(gateway, token).status_code == 403
    gateway.staff.people["s1"] = person
    assert refresh(gateway, token).status_code == 200


@pytest.mark.parametrize(
    ("move", "status"),
    [({"days": 6.9}, 200), ({"days": 7}, 401)],
)
def test_a_refresh_token_expires(gateway: Gateway, move: dict[str, float], status: int) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    gateway.clock.move(**move)
    assert refresh(gateway, token).status_code == status


def test_a_session_ends_however_often_it_is_refreshed(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    for _ in range(4):
        gateway.clock.move(days=6)
        token = refresh(gateway, token).json()["refresh_token"]
    gateway.clock.move(days=6)
    assert reason(refresh(gateway, token)) == (401, "SESSION_OVER")


def test_signing_out_ends_the_session_and_tells_nothing(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    for one in (token, token, "unknown"):
        answer = gateway.http.post("/v1/logout", json={"refresh_token": one})
        assert (answer.status_code, answer.json()) == (200, {})
    assert reason(refresh(gateway, token)) == (401, "SESSION_OVER")


def test_an_administrator_adds_accounts(gateway: Gateway) -> None:
    admin = gateway.bearer("administrator", staff_id="boss")
    gateway.staff.put("s9", "sales_rep")
    body = {"username": "Carol", "password": PASSWORD, "staff_id": "s9"}
    created = gateway.http.post("/v1/accounts", json=body, headers=admin)
    assert created.json()["account"]["username"] == "carol"
    assert reason(gateway.http.post("/v1/accounts", json=body, headers=admin)) == (
        409,
        "ACCOUNT_EXISTS",
    )
    assert gateway.login("carol").status_code == 200
    unknown = {**body, "username": "dan", "staff_id": "s10"}
    assert reason(gateway.http.post("/v1/accounts", json=unknown, headers=admin)) == (
        403,
        "NOT_ON_STAFF",
    )


@pytest.mark.parametrize(
    ("username", "password", "pointers"),
    [
        ("a b", "long enough", ["#/username"]),
        ("a" * 65, "long enough", ["#/username"]),
        ("x'; --", "short", ["#/username", "#/password"]),
        ("carol-anne", "Carol-Anne", ["#/password"]),
        ("carol", "x" * 201, ["#/password"]),
    ],
)
def test_bad_accounts_are_refused(
    gateway: Gateway, username: str, password: str, pointers: list[str]
) -> None:
    gateway.staff.put("s9")
    answer = gateway.http.post(
        "/v1/accounts",
        json={"username": username, "password": password, "staff_id": "s9"},
        headers=gateway.bearer("administrator"),
    )
    assert reason(answer) == (400, "BAD_ACCOUNT")
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    with pytest.raises(Refused, match="BAD_ACCOUNT"):
        create_account(
            gateway.database,
            username=username,
            password=password,
            staff_id="s9",
            now=gateway.clock(),
            hasher=QUICK,
        )


def test_accounts_are_listed_in_pages(gateway: Gateway) -> None:
    for number in range(5):
        gateway.add(f"u{number}", f"s{number}")
    admin = gateway.bearer("administrator")
    names: list[str] = []
    token = ""
    for _ in range(3):
        params = {"page_size": "2", "page_token": token}
        page = gateway.http.get("/v1/accounts", params=params, headers=admin).json()
        names += [account["username"] for account in page["accounts"]]
        token = page["next_page_token"]
    assert names == ["u0", "u1", "u2", "u3", "u4"]
    assert (token, page["total_size"]) == ("", 5)
    gateway.http.post("/v1/accounts/u3:disable", json={}, headers=admin)
    for params, expected in (
        ({"query": "U1"}, ["u1"]),
        ({"query": "s4"}, ["u4"]),
        ({"disabled": "true"}, ["u3"]),
        ({"query": "%"}, []),
    ):
        page = gateway.http.get("/v1/accounts", params=params, headers=admin).json()
        assert [account["username"] for account in page["accounts"]] == expected
        assert page["total_size"] == len(expected)
    wrong = gateway.http.get("/v1/accounts?page_token=%FF", headers=admin)
    assert wrong.status_code == 400
    wrong = gateway.http.get("/v1/accounts?page_token=x&page_size=-1", headers=admin)
    assert wrong.status_code == 400


def set_password(gateway: Gateway, headers: dict[str, str], **body: str) -> httpx.Response:
    return gateway.http.post("/v1/accounts/alice:setPassword", json=body, headers=headers)


def test_everyone_may_set_their_own_password(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    own = gateway.bearer(staff_id="s1")
    new = "another password"
    wrong = set_password(gateway, own, new_password=new, current_password="wrong")
    assert reason(wrong) == (403, "WRONG_PASSWORD")
    assert reason(set_password(gateway, own, new_password=new)) == (403, "WRONG_PASSWORD")
    done = set_password(gateway, own, new_password=new, current_password=PASSWORD)
    assert done.status_code == 200
    assert gateway.login("alice").status_code == 401
    assert gateway.login("alice", new).status_code == 200
    assert reason(refresh(gateway, token)) == (401, "SESSION_OVER")


def test_only_administrators_manage_others(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    other, admin = gateway.bearer("sales_rep", staff_id="s2"), gateway.bearer("administrator")
    new = {"new_password": "another password"}
    assert reason(set_password(gateway, other, **new))[0] == 403
    for path in ("alice", "nobody"):
        for verb in ("disable", "enable", "setPassword"):
            url, body = f"/v1/accounts/{path}:{verb}", new if verb == "setPassword" else {}
            assert gateway.http.post(url, json=body, headers=other).status_code == 403
    assert gateway.http.get("/v1/accounts", headers=other).status_code == 403
    boss = gateway.bearer("administrator", staff_id="boss")
    assert set_password(gateway, boss, **new).status_code == 200
    gone = gateway.http.post("/v1/accounts/nobody:disable", json={}, headers=admin)
    assert reason(gone) == (404, "NO_SUCH_ACCOUNT")


def test_disabling_an_account_ends_its_sessions(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    token = gateway.login("alice").json()["refresh_token"]
    admin = gateway.bearer("administrator", staff_id="boss")
    done = gateway.http.post("/v1/accounts/alice:disable", json={}, headers=admin)
    assert done.json()["account"]["disabled"] is True
    assert reason(refresh(gateway, token)) == (401, "SESSION_OVER")


def test_an_access_token_outlives_its_session_by_minutes_only(gateway: Gateway) -> None:
    gateway.add("alice", "s1")
    answer = gateway.login("alice").json()
    headers = {"authorization": f"Bearer {answer['access_token']}"}
    gateway.http.post("/v1/logout", json={"refresh_token": answer["refresh_token"]})
    assert gateway.http.get("/v1/me", headers=headers).status_code == 200
    gateway.clock.now += timedelta(minutes=15)
    assert reason(gateway.http.get("/v1/me", headers=headers)) == (401, "UNAUTHENTICATED")
