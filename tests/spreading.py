"""Spreads tests over processes: what takes long begins first, what shares stays together."""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

HERE = Path(__file__).parent
TOGETHER = ("tests/browser/",)
"""Folders whose tests share one platform, which takes a minute to come to life."""
LONG = ("browser", "system", "simulation")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return the scheduler of a run over several processes."""
    return ByFolder(config, log)


class ByFolder(LoadScopeScheduling):
    """Gives a folder of TOGETHER to one process, every other test to whichever is free.

    Of pytest-xdist's own groups pytest 9.2 sees nothing: it keeps node ids otherwise.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
