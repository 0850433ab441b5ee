"""`crm policy`: check a pack, compare it, apply it, see what is in force."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.table import Table

from chassis.pack import Pack
from cli import packs
from cli.refusals import Problem
from cli.session import ROOT, Platform, Session, platform_options
from cli.tables import show_table

PACK = ROOT / "policies" / "haixin-pool.yaml"
ADMINISTRATOR = "administrator"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("policy")
def command() -> None:
    """Check, compare and apply policy packs; see which rules are in force."""


@command.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Say whether FILE is a valid pack: every problem with file, line and key."""
    pack = packs.read_pack(file)
    for name, section in pack.sections.items():
        used = packs.in_force(name, section)
        waiting = [parameter for parameter in section.parameters if parameter not in used]
        told = f"{name}: {len(section.parameters)} parameters"
        click.echo(told + (f", not yet in force: {', '.join(waiting)}" if waiting else ""))
    for warning in pack.warnings():
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{pack.meta.name} is valid.")


@command.command()
@click.argument("file", type=FILE)
@platform_options
def diff(platform: Platform, file: Path) -> None:
    """Show what FILE would change: parameter, old and new value, clause."""
    pack = packs.read_pack(file)
    table = Table("section", "parameter", "old", "new", "clause", "zh / en")
    same = True
    with platform.sign_in(ADMINISTRATOR) as session:
        for name in packs.SERVICES:
            section, old = pack.sections[name], policy_in_force(session, name)
            found = list(packs.changes(name, section, old))
            for one in found:
                told = f"{one.say['zh']}\n{one.say['en']}"
                row = (one.section, one.name, shown(one.old), shown(one.new), one.clause, told)
                table.add_row(*row)
            if not found and packs.rules_differ(section, old):
                table.add_row(name, "(rules)", "", "changed", "", "")
            same = same and not packs.rules_differ(section, old)
    if same:
        click.echo(f"{pack.meta.name}: everything in force already.")
        return
    show_table(table)


@command.command()
@click.argument("file", type=FILE)
@click.option(
    "--effective", default="", metavar="TIME", help="From when: 2026-03-02T09:00.  [default: now]"
)
@platform_options
def apply(platform: Platform, file: Path, effective: str) -> None:
    """Put FILE into force. Nothing is overwritten: every service keeps its earlier versions."""
    pack = packs.read_pack(file)
    moment = _moment(effective, pack)
    table = Table("section", "version", "effective", "note")
    with platform.sign_in(ADMINISTRATOR) as session:
        for name in packs.SERVICES:
            _apply(session, pack, name, moment, rehearsal=True)
        for name, section in pack.sections.items():
            if not effective and not packs.rules_differ(
                section, old := policy_in_force(session, name)
            ):
                version = str(old["version"]) if old else ""
                table.add_row(name, version, (old or {})["effective_time"], "in force already")
            else:
                applied = _apply(session, pack, name, moment, rehearsal=False)["policy"]
                table.add_row(name, str(applied["version"]), applied["effective_time"], "applied")
    show_table(table)


@command.command()
@click.option("--pack", default=PACK, type=FILE, help="Where sections without a service are.")
@platform_options
def status(platform: Platform, pack: Path) -> None:
    """Show every parameter: value, clause, whether it is in force, and since when."""
    file = packs.read_pack(pack)
    table = Table(
        "section", "parameter", "value", "unit", "clause", "state", "reading", "effective"
    )
    with platform.sign_in(ADMINISTRATOR) as session:
        for name in packs.SERVICES:
            policy = policy_in_force(session, name)
            if policy is None:
                table.add_row(name, "(no policy)", "", "", "", "", "", "")
                continue
            for one in policy["parameters"]:
                state = "in force" if one["in_force"] else "not yet in force"
                table.add_row(
                    name, *_parameter(one), state, _reading(one), policy["effective_time"]
                )
    for name, section in file.sections.items():
        if name not in packs.SERVICES:
            for stated in section.parameters.values():
                one = stated | {"clause": ", ".join(stated["clauses"])}
                table.add_row(name, *_parameter(one), "not yet in force", _reading(one), "-")
    show_table(table)


def policy_in_force(session: Session, service: str) -> dict[str, Any] | None:
    """Return the policy that is in force in a service, or None."""
    listed = session.pages(f"/v1/services/{service}/policies", "policies", page_size=10)
    return next((policy for policy in listed if policy["in_force"]), None)


def shown(value: Any) -> str:
    """Write a value as one short line."""
    if value is None:
        return "-"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def _parameter(one: dict[str, Any]) -> Iterator[str]:
    yield from (one["name"], shown(one["value"]), one["unit"], one["clause"])


def _reading(one: dict[str, Any]) -> str:
    return "ours" if one.get("ours") else "source"


def _moment(effective: str, pack: Pack) -> datetime:
    """Return the wanted time, else the pack's own when it lies ahead, else now."""
    now = datetime.now(UTC)
    if not effective:
        return max(now, pack.meta.effective_time)
    try:
        moment = datetime.fromisoformat(effective)
    except ValueError:
        raise click.BadParameter(f"{effective!r} is no time; write 2026-03-02T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(pack.meta.time_zone))


def _apply(
    session: Session, pack: Pack, name: str, moment: datetime, *, rehearsal: bool
) -> dict[str, Any]:
    body = packs.application(pack, name, moment) | {"validate_only": rehearsal}
    try:
        return session.post(f"/v1/services/{name}/policies", body)
    except Problem as problem:
        document = {**problem.document, "figures": {"section": name}}
        raise Problem(document, session.language) from None
