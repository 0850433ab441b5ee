"""Grounds for likeness of two customers: they quote no more than a name, masked if need be."""

from chassis.kernel import Kind, Reason

SAME_IDENTITY = Reason(
    "SAME_IDENTITY", Kind.DUPLICATE, "与系统中的客户同名（同一身份）。", "The identity is equal."
)
CORE_EQUAL = Reason("CORE_EQUAL", Kind.DUPLICATE, "字号和行业相同。", "The core is equal.")
CORE_ALIKE = Reason(
    "CORE_ALIKE",
    Kind.DUPLICATE,
    "字号和行业有 {percent}% 相同。",
    "{percent} % of the cores are equal.",
)
SOUND_EQUAL = Reason(
    "SOUND_EQUAL", Kind.DUPLICATE, "不同的字读音相同。", "Characters that differ sound the same."
)
LOOK_ALIKE = Reason(
    "LOOK_ALIKE", Kind.DUPLICATE, "不同的字字形相近。", "Characters that differ look alike."
)
TRADE_DIFFERS = Reason("TRADE_DIFFERS", Kind.DUPLICATE, "行业不同。", "The trade differs.")
CORE_CONTAINED = Reason(
    "CORE_CONTAINED",
    Kind.DUPLICATE,
    "一方的字号包含于另一方。",
    "One core is contained in the other.",
)
REGION_EQUAL = Reason("REGION_EQUAL", Kind.DUPLICATE, "地区相同。", "The region is equal.")
REGION_WITHIN = Reason(
    "REGION_WITHIN",
    Kind.DUPLICATE,
    "一方的地区属于另一方。",
    "One region lies in the other.",
)
REGION_IGNORED = Reason(
    "REGION_IGNORED",
    Kind.DUPLICATE,
    "仅一方写有地区，未作比较。",
    "Only one states a region; it was ignored.",
)
REGION_DIFFERS = Reason("REGION_DIFFERS", Kind.DUPLICATE, "地区不同。", "The region differs.")
STREET_DIFFERS = Reason(
    "STREET_DIFFERS",
    Kind.DUPLICATE,
    "街道、乡镇或园区不同。",
    "The street, town or zone differs.",
)
LEGAL_FORM_IGNORED = Reason(
    "LEGAL_FORM_IGNORED",
    Kind.DUPLICATE,
    "组织形式不同，已忽略。",
    "The legal form differs and was ignored.",
)
BRANCH_DIFFERS = Reason(
    "BRANCH_DIFFERS",
    Kind.DUPLICATE,
    "分支机构不同。",
    "The branch differs.",
)
BRANCH_ONE = Reason(
    "BRANCH_ONE",
    Kind.DUPLICATE,
    "仅一方写有分支机构。",
    "Only one states a branch.",
)
ORDINAL_DIFFERS = Reason(
    "ORDINAL_DIFFERS",
    Kind.DUPLICATE,
    "名称中的序号不同。",
    "A number in the name differs.",
)
CONTACT_OTHER = Reason(
    "CONTACT_OTHER",
    Kind.DUPLICATE,
    "联系人不同。",
    "The contact differs.",
)

CONTACT_IGNORED = Reason(
    "CONTACT_IGNORED",
    Kind.DUPLICATE,
    "仅一方写有联系人。",
    "Only one states a contact.",
)

FORMER_NAME = Reason(
    "FORMER_NAME",
    Kind.DUPLICATE,
    zh="这个客户以前登记的名称是“{name}”，比较的是该名称。",
    en="This customer was recorded as “{name}” before; that name was compared.",
)
SHORT_NAME = Reason(
    "SHORT_NAME",
    Kind.DUPLICATE,
    zh="这个客户登记有简称“{name}”，比较的是该简称。",
    en="This customer has the recorded short name “{name}”; that name was compared.",
)
