"""The bootstrap starts from nothing, names no server, and says plainly why it cannot go on."""

import ast
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [ROOT / "crm", ROOT / "Makefile", ROOT / ".ci/run", ROOT / "pyproject.toml"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout as far as the bootstrap sees it."""
    place = tmp_path / "checkout"
    (place / "requirements").mkdir(parents=True)
    for file in [ROOT / "crm", ROOT / "pyproject.toml", *LOCKS]:
        (place / file.relative_to(ROOT)).write_bytes(file.read_bytes())
    (place / "crm").chmod(0o755)
    return place


def programs(directory: Path, **scripts: str) -> str:
    """Make a PATH that holds only these shell scripts."""
    directory.mkdir()
    for name, text in scripts.items():
        program = directory / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    return str(directory)


def start(
    checkout: Path, path: str, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    python = checkout / "bare" / "bin" / "python"
    if not python.exists():
        venv.create(checkout / "bare", with_pip=False)  # Debian's python3 has no pip either
    return subprocess.run(
        [python, str(checkout / "crm"), *arguments],
        env={"PATH": path, "HOME": str(checkout), **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a start that could not go on."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    (sentence,) = [line for line in done.stderr.splitlines() if "cannot go on" in line]
    return sentence


@pytest.mark.parametrize("file", [*LOCKS, *SCRIPTS], ids=lambda file: file.name)
def test_no_lock_or_script_names_a_server_or_a_place_on_somebodys_machine(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"https?://|file://|--index-url|--extra-index|--find-links", text)
    assert not re.search(r"pypi|pythonhosted|registry\.|deb\.debian", text)
    assert not re.search(r"(?<![\w.])/(home|root|opt|work)/", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda file: file.name)
def test_every_locked_package_has_its_version_and_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[\w+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_dev_lock_holds_the_runtime_lock() -> None:
    runtime, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.txt").read_text(), re.M))
        for name in ("runtime", "dev")
    )
    assert runtime < dev


def test_the_bootstrap_needs_nothing_but_python() -> None:
    tree = ast.parse((ROOT / "crm").read_text(), feature_version=(3, 6))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + [alias.name for alias in node.names if isinstance(node, ast.Import)]
    }
    assert imported <= sys.stdlib_module_names


def test_a_machine_with_neither_uv_nor_pip_nor_apt(checkout: Path, tmp_path: Path) -> None:
    sentence = said(start(checkout, programs(tmp_path / "bin"), "--help"))
    assert "neither uv nor pip" in sentence


def test_a_package_server_out_of_reach(checkout: Path, tmp_path: Path) -> None:
    path = programs(
        tmp_path / "bin",
        uv='case "$1" in --version) echo "uv 99.0.0";; venv) exit 0;; '
        "*) echo 'error: Failed to fetch: dns error' >&2; exit 2;; esac",
    )
    assert "no package server is reached" in said(start(checkout, path, "--help"))


def test_debians_archive_out_of_reach(checkout: Path, tmp_path: Path) -> None:
    path = programs(
        tmp_path / "bin",
        apt_get="echo 'E: Temporary failure resolving' >&2; exit 100",
        dpkg="exit 1",
    )
    assert "no package server is reached" in said(start(checkout, path, "--help"))


def test_a_disk_that_fills_up(checkout: Path, tmp_path: Path) -> None:
    path = programs(
        tmp_path / "bin",
        uv='[ "$1" = --version ] && echo "uv 99.0.0" && exit; '
        "echo 'No space left on device (os error 28)' >&2; exit 2",
    )
    assert "the disk is full" in said(start(checkout, path, "--help"))


def test_a_package_that_is_not_the_locked_one(checkout: Path, tmp_path: Path) -> None:
    path = programs(
        tmp_path / "bin",
        uv='case "$1" in --version) echo "uv 99.0.0";; venv) exit 0;; '
        "*) echo 'Hash mismatch for rich' >&2; exit 1;; esac",
    )
    assert "differs from its hash" in said(start(checkout, path, "--help"))


def test_an_older_uv_is_not_taken(checkout: Path, tmp_path: Path) -> None:
    path = programs(tmp_path / "bin", uv='echo "uv 0.1.0"')
    assert "neither uv nor pip" in said(start(checkout, path, "--help"))


def test_a_directory_of_somebody_else_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter-1").write_text("...")
    path = programs(tmp_path / "bin", uv='echo "uv 99.0.0"')
    sentence = said(start(checkout, path, "--help", CRM_VENV=str(other)))
    assert "was not made by this script" in sentence
    assert (other / "chapter-1").read_text() == "..."


def test_a_checkout_that_may_not_be_written(checkout: Path, tmp_path: Path) -> None:
    (checkout / "var").write_text("in the way, for root as well")
    assert "CRM_VENV" in said(start(checkout, programs(tmp_path / "bin"), "--help"))


RECORDS = """
case "$1" in
  --version) echo "uv 99.0.0";;
  venv) env > "$RECORD"; cd "$VIRTUAL_ENV" && mkdir -p bin
        printf '#!/bin/sh\\necho "crm got $*"\\n' | tee bin/python > bin/crm
        chmod +x bin/python bin/crm;;
  pip) echo "$*" >> "$RECORD.calls";;
