"""`crm policy`: check a pack, compare it, apply it, change parameters, see what is in force."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.table import Table

from cli import packs
from cli.refusals import Problem
from cli.session import ROOT, Platform, Session, platform_options
from cli.tables import show_table

PACK = ROOT / "policies" / "haixin-pool.yaml"
ADMINISTRATOR = "administrator"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Body = dict[str, Any]


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
    """Show what FILE would change, parameters and rules: old and new, clause."""
    pack = packs.read_pack(file)
    bodies = {name: packs.application(pack, name, None) for name in packs.SERVICES}
    with platform.sign_in(ADMINISTRATOR) as session:
        previews = {name: _preview(session, name, body) for name, body in bodies.items()}
    if not _show_differences(previews):
        click.echo(f"{pack.meta.name}: everything in force already.")


@command.command()
@click.argument("file", type=FILE)
@click.option(
    "--effective", default="", metavar="TIME", help="From when: 2026-03-02T09:00.  [default: now]"
)
@click.option("--reason", default="", help="Why; it is kept with the version.")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it would do at once.")
@platform_options
def apply(platform: Platform, file: Path, effective: str, reason: str, yes: bool) -> None:
    """Put FILE into force. Nothing is overwritten: every service keeps its earlier versions."""
    pack = packs.read_pack(file)
    moment = _moment(effective, ZoneInfo(pack.meta.time_zone))
    moment = moment or max(datetime.now(UTC), pack.meta.effective_time)
    bodies = {name: packs.application(pack, name, moment) for name in packs.SERVICES}
    with platform.sign_in(ADMINISTRATOR) as session:
        previews = {name: _preview(session, name, body) for name, body in bodies.items()}
        confirmed = _confirm_stakes(previews, yes=yes)
        table = Table("section", "version", "effective", "note")
        for name, body in bodies.items():
            if not effective and not previews[name]["differences"]:
                _add_version(table, name, policy_in_force(session, name), "in force already")
            else:
                applied = _apply(session, name, body | {"reason": reason, **confirmed})
                _add_version(table, name, applied, "applied")
    show_table(table)


@command.command()
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE…")
@click.option("--effective", default="", metavar="TIME", help="From when.  [default: now]")
@click.option("--reason", default="", help="Why; it is kept with the version.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@platform_options
def change(
    platform: Platform, changes: tuple[str, ...], effective: str, reason: str, yes: bool
) -> None:
    """Change parameters of what is in force, in every section that states them.

    VALUE is JSON, or a bare word. The differences are shown before anything is applied.
    """
    wanted = dict(_change(text) for text in changes)
    with platform.sign_in(ADMINISTRATOR) as session:
        bodies = _bodies_of(session, wanted, effective)
        previews = {name: _preview(session, name, body) for name, body in bodies.items()}
        _show_differences(previews)
        confirmed = _confirm_stakes(previews, yes=yes)
        if not (yes or confirmed):
            click.confirm("Apply these changes?", abort=True)
        table = Table("section", "version", "effective", "note")
        for name, body in bodies.items():
            read = {"etag": previews[name]["etag"], "reason": reason, **confirmed}
            _add_version(table, name, _apply(session, name, body | read), "applied")
    show_table(table)


@command.command()
@platform_options
def status(platform: Platform) -> None:
    """Show every parameter: value, clause, whether it is in force, and since when."""
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
                reading = "ours" if one["ours"] else "source"
                row = (one["name"], shown(one["value"]), one["unit"], one["clause"], state, reading)
                table.add_row(name, *row, policy["effective_time"])
    show_table(table)


@command.command()
@platform_options
def versions(platform: Platform) -> None:
    """Show the versions of every section: from when to when, who applied them, why."""
    table = Table("section", "version", "from", "until", "applied", "by", "based on", "reason")
    with platform.sign_in(ADMINISTRATOR) as session:
        for name in packs.SERVICES:
            path = f"/v1/services/{name}/policies"
            for one in session.pages(path, "policies", page_size=50, brief=True):
                span = (one.get("start_time") or "never", one.get("end_time") or "")
                applied = (one["apply_time"], one["applier_id"])
                base = str(one["base_version"] or "pack")
                table.add_row(name, str(one["version"]), *span, *applied, base, one["reason"])
    show_table(table)


def policy_in_force(session: Session, service: str) -> Body | None:
    """Return the policy that is in force in a service, or None."""
    listed = session.pages(f"/v1/services/{service}/policies", "policies", page_size=50, brief=True)
    found = next((policy for policy in listed if policy["in_force"]), None)
    if found is None:
        return None
    whole: Body = session.get(f"/v1/services/{service}/policies/{found['version']}")["policy"]
    return whole


def shown(value: Any) -> str:
    """Write a value as one short line."""
    if value is None:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def _show_differences(previews: dict[str, Body]) -> bool:
    """Show what differs, and which later versions know nothing of it; return whether any does."""
    table = Table("section", "key", "old", "new", "clause", "zh / en")
    for name, preview in previews.items():
        for one in preview["differences"]:
            told = f"{one['zh']}\n{one['en']}"
            table.add_row(name, one["key"], *_sides(one), one["clause"], told)
    if table.row_count:
        show_table(table)
    for name, preview in previews.items():
        for later in preview["later_policies"]:
            note = f"version {later['version']} takes over at {later['effective_time']}"
            click.echo(f"warning: {name}: {note} without these changes", err=True)
    return table.row_count > 0


def _confirm_stakes(previews: dict[str, Body], *, yes: bool) -> Body:
    """Tell what must be confirmed and ask for it; return what the requests say of it."""
    confirmed: Body = {}
    for name, preview in previews.items():
        stake = preview.get("stake")
        if not (stake and stake["confirmation_required"]):
            continue
        told = f"{stake['count']} of {stake['total_count']} ({stake['share_percent']} percent)"
        click.echo(f"{name}: within a day this would reach {told} more. {stake['en']}", err=True)
        if not yes:
            click.confirm("Is that wanted?", abort=True)
        confirmed = {"confirmed": True}
    return confirmed


def _sides(one: Body) -> Iterator[str]:
    for side in ("old", "new"):
        parameter = one.get(f"{side}_parameter")
        yield shown(parameter["value"] if parameter else one.get(f"{side}_rule"))


def _change(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r}: write NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _bodies_of(session: Session, wanted: dict[str, Any], effective: str) -> dict[str, Body]:
    """Return a draft for every service whose policy in force states one of the parameters."""
    bodies: dict[str, Body] = {}
    for service in packs.SERVICES:
        policy = policy_in_force(session, service)
        stated = {one["name"] for one in policy["parameters"]} if policy else set()
        changed = [{"name": n, "value": v} for n, v in wanted.items() if n in stated]
        if policy and changed:
            moment = _moment(effective, ZoneInfo(policy["time_zone"]))
            when = {"effective_time": moment.isoformat()} if moment else {}
            bodies[service] = {"changes": changed, **when}
    known = {change["name"] for body in bodies.values() for change in body["changes"]}
    if unknown := sorted(wanted.keys() - known):
        raise click.ClickException(f"no such parameter: {', '.join(unknown)}")
    return bodies


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the wanted time, which is local unless it says otherwise; None when it is empty."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; write 2026-03-02T09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _preview(session: Session, service: str, body: Body) -> Body:
    return _asked(session, service, f"/v1/services/{service}/policies:preview", body)


def _apply(session: Session, service: str, body: Body) -> Body:
    applied = _asked(session, service, f"/v1/services/{service}/policies", body)
    policy: Body = applied["policy"]
    return policy


def _asked(session: Session, service: str, path: str, body: Body) -> Body:
    """Post a request; a refusal tells which service it is of."""
    try:
        return session.post(path, body)
    except Problem as problem:
        document = {**problem.document, "figures": {"section": service}}
        raise Problem(document, session.language) from None


def _add_version(table: Table, name: str, policy: Body | None, note: str) -> None:
    version, effective = (str(policy["version"]), policy["effective_time"]) if policy else ("", "")
    table.add_row(name, version, effective, note)
