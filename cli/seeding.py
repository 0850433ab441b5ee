"""The small demo company: people of every role, with accounts. Adding it again changes nothing."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import click
import httpx

NEWCOMER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo company; the username is the staff id."""

    staff_id: str
    name: str
    role: str
    department: str = "销售部"
    team: str = ""
    gender: str = "FEMALE"
    hired: str = "2023-03-01"


PEOPLE = (
    Person("li", "李雷", "sales_rep", team="一组", gender="MALE"),
    Person("wang", "王芳", "sales_rep", team="一组"),
    Person("zhao", "赵敏", "sales_rep", team="二组"),
    Person("xu", "徐新", "sales_rep", team="二组", gender="MALE", hired=""),
    Person("chen", "陈晨", "sales_rep", department="KA", team="KA"),
    Person("sun", "孙立", "supervisor", team="一组", gender="MALE"),
    Person("qian", "钱进", "supervisor", team="二组", gender="MALE"),
    Person("zhou", "周舟", "customer_service", department="客服部"),
    Person("wu", "吴昊", "manager", gender="MALE"),
    Person("zheng", "郑爽", "sales_manager"),
    Person("liu", "刘总", "general_manager", department="总经办", gender="MALE"),
    Person("feng", "冯华", "hr", department="人力资源部"),
)


def seed_demo_company(client: httpx.Client, password: str) -> list[dict[str, str]]:
    """Add the demo company as the administrator who `client` speaks for.

    Returns `{username, password, role, name}` of everybody, the administrator last. People and
    accounts that exist already stay as they are. Raises ClickException when one cannot be added.
    """
    newcomer = (date.today() - NEWCOMER).isoformat()  # noqa: DTZ011 - a day more or less is the same
    for person in PEOPLE:
        staff = {
            "staff_id": person.staff_id,
            "display_name": person.name,
            "gender": f"GENDER_{person.gender}",
            "hire_date": person.hired or newcomer,
            "department": person.department,
            "team": person.team,
            "roles": [person.role],
        }
        _add(client, "/v1/staff", {"staff": staff}, "STAFF_EXISTS")
        account = {
            "username": person.staff_id,
            "password": password,
            "staff_id": person.staff_id,
        }
        _add(client, "/v1/accounts", account, "ACCOUNT_EXISTS")
    logins = [
        {"username": p.staff_id, "password": password, "role": p.role, "name": p.name}
        for p in PEOPLE
    ]
    return [
        *logins,
        {"username": "admin", "password": password, "role": "administrator", "name": "系统管理员"},
    ]


def _add(client: httpx.Client, path: str, body: dict[str, Any], exists: str) -> None:
    headers = {"idempotency-key": str(uuid.uuid4())}
    answer = client.post(path, json=body, headers=headers)
    if answer.is_success:
        return
    try:
        reason = answer.json().get("reason", "")
    except ValueError:
        reason = ""
    if reason != exists:
        raise click.ClickException(f"{path}: {answer.status_code} {answer.text[:1000]}")