esac
"""


def test_the_first_start_installs_from_the_locks_and_hands_over(
    checkout: Path, tmp_path: Path
) -> None:
    path = programs(tmp_path / "bin", uv=RECORDS) + ":/usr/bin:/bin"
    record = tmp_path / "record"
    for profile, arguments in [("runtime", ["run", "--port", "1"]), ("dev", ["test", "-k", "x"])]:
        done = start(checkout, path, *arguments, RECORD=str(record))
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"crm got {' '.join(arguments)}\n"
        *_, from_lock, own = (tmp_path / "record.calls").read_text().splitlines()
        assert "--require-hashes --no-build" in from_lock
        assert from_lock.endswith(f"requirements/{profile}.txt")
        assert "--offline --no-deps --no-build-isolation --editable" in own
    calls = (tmp_path / "record.calls").read_text()
    again = start(checkout, path, "run", RECORD=str(record))
    assert again.stderr == ""
    assert (tmp_path / "record.calls").read_text() == calls


@pytest.mark.parametrize(
    "uv_told, pip_told, expected",
    [
        ({}, {}, {"UV_PYTHON_DOWNLOADS": "never"}),
        (
            {},
            {"PIP_INDEX_URL": "simple://mirror", "PIP_EXTRA_INDEX_URL": "simple://a simple://b"},
            {
                "UV_DEFAULT_INDEX": "simple://mirror",
                "UV_INDEX": "simple://a simple://b",
                "UV_INDEX_STRATEGY": "unsafe-best-match",
            },
        ),
        ({}, {"PIP_CERT": "/etc/bundle.pem"}, {"SSL_CERT_FILE": "/etc/bundle.pem"}),
        (
            {"UV_DEFAULT_INDEX": "simple://own"},
            {"PIP_INDEX_URL": "simple://mirror"},
            {"UV_DEFAULT_INDEX": "simple://own"},
        ),
    ],
)
def test_uv_is_told_what_pip_is_told(
    checkout: Path,
    tmp_path: Path,
    uv_told: dict[str, str],
    pip_told: dict[str, str],
    expected: dict[str, str],
) -> None:
    path = programs(tmp_path / "bin", uv=RECORDS) + ":/usr/bin:/bin"
    record = tmp_path / "record"
    quiet = {"PIP_CONFIG_FILE": os.devnull}
    done = start(checkout, path, "--help", RECORD=str(record), **quiet, **uv_told, **pip_told)
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in record.read_text().splitlines() if "=" in line)
    assert expected.items() <= told.items()
