"""Building the console, with the real npm and a console of one file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.console import NotBuilt, build
from cli.session import ROOT

BUILD = """
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const out = process.argv[process.argv.indexOf('--outDir') + 1]
if (readFileSync('src/page.html', 'utf8').includes('<<<')) {
  console.error('src/page.html: a conflict is left')
  process.exit(1)
}
mkdirSync(out, { recursive: true })
writeFileSync(`${out}/index.html`, readFileSync('src/page.html'))
appendFileSync('../builds', 'x')
"""


class Console:
    """A console whose build copies a page and counts how often it ran."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "console"
        self.contract = place / "openapi.json"
        self.contract.write_text("{}")
        self.put("package.json", json.dumps(PACKAGE))
        self.put("package-lock.json", json.dumps({**LOCK, "packages": {"": PACKAGE}}))
        self.put(".npmrc", "audit=false\nfund=false\n")
        self.put("build.mjs", BUILD)
        self.put("src/page.html", "<p>1")

    def put(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self) -> bool:
        """Build, and return whether there was anything to do."""
        return build(self.folder, self.contract) is not None

    @property
    def page(self) -> str:
        return (self.folder / "dist" / "index.html").read_text(encoding="utf-8")

    @property
    def builds(self) -> int:
        return len((self.folder.parent / "builds").read_text())

    @property
    def log(self) -> str:
        return (self.folder / ".build" / "log.txt").read_text(encoding="utf-8")


PACKAGE = {"name": "console", "scripts": {"build": "node build.mjs"}}
LOCK = {"name": "console", "lockfileVersion": 3, "requires": True}


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def test_a_console_is_built_once_and_again_when_its_sources_changed(console: Console) -> None:
    assert console.build()
    assert console.page == "<p>1"
    assert "$ npm ci" in console.log
    assert not console.build()

    console.put("src/page.html", "<p>2")
    assert console.build()
    assert console.page == "<p>2"
    assert "$ npm ci" not in console.log

    console.contract.write_text('{"openapi": "3.1.0"}')
    assert console.build()
    assert "$ npm ci" not in console.log

    console.put("package.json", json.dumps({**PACKAGE, "version": "2.0.0"}))
    assert console.build()
    assert "$ npm ci" in console.log

    (console.folder / "dist" / "index.html").unlink()
    assert console.build()
    for beside in ("README.md", "src/list.test.ts", "node_modules/x.js", "dist/x.js", ".vite/x"):
        console.put(beside, "changed")
    assert not console.build()
    assert build(console.folder, console.contract, force=True) is not None


def test_starts_at_once_build_once(console: Console) -> None:
    code = "import sys; from pathlib import Path; from cli.console import build; "
    code += "print(build(Path(sys.argv[1]), Path(sys.argv[2])))"
    command = [sys.executable, "-c", code, str(console.folder), str(console.contract)]
    starts = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    told = sorted(start.communicate(timeout=120)[0].strip() == "None" for start in starts)
    assert told == [False, True, True]
    assert console.builds == 1


def test_a_build_that_fails_says_why_and_leaves_the_console_as_it_was(console: Console) -> None:
    console.build()
    console.put("src/page.html", "<<<<<<< HEAD")
    with pytest.raises(NotBuilt, match="a conflict is left"):
        console.build()
    assert console.page == "<p>1"
    with pytest.raises(NotBuilt):
        console.build()
    console.put("src/page.html", "<p>3")
    assert console.build()
    assert console.page == "<p>3"


def test_a_package_server_out_of_reach_is_told(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    needs = {**PACKAGE, "dependencies": {"left": "1.0.0"}}
    locked = {"version": "1.0.0", "integrity": "sha512-" + "A" * 86 + "=="}
    packages = {"": needs, "node_modules/left": locked}
    console.put("package.json", json.dumps(needs))
    console.put("package-lock.json", json.dumps({**LOCK, "packages": packages}))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(NotBuilt, match="no package server is reached"):
        console.build()
    assert not (console.folder / "dist").exists()


def test_a_lock_that_does_not_fit_is_told(console: Console) -> None:
    console.put("package.json", json.dumps({**PACKAGE, "dependencies": {"left": "1.0.0"}}))
    with pytest.raises(NotBuilt, match="do not fit"):
        console.build()


def test_a_checkout_without_the_sources_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match="sources are not in"):
        build(tmp_path / "console", tmp_path / "openapi.json")


def test_a_place_that_cannot_be_written_is_told(console: Console) -> None:
    (console.folder / ".build").write_text("in the way, for root as well")
    with pytest.raises(NotBuilt, match="cannot be built"):
        console.build()


def test_the_lock_names_no_server() -> None:
    text = (ROOT / "console" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert "omit-lockfile-registry-resolved=true" in (ROOT / "console" / ".npmrc").read_text()
