"""Valid things to begin from; a test states only what it is about."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from cli.pack_file import Pack

BLUE_SEA = "成都蓝海科技有限公司"
GOOD_ADDRESS = "成都市永丰路47号丰尚玉林商务港801室"
INSURER = "中国人民保险集团有限公司"
BRANCH = "华夏证券天仙桥营业部"


def form(full_name: str = BLUE_SEA, **changes: Any) -> dict[str, Any]:
    """Return a complete form of a new customer; a change to None leaves the item out."""
    complete = {
        "full_name": full_name,
        "business_address": GOOD_ADDRESS,
        "hr_lead": "代春燕",
        "phones": ["028-85123456", "13800138000"],
        "category": "intended",
    }
    return {name: value for name, value in (complete | changes).items() if value is not None}


def insurance(contact: str = "代春燕", **changes: Any) -> dict[str, Any]:
    """Return the form of an individual who recruits for an insurer."""
    name = f"{INSURER}（{contact}）"
    return form(**{"full_name": name, "industry_kind": "insurance_individual"} | changes)


def securities(full_name: str = BRANCH, **changes: Any) -> dict[str, Any]:
    """Return the form of a branch of a securities company."""
    return form(full_name, **{"industry_kind": "securities"} | changes)


def company_name(number: int) -> str:
    """Return the full name of a company that resembles none of the other numbers'."""
    return "成都" + "".join(_SYLLABLES[int(digit)] for digit in f"{number:04d}") + "有限公司"


_SYLLABLES = ("天府", "锦江", "青羊", "武侯", "龙泉", "双流", "崇州", "郫县", "新都", "金堂")


def variant(pack: Pack, effective: datetime | None = None, **parameters: Any) -> Pack:
    """Return a pack with other parameter values; `quota__ka=2` sets `quota.ka`."""
    changed = deepcopy(pack)
    for name, value in parameters.items():
        stated = [
            section.parameters[name.replace("__", ".")]
            for section in changed.sections.values()
            if name.replace("__", ".") in section.parameters
        ]
        assert stated, name
        for parameter in stated:
            parameter["value"] = value
    if effective:
        changed.meta.effective_time = effective
    return changed
