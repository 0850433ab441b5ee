"""Every permission's name and what it lets people do: `python -m cli.permission_list FILE`."""

import sys
from pathlib import Path

from chassis.permissions import APPLY_POLICY, OF_THE_PLATFORM, named_permissions
from cli.pack_file import Pack, load_pack
from services.__main__ import services

PACK = Path(__file__).parents[1] / "policies" / "haixin-pool.yaml"
HEAD = """# Every permission by name

Written by `python -m cli.permission_list docs/permissions.md`; a test compares it. A permission is
named by its place in its service's section of a policy pack. What the caller has, each with how far
it reaches, `GET /v1/services/{service}/permissions` lists: a user interface shows by it what can be
done, and the services check in any case. The sentences are those of the pack `haixin-pool`.

Accounts of people who sign in are kept by whoever has `operations.apply_policy`: the administrator.
Which case types somebody may submit, and which of their steps decide, `GET /v1/caseTypes` says.

| service | name | what it lets people do | clause |
|---|---|---|---|
"""


def page(pack: Pack) -> str:
    """Return the whole page."""
    platform = OF_THE_PLATFORM[APPLY_POLICY]
    lines = [f"| every | `{APPLY_POLICY}` | {platform.zh} {platform.en} | |"]
    for service in services():
        rules = service.policy.model_validate(pack.sections[service.name].rules)
        for name, rule in sorted(named_permissions(rules)):
            lines.append(f"| {service.name} | `{name}` | {rule.zh} {rule.en} | {rule.clause} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(load_pack(PACK)), encoding="utf-8")
