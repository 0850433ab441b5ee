"""What was recorded stays: the databases themselves refuse to change it."""

import pytest
import sqlalchemy as sa
from crm.activity.v1 import conduct_pb2 as k

from chassis import tables
from tests.acceptance.actions import Company
from tests.acceptance.disputing import Disputing
from tests.acceptance.doing import Doing
from tests.builders import form
from tests.platform import SERVICES, Platform
from tests.refusals import refused
from tests.system.plugin import NewDatabase

FILLED: dict[str, set[str]] = {
    "customers": {"customer_fact", "duplicate_check"},
    "ownership": {"position_change", "release", "credit", "ruling"},
    "review": {"case_decision"},
    "activity": {
        "call_assessment",
        "follow_up",
        "follow_up_void",
        "month_summary",
        "penalty",
        "signing",
        "spot_check",
        "spot_check_day",
        "unmaintained",
        "violation",
        "violation_revocation",
    },
    "scheduler": {"calendar_day", "calendar_version", "calendar_year"},
}
"""The tables that the story below fills, so that the databases have something to refuse."""
SHARED = {"policy_version"}


def marked(metadata: sa.MetaData) -> set[str]:
    return {table.name for table in metadata.sorted_tables if table.info.get("append_only")}


def test_what_is_tried_is_append_only() -> None:
    assert all(FILLED[service.name] <= marked(service.metadata) for service in SERVICES)
    assert marked(tables.metadata) == SHARED | {"decision", "decision_concern"}


def attempts(engine: sa.Engine, name: str) -> list[str]:
    column = sa.inspect(engine).get_columns(name)[-1]["name"]
    statements = [f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"]  # noqa: S608
    return statements + [f"TRUNCATE {name}"] * (engine.dialect.name == "postgresql")


def fill(company: Company) -> None:
    customer = company.acquire("li", form())
    fill_activity(company, customer)
    scene = Disputing(company)
    scene.sign_on("wang", customer, "2026-03-31")
    scene.confirm(scene.disputes()[0])
    company.release("li", customer)
    refused(company.customer, "wang", customer)
    company.platform.tick()


def fill_activity(company: Company, customer: str) -> None:
    doing = Doing(company)
    company.platform.hire("liu", "刘总", ["general_manager"])
    company.supplement("zhou", customer, "已成为会员", category="online")
    company.settle()
    found = doing.follow_up("li", customer)
    doing.sign("li", customer)
    doing.spot_check("zhou", "faked", follow_up_id=found.follow_up_id)
    doing.company.call(
        "zhou",
        doing.conduct.RecordCallAssessment,
        k.RecordCallAssessmentRequest(staff_id="li", week_start="2026-02-23"),
    )
    doing.violate("li")
    violation_id = doing.violate("li").violation.violation_id
    revoke = k.RevokeViolationRequest(violation_id=violation_id, reason="有误")
    doing.company.call("liu", doing.conduct.RevokeViolation, revoke)
    doing.end_of("2026-03-02")
    doing.end_of("2026-03-31")


def assert_all_guarded(platform: Platform) -> None:
    for service, parts in platform.parts.items():
        engine = parts.database.engine
        for name in marked(parts.service.metadata) | marked(tables.metadata):
            with engine.connect() as connection:
                counted = sa.text(f"SELECT count(*) FROM {name}")  # noqa: S608
                filled = connection.execute(counted).scalar_one() > 0
            assert filled or name not in FILLED[service] | SHARED, name
            if not filled:
                continue
            for statement in attempts(engine, name):
                with (
                    pytest.raises(sa.exc.DBAPIError, match="append-only"),
                    engine.begin() as connection,
                ):
                    connection.exec_driver_sql(statement)


def test_sqlite_refuses(company: Company) -> None:
    fill(company)
    assert_all_guarded(company.platform)


def test_postgresql_refuses(postgres_url: NewDatabase) -> None:
    company = Company(urls={name: postgres_url(name) for name in FILLED})
    fill(company)
    assert_all_guarded(company.platform)
    for parts in company.platform.parts.values():
        parts.database.close()
