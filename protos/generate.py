"""Generate the Python code of the protos into `gen/` (or another folder given as argument)."""

import sys
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).parent


def generate(target: Path) -> None:
    """Write messages, stubs, type stubs and a descriptor set with comments under `target`."""
    sources = sorted(str(path) for path in HERE.glob("crm/**/*.proto"))
    validate = "buf/validate/validate.proto"
    programs = Path(sys.executable).parent
    arguments = [
        "protoc",
        *(f"--plugin={programs / name}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")),
        f"--proto_path={HERE}",
        f"--proto_path={HERE / 'third_party'}",
        f"--proto_path={files('grpc_tools') / '_proto'}",
    ]
    outputs = [f"--python_out={target}", f"--mypy_out={target}"]
    services = [f"--grpc_python_out={target}", f"--mypy_grpc_out={target}"]
    target.mkdir(parents=True, exist_ok=True)
    descriptors = [
        "--include_imports",
        "--include_source_info",
        f"--descriptor_set_out={target / 'crm' / 'descriptors.binpb'}",
    ]
    for step in (
        [*outputs, *services, *sources],
        [*outputs[:1], validate],
        [*descriptors, *sources],
    ):
        if protoc.main([*arguments, *step]):
            raise SystemExit("protoc failed")


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "gen")
