"""Sends photos through the process that writes them anew, a few at a time."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, fail_after, run_process

from services.gateway.domain import reasons

ORIGINAL, PHOTO, THUMB = "original", "photo.jpg", "thumb.jpg"
"""The names of the files in a photo's folder."""
SIDE, THUMB_SIDE = 1600, 320
_REFUSALS = {one.code: one for one in (reasons.FILE_DAMAGED, reasons.PHOTO_TOO_LARGE)}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Developed:
    """What became of a photo, and what its camera had written beside it (empty: nothing)."""

    width: int
    height: int
    camera_time: str
    camera_place: dict[str, float]


class Darkroom:
    """Bounded: so many processes at once, so many waiting, so long for each photo."""

    def __init__(self, *, processes: int, queue: int, seconds: float, most_pixels: int) -> None:
        self._limiter = CapacityLimiter(processes)
        self._queue = queue
        self._seconds = seconds
        self._most_pixels = most_pixels

    async def develop(self, folder: Path) -> Developed:
        """Make PHOTO and THUMB of the ORIGINAL in `folder`.

        Raises FILE_DAMAGED, PHOTO_TOO_LARGE, or BUSY when too many wait already.
        """
        if self._limiter.statistics().tasks_waiting >= self._queue:
            raise reasons.BUSY.refuse()
        async with self._limiter:
            told = await self._run(folder)
        if refused := told.get("refused"):
            raise _REFUSALS[refused].refuse(most_pixels=self._most_pixels)
        return Developed(**told)

    async def _run(self, folder: Path) -> dict[str, Any]:
        numbers = (SIDE, THUMB_SIDE, self._most_pixels)
        command = [sys.executable, "-m", __package__, str(folder), *map(str, numbers)]
        # Nothing else of the environment: it holds addresses and secrets.
        environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
        try:
            with fail_after(self._seconds):
                done = await run_process(
                    command, env=environment, check=False, stderr=subprocess.DEVNULL
                )
        except TimeoutError:
            _log.warning("a photo took longer than %s s", self._seconds)
            raise reasons.FILE_DAMAGED.refuse() from None
        if done.returncode:
            _log.warning("the process of a photo ended with %s", done.returncode)
            raise reasons.FILE_DAMAGED.refuse()
        told: dict[str, Any] = json.loads(done.stdout)
        return told
