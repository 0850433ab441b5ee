"""Path templates of `google.api.http`: `/v1/{a.b=shelves/*}/books/{name=**}:verb`."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_PIECE = re.compile(
    r"/(?:\{(?P<path>[A-Za-z_][\w.]*)(?:=(?P<inner>[^{}:]+))?\}|(?P<literal>[^/{}:]+))"
)
_VERB = re.compile(r":(?P<verb>[A-Za-z][\w-]*)")
_SLASH = re.compile("%2[Ff]")


@dataclass(frozen=True, slots=True)
class Variable:
    """A field path that the segments from `start` to before `end` fill (`None`: to the last)."""

    path: tuple[str, ...]
    start: int
    end: int | None

    def read(self, segments: list[str]) -> str:
        """Return the decoded value; `%2F` stays as it is where the variable spans segments.

        Raises UnicodeDecodeError for bytes that are not UTF-8.
        """
        parts = segments[self.start : self.end]
        if self.end is not None and self.end - self.start == 1:
            return unquote_to_bytes(parts[0]).decode()
        kept = [_SLASH.sub(lambda match: "%25" + match[0][1:], part) for part in parts]
        return "/".join(unquote_to_bytes(part).decode() for part in kept)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template. Segments are literals, `*` (one segment) or a last `**` (the rest)."""

    segments: tuple[str, ...]
    verb: str
    variables: tuple[Variable, ...]

    def render(self) -> str:
        """Return the path as OpenAPI writes it, a variable as `{field.path}`."""
        parts: list[str] = []
        position = 0
        for variable in self.variables:
            parts += self.segments[position : variable.start]
            parts.append("{" + ".".join(variable.path) + "}")
            position = len(self.segments) if variable.end is None else variable.end
        parts += self.segments[position:]
        return "/" + "/".join(parts) + (f":{self.verb}" if self.verb else "")


def parse(text: str) -> Template:
    """Parse a template; anything outside the grammar raises ValueError naming the template."""
    segments: list[str] = []
    variables: list[Variable] = []
    position = 0
    while piece := _PIECE.match(text, position):
        position = piece.end()
        inner = (piece["inner"] or "*").split("/") if piece["path"] else [piece["literal"]]
        if piece["path"]:
            start = len(segments)
            end = None if inner[-1] == "**" else start + len(inner)
            variables.append(Variable(tuple(piece["path"].split(".")), start, end))
        segments += inner
    verb = _VERB.fullmatch(text, position)
    if not segments or "" in segments or "**" in segments[:-1] or (text[position:] and not verb):
        raise ValueError(f"not a path template: {text!r}")
    return Template(tuple(segments), verb["verb"] if verb else "", tuple(variables))
