"""Who works in the company: reps in teams, their superiors, Customer Service, management."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅云飞宇浩博文思远佳怡晨曦"
TEAM_SIZE = 13
NEWCOMERS = 0.15
SALES, KEY_ACCOUNTS, SERVICE = "销售部", "KA", "客服部"
"""Departments; the pack's rules speak of the key accounts' by this name."""
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the company. `diligence` is how surely a rep keeps a deadline, from 0 to 1."""

    staff_id: str
    name: str
    role: str
    hired: date
    department: str = SALES
    team: str = ""
    diligence: float = 1.0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """How large the company is."""

    reps: int
    clerks: int
    customers_each: int

    @property
    def teams(self) -> int:
        """The number of teams; the last is the key-account department's."""
        return max(2, round(self.reps / TEAM_SIZE))


COMPANY = Size(reps=100, clerks=6, customers_each=9)
BRANCH = Size(reps=24, clerks=3, customers_each=10)
SMALL = Size(reps=10, clerks=2, customers_each=4)


def cast(size: Size, first_day: date, random: Random) -> Iterator[Member]:
    """Yield everybody, the reps of each team in turn before their supervisor."""
    names = _names(random)
    long_ago = first_day - timedelta(days=900)
    for number in range(size.teams):
        last = number == size.teams - 1
        department, team = (KEY_ACCOUNTS, KEY_ACCOUNTS) if last else (SALES, team_name(number + 1))
        for rep in range(number, size.reps, size.teams):
            newcomer = random.random() < NEWCOMERS
            days = random.randint(5, 80) if newcomer else random.randint(120, 2000)
            yield Member(
                f"rep{rep + 1:03}",
                next(names),
                "sales_rep",
                first_day - timedelta(days=days),
                department,
                team,
                random.choice((0.55, 0.8, 0.9, 0.95, 1.0)),
                size.customers_each if rep % 25 == 1 else 0,
            )
        supervisor = superior_of(team)
        yield Member(supervisor, next(names), "supervisor", long_ago, department, team)
    for number in range(size.clerks):
        yield Member(f"cs{number + 1}", next(names), "customer_service", long_ago, SERVICE)
    for staff_id, role, department in (
        ("manager", "manager", SALES),
        ("salesmgr", "sales_manager", SALES),
        ("gm", "general_manager", "总经办"),
        ("hr", "hr", "人力资源部"),
        ("marketing", "marketing_centre", "市场部"),
    ):
        yield Member(staff_id, next(names), role, long_ago, department)


def team_name(number: int) -> str:
    """Return how a team of the sales department is called; numbers begin at 1."""
    return f"{NUMERALS[number - 1]}组"


def superior_of(team: str) -> str:
    """Return the staff id of a team's supervisor."""
    return f"sup{team if team == KEY_ACCOUNTS else NUMERALS.index(team[0]) + 1}"


def _names(random: Random) -> Iterator[str]:
    given: set[str] = set()
    while True:
        count = random.choice((1, 2, 2))
        name = random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=count))
        if name not in given:
            given.add(name)
            yield name
