"""Brings the servers' Debian packages to a machine where tests run as root."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLICY = Path("/usr/sbin/policy-rc.d")
REFUSES_TO_START = 101
PACKAGES = {
    "postgresql": "initdb",
    "rabbitmq-server": "rabbitmq-server",
    "chromium": "chromium",
}
"""Debian package -> a program that shows it is installed."""
COMPANIONS = {"chromium": ("fonts-noto-cjk",)}
"""What a package is of no use without: a browser that shows Chinese."""


class Unavailable(Exception):
    """A real server cannot be had on this machine; the message says why and what helps."""


def program(name: str) -> Path:
    """Find a server program, also where Debian keeps it off the PATH."""
    kept = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/lib/rabbitmq/bin")]
    newest_first = sorted(kept, key=lambda place: (len(str(place)), str(place)), reverse=True)
    path = os.pathsep.join([*map(str, newest_first), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        package = next((key for key, value in PACKAGES.items() if value == name), name)
        raise Unavailable(
            f"{name} is not installed; run ./crm test as root, or apt-get install {package}"
        )
    return Path(found)


def missing() -> list[str]:
    """Name the packages that are not installed."""
    absent = []
    for package, name in PACKAGES.items():
        try:
            program(name)
        except Unavailable:
            absent.append(package)
    return absent


def install(packages: list[str]) -> None:
    """Install packages without starting any service; Unavailable says why it did not work."""
    if os.geteuid() != 0:
        raise Unavailable(f"only root can install {' and '.join(packages)}")
    if not shutil.which("apt-get"):
        raise Unavailable(f"no apt-get here; install {' and '.join(packages)} by hand")
    with services_stay_off():
        wanted = [*packages, *(one for name in packages for one in COMPANIONS.get(name, ()))]
        command = ["install", "--yes", "--no-install-recommends", *wanted]
        if apt(command).returncode:
            apt(["update"])
            done = apt(command)
            if done.returncode:
                last = (done.stdout.strip().splitlines() or ["it said nothing"])[-1]
                raise Unavailable(f"apt-get could not install {' and '.join(packages)}: {last}")


def apt(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@contextmanager
def services_stay_off() -> Iterator[None]:
    """Let packages install without starting a service; the machine's policy is put back."""
    if POLICY.exists():
        answer = subprocess.run([POLICY, "crm-test", "start"], capture_output=True, check=False)
        if answer.returncode == REFUSES_TO_START:
            yield
            return
    saved = POLICY.with_name("policy-rc.d.before-crm-test")
    if POLICY.exists():
        POLICY.rename(saved)
    try:
        POLICY.write_text(f"#!/bin/sh\nexit {REFUSES_TO_START}\n")
        POLICY.chmod(0o755)
        yield
    finally:
        POLICY.unlink(missing_ok=True)
        if saved.exists():
            saved.rename(POLICY)
