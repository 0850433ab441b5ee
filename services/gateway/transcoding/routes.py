"""Which method a request line means: a tree over path segments, so cost grows with the path."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.gateway.transcoding.schema import Binding


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    star: "_Node | None" = None
    rest: dict[str, dict[str, Binding]] = field(default_factory=dict)
    here: dict[str, dict[str, Binding]] = field(default_factory=dict)


class NoSuchPath(Exception):
    """No route has this path."""


class NoSuchMethod(Exception):
    """Routes have this path, with other HTTP methods: `allowed`, sorted."""

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class Routes:
    """The route table. Two bindings for one method and path are a ValueError at the start."""

    def __init__(self, bindings: Iterable[Binding]) -> None:
        self._root = _Node()
        self._verbs: set[str] = set()
        for binding in bindings:
            self._add(binding)

    def _add(self, binding: Binding) -> None:
        node, template = self._root, binding.template
        ends = node.here
        for segment in template.segments:
            if segment == "**":
                ends = node.rest
                break
            if segment == "*":
                node.star = node.star or _Node()
                node = node.star
            else:
                node = node.literals.setdefault(segment, _Node())
            ends = node.here
        methods = ends.setdefault(template.verb, {})
        if binding.http_method in methods:
            raise ValueError(f"two routes for {binding.http_method} {template.render()}")
        methods[binding.http_method] = binding
        if template.verb:
            self._verbs.add(template.verb)

    def find(self, http_method: str, raw_path: str) -> tuple[Binding, list[str]]:
        """Return the binding and the path's segments, still percent-encoded.

        Literals win over `*`, `*` over `**`; HEAD is answered where GET is. Raises
        NoSuchPath or NoSuchMethod.
        """
        segments = raw_path[1:].split("/")
        verb = ""
        last, colon, tail = segments[-1].rpartition(":")
        if colon and tail in self._verbs:
            segments[-1], verb = last, tail
        if not raw_path.startswith("/") or "" in segments:
            raise NoSuchPath
        wanted = "GET" if http_method == "HEAD" else http_method
        allowed: set[str] = set()
        for methods in self._matches(self._root, segments, 0, verb):
            if wanted in methods:
                return methods[wanted], segments
            allowed.update(methods)
        if not allowed:
            raise NoSuchPath
        raise NoSuchMethod(sorted(allowed))

    def _matches(
        self, node: _Node, segments: list[str], position: int, verb: str
    ) -> Iterable[dict[str, Binding]]:
        if position == len(segments):
            if verb in node.here:
                yield node.here[verb]
            return
        literal = node.literals.get(segments[position])
        if literal:
            yield from self._matches(literal, segments, position + 1, verb)
        if node.star:
            yield from self._matches(node.star, segments, position + 1, verb)
        if verb in node.rest:
            yield node.rest[verb]
