"""The words that say what sort of organisation a Chinese name belongs to."""

COMPANY_FORMS = (
    "有限责任公司",
    "责任有限公司",
    "股份有限公司",
    "股份公司",
    "集团公司",
    "有限公司",
    "总公司",
    "公司",
    "集团",
    "控股",
    "股份",
    "合伙企业",
    "个人独资企业",
    "企业",
)
"""Legal forms that close a company's name; several may follow one another."""

BRACKETED_FORMS = frozenset(
    {
        "集团",
        "控股",
        "股份",
        "有限合伙",
        "普通合伙",
        "特殊普通合伙",
        "个人独资",
        "个体工商户",
        "国有独资",
    }
)
"""Legal forms that stand in brackets."""

FOREIGN_FORMS = (
    "companylimited",
    "co.,ltd.",
    "co.,ltd",
    "co.ltd.",
    "co.ltd",
    "coltd",
    "corporation",
    "incorporated",
    "limited",
    "holdings",
    "company",
    "gmbh",
    "corp.",
    "corp",
    "l.l.c.",
    "llc",
    "inc.",
    "inc",
    "ltd.",
    "ltd",
    "plc",
    "s.a.",
    "ag",
)
"""The same in foreign names, folded: lower case, without spaces."""

SHOP_FORMS = (
    "专业合作社",
    "家庭农场",
    "工作室",
    "经营部",
    "服务部",
    "营业部",
    "销售部",
    "经销部",
    "批发部",
    "门市部",
    "加工厂",
    "养殖场",
    "经销处",
    "商行",
    "商店",
    "商城",
    "超市",
    "中心",
    "店",
    "部",
    "行",
    "馆",
    "厂",
    "社",
)
"""How the names of individual businesses end; at most one is set aside."""

HEADS = ("银行", "信用社", "证券", "保险", "期货", "信托", "合作社", "医院", "大学", "学院", "学校")
"""Words that can end the name of a head office when no 公司 does."""

PLACED_FORMS = ("分公司", "支公司", "分行", "支行", "办事处", "代表处")
"""Forms of branches that are named by their place."""

BRANCH_FORMS = (
    "分公司",
    "支公司",
    "营业部",
    "营业厅",
    "营业所",
    "服务部",
    "经营部",
    "办事处",
    "代表处",
    "储蓄所",
    "分理处",
    "项目部",
    "分行",
    "支行",
    "分店",
    "门店",
    "分部",
    "分厂",
    "分院",
    "分校",
    "分所",
    "分社",
    "分中心",
    "店",
    "部",
    "处",
    "厂",
)
"""How the names of branches end, after the name of their head office."""
