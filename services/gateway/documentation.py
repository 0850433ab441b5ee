"""The API's own pages: `/openapi.json`, and `/docs`, a viewer that loads nothing from elsewhere.

`python -m services.gateway.documentation docs/openapi.json` writes the document to a file.
"""

import gzip
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway import live_changes, openapi
from services.gateway.descriptors import crm_descriptors
from services.gateway.domain.topics import TOPICS
from services.gateway.sign_in import PUBLIC
from services.gateway.transcoding.schema import Schema

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CRM API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  tryItOutEnabled: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
"""
_CHANGES = {
    "operationId": "WatchChanges",
    "tags": ["SessionService"],
    "summary": "Streams hints that something changed",
    "description": "Streams hints that something changed (server-sent events). A hint has a topic "
    f"({', '.join(TOPICS)}) and, where it concerns the caller in person, the id of what changed; "
    "never data: ask again for what is shown. A hint without an id is for all of its topic, one "
    "without a topic only bears the position. The stream ends with the access token; come back "
    "with `Last-Event-ID` to be told what was missed.",
    "parameters": [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The id of the last event received.",
            "schema": {"type": "string"},
        }
    ],
    "responses": {
        "200": {
            "description": "Done.",
            "content": {
                live_changes.MEDIA_TYPE: {
                    "schema": {
                        "type": "object",
                        "description": "The data of one event.",
                        "properties": {
                            "topic": {"type": "string"},
                            "subject_id": {"type": "string"},
                        },
                        "required": ["topic", "subject_id"],
                    }
                }
            },
        },
        **{
            status: {"$ref": f"#/components/responses/Problem{status}"}
            for status in ("400", "401", "403", "404", "409", "429", "500", "503")
        },
    },
}
_ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


def document(schema: Schema) -> dict[str, Any]:
    """Return the OpenAPI document of a schema with the gateway's own security."""
    described = openapi.build(schema, lambda method: method.path in PUBLIC)
    paths = described["paths"] | {live_changes.PATH: {"get": _CHANGES}}
    return described | {"paths": dict(sorted(paths.items()))}


def routes(schema: Schema) -> list[BaseRoute]:
    """Return the routes that show the document of `schema`."""
    body = json.dumps(document(schema), ensure_ascii=False).encode()
    viewer = files("services.gateway").joinpath("viewer")
    packed = {name: viewer.joinpath(f"{name}.gz").read_bytes() for name in _ASSETS}

    async def contract(request: Request) -> Response:
        return Response(body, media_type="application/json")

    async def page(request: Request) -> Response:
        headers = {"content-security-policy": _CSP}
        return Response(_PAGE, media_type="text/html", headers=headers)

    async def start(request: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    async def asset(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        headers = {"cache-control": "public, max-age=3600", "vary": "accept-encoding"}
        content = packed[name]
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
        else:
            content = gzip.decompress(content)
        return Response(content, media_type=_ASSETS[name], headers=headers)

    return [
        Route("/openapi.json", contract),
        Route("/docs", page),
        Route("/docs/start.js", start),
        *(Route(f"/docs/{name}", asset) for name in _ASSETS),
    ]


def committed() -> str:
    """Return the text of `docs/openapi.json`."""
    return json.dumps(document(Schema(crm_descriptors())), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(committed(), encoding="utf-8")
