"""Refusals of customers that are there already or under review. They quote nothing hidden."""

from chassis.kernel import Kind, Reason

DUPLICATE = Reason(
    "DUPLICATE",
    Kind.DUPLICATE,
    zh="“{name}”已在系统中（{existing}），不能重复添加。",
    en="'{name}' is already in the system ({existing}) and cannot be added again.",
)
DUPLICATE_OF_CASE = Reason(
    "DUPLICATE",
    Kind.DUPLICATE,
    zh="“{name}”已有人提交，正在审核中，不能重复添加。",
    en="'{name}' was submitted before and is under review; it cannot be added again.",
)
IDENTITY_TAKEN = Reason(
    "IDENTITY_TAKEN", Kind.DUPLICATE, zh="系统中已有该客户。", en="This customer exists already."
)
IDENTITY_OF_CUSTOMER = Reason(
    "IDENTITY_TAKEN",
    Kind.DUPLICATE,
    zh="系统中已有该客户：{existing}。",
    en="This customer exists already: {existing}.",
)
IDENTITY_OF_CASE = Reason(
    "IDENTITY_TAKEN",
    Kind.DUPLICATE,
    zh="该客户已有人提交，正在审核中。",
    en="This customer was submitted before and is under review.",
)
CODE_OF_CUSTOMER = Reason(
    "CREDIT_CODE_TAKEN",
    Kind.DUPLICATE,
    zh="系统中已有统一社会信用代码相同的客户：{existing}。",
    en="A customer with this unified social credit code exists already: {existing}.",
)
