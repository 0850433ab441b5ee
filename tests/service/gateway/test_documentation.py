"""What the gateway says about itself is true, and readable without the internet."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import validate

from services.gateway import documentation
from services.gateway.descriptors import crm_descriptors
from services.gateway.sign_in import PUBLIC
from services.gateway.transcoding.schema import Schema
from tests.service.gateway.running import Gateway

ROOT = Path(__file__).parents[3]
VIEWER = ROOT / "services" / "gateway" / "viewer"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return documentation.document(Schema(crm_descriptors()))


def test_the_committed_document_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert committed == documentation.committed(), (
        "run: python -m services.gateway.documentation docs/openapi.json"
    )


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)


def test_the_test_services_document_is_valid_openapi(echo: Gateway) -> None:
    served = echo.http.get("/openapi.json", headers={"authorization": ""}).json()
    validate(served)
    everything = served["components"]["schemas"]["test.echo.v1.Everything"]["properties"]
    assert everything["an_int64"] == {"type": "string", "format": "int64"}
    assert everything["maybe_bool"] == {"type": ["boolean", "null"]}
    assert everything["counts"]["additionalProperties"] == {"type": "integer", "format": "int32"}
    book = served["paths"]["/v1/books/{book_id}"]["get"]
    assert book["description"] == "Reads a book."
    names = [(one["name"], one["in"], one["required"]) for one in book["parameters"]]
    assert names == [
        ("book_id", "path", True),
        ("shelf", "query", False),
        ("full_title", "query", False),
        ("tags", "query", False),
        ("author.display_name", "query", False),
        ("author.lucky_numbers", "query", False),
    ]


def test_every_operation_is_described_and_says_how_it_refuses(document: dict[str, Any]) -> None:
    operations = [one for item in document["paths"].values() for one in item.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for operation in operations:
        assert operation["description"]
        assert {"200", "400", "401", "403", "404", "409", "429", "503"} <= set(
            operation["responses"]
        )
        assert all(parameter["description"] for parameter in operation["parameters"])
    for schema in document["components"]["schemas"].values():
        assert schema["description"]


def test_only_signing_in_needs_no_token(document: dict[str, Any]) -> None:
    opened = {
        path
        for path, item in document["paths"].items()
        for operation in item.values()
        if operation.get("security") == []
    }
    assert opened == {"/v1/login", "/v1/logout", "/v1/token:refresh"}
    assert len(PUBLIC) == len(opened)


def test_answers_are_as_the_document_says(gateway: Gateway, document: dict[str, Any]) -> None:
    gateway.add("alice", "s1", "sales_rep")
    answer = gateway.login("alice").json()
    reference = document["paths"]["/v1/login"]["post"]["responses"]["200"]["content"]
    schema = {**reference["application/json"]["schema"], "components": document["components"]}
    jsonschema.validate(answer, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**answer, "expires_in": "soon"}, schema)


def test_the_page_loads_nothing_from_elsewhere(echo: Gateway) -> None:
    page = echo.http.get("/docs", headers={"authorization": ""})
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 4
    for source in sources:
        if source != "data:,":
            assert echo.http.get(source).status_code == 200
    assert not re.search(r"<script>|<style>| style=| on\w+=", page.text)


def test_the_viewer_is_served_packed_or_plain(echo: Gateway) -> None:
    packed = echo.http.get("/docs/swagger-ui-bundle.js")
    plain = echo.http.get("/docs/swagger-ui-bundle.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert len(plain.content) > 1_000_000


def test_the_viewer_is_the_one_its_readme_names() -> None:
    readme = (VIEWER / "README.md").read_text(encoding="utf-8")
    for file in VIEWER.glob("*.gz"):
        assert f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" in readme


def test_json_escapes_nothing(echo: Gateway) -> None:
    text = echo.http.post("/v1/everything", json={"a_string": "客户"}).text
    assert json.loads(text)["a_string"] == "客户"
    assert "客户" in text
