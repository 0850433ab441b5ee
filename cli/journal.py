"""What a long command has done so far, on disk: it goes on where it stopped."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """Answers by number, each kept as soon as it is known, for one content of one file.

    A journal of another `run` is begun anew. A last line that was cut off does not count.
    """

    def __init__(self, path: Path, run: str) -> None:
        self.path = path
        self.known: set[int] = set()
        """The numbers that were kept."""
        head = {"run": run}
        lines = self._lines()
        if next(lines, None) == head:
            self.known = {line["number"] for line in lines}
            self._drop_torn_line()
        else:
            path.write_text(json.dumps(head) + "\n", encoding="utf-8")

    def keep(self, number: int, content: Any) -> None:
        """Keep an answer; it survives the end of this process."""
        line = json.dumps({"number": number, "content": content}, ensure_ascii=False) + "\n"
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self.known.add(number)

    def contents(self) -> Iterator[Any]:
        """Yield what was kept, by number."""
        places: dict[int, int] = {}
        with self.path.open("rb") as file:
            while line := file.readline():
                entry = json.loads(line)
                if "number" in entry:
                    places[entry["number"]] = file.tell() - len(line)
            for _, place in sorted(places.items()):
                file.seek(place)
                yield json.loads(file.readline())["content"]

    def close(self) -> None:
        """Forget everything: the work is done."""
        self.path.unlink()

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield json.loads(line)

    def _drop_torn_line(self) -> None:
        content = self.path.read_bytes()
        if not content.endswith(b"\n"):
            self.path.write_bytes(content[: content.rfind(b"\n") + 1])
