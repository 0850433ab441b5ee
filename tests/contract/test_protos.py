"""The committed code of the protos is what the protos generate."""

from pathlib import Path

from protos.generate import generate

GENERATED = Path(__file__).parents[2] / "protos" / "gen"


def test_generated_code_is_up_to_date(tmp_path: Path) -> None:
    generate(tmp_path)
    fresh = {path.relative_to(tmp_path): path.read_bytes() for path in _files(tmp_path)}
    committed = {path.relative_to(GENERATED): path.read_bytes() for path in _files(GENERATED)}
    assert fresh.keys() == committed.keys()
    assert [str(name) for name in fresh if fresh[name] != committed[name]] == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
