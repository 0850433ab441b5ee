"""Companies, each written in several ways; who is the same is known here without our rules."""

from dataclasses import dataclass
from random import Random
from typing import Any

_PLAIN = str.maketrans(dict.fromkeys(" \u3000（）()\t") | {"藍": "蓝", "東": "东", "廣": "广"})


@dataclass(frozen=True, slots=True)
class Company:
    """A company; each spelling is (full name, contact)."""

    number: int
    kind: str
    spellings: tuple[tuple[str, str], ...]

    def form(self, random: Random, category: str) -> dict[str, Any]:
        """Return a complete form of the company, spelled anyhow."""
        name, contact = random.choice(self.spellings)
        return {
            "full_name": name,
            "business_address": "成都市永丰路47号丰尚玉林商务港801室",
            "hr_lead": random.choice(("代春燕", "李明")),
            "phones": random.choice((["13812345678"], ["13812345678", "028-85123456"])),
            "industry_kind": self.kind,
            "category": category,
            "contact": contact,
        }


_GENERAL = (
    (
        "成都蓝海科技有限公司",
        "成都藍海科技有限公司",
        "成都蓝海科技 有限公司",
        "成都(蓝海)科技有限公司",
    ),
    ("四川东方食品有限公司", "四川東方食品有限公司", " 四川东方食品有限公司　"),
    ("四川东方食品股份有限公司", "四川東方食品股份有限公司"),
    ("广州云帆物流有限公司", "廣州云帆物流有限公司"),
    ("北京青山软件有限公司", "北京青山软件　有限公司"),
    ("广州东方食品有限公司", "廣州東方食品有限公司"),
    ("成都红叶餐饮有限公司", "成都（红叶）餐饮有限公司"),
    ("四川金沙酒店管理有限公司", "四川金沙酒店管理 有限公司"),
    ("重庆长江机械制造有限公司", "重庆（长江）机械制造有限公司"),
    ("昆明春城花卉有限公司", "昆明春城 花卉有限公司"),
    ("贵阳林海木业有限公司", "贵阳林海木业　有限公司"),
    ("西安古都文化传播有限公司", "西安古都文化 传播有限公司"),
)
_INSURANCE = "中国人寿保险股份有限公司"

COMPANIES: tuple[Company, ...] = (
    *(
        Company(number, "general", tuple((name, "") for name in names))
        for number, names in enumerate(_GENERAL)
    ),
    *(
        Company(
            len(_GENERAL) + number,
            "insurance_individual",
            ((_INSURANCE, who), (f"{_INSURANCE}（{who}）", ""), (f"{_INSURANCE}({who})", who)),
        )
        for number, who in enumerate(("张三丰", "王小明"))
    ),
)


def plain(full_name: str, contact: str = "") -> str:
    """Return a name with its contact, without what differs between spellings."""
    name = full_name.translate(_PLAIN)
    return name if not contact or name.endswith(contact) else name + contact


_BY_NAME = {plain(*spelling): company for company in COMPANIES for spelling in company.spellings}


def company_of(full_name: str, contact: str = "") -> Company | None:
    """Return the company that a name is of."""
    return _BY_NAME.get(plain(full_name, contact))
