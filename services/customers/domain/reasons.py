"""The message catalogue of customers: every refusal, violation, advice and ground it gives."""

from chassis.kernel import Kind, Reason

FORM_REFUSED = Reason(
    "FORM_REFUSED",
    Kind.INVALID,
    "客户资料有 {count} 处不符合要求。",
    "The customer's record has {count} faults.",
    "请按各项说明补充或更正后再提交。",
    "Complete or correct each item named, then submit again.",
)
FIELD_MISSING = Reason("FIELD_MISSING", Kind.INVALID, "缺少{zh}。", "The {en} is missing.")
TEXT_UNPRINTABLE = Reason(
    "TEXT_UNPRINTABLE",
    Kind.INVALID,
    "{zh}含有不可见的控制字符。",
    "The {en} contains invisible control characters.",
)
TEXT_TOO_LONG = Reason(
    "TEXT_TOO_LONG",
    Kind.INVALID,
    "{zh}超过 {limit} 个字符。",
    "The {en} is longer than {limit} characters.",
)
NAME_LENGTH = Reason(
    "NAME_LENGTH",
    Kind.INVALID,
    "企业全称应为 {least}–{most} 个字符。",
    "A full company name has {least} to {most} characters.",
)
NAME_NOT_FULL = Reason(
    "NAME_NOT_FULL",
    Kind.INVALID,
    "“{name}”不像企业全称，请按营业执照填写全称，不用简称。",
    "“{name}” is not a full company name; enter it as on the business licence, not abbreviated.",
)
CONTACT_REQUIRED = Reason(
    "CONTACT_REQUIRED",
    Kind.INVALID,
    "须在公司名后用括号注明联系人全名，例如“{example}”。",
    "The contact's full name must follow the company name in brackets, e.g. “{example}”.",
)
CONTACT_DIFFERS = Reason(
    "CONTACT_DIFFERS",
    Kind.INVALID,
    "企业全称括号中的联系人与所填联系人不一致。",
    "The contact in the name's brackets is not the contact stated.",
)
BRANCH_REQUIRED = Reason(
    "BRANCH_REQUIRED",
    Kind.INVALID,
    "证券公司须按营业执照填写到营业部等分支机构。",
    "Branch name required: a securities company is entered down to the branch.",
)
ADDRESS_INCOMPLETE = Reason(
    "ADDRESS_INCOMPLETE",
    Kind.INVALID,
    "经营地址须写明路（街）、大厦（小区）和楼层或房号。",
    "Road, building and room required in the business address.",
)
ADDRESS_OVERRIDDEN = Reason(
    "ADDRESS_OVERRIDDEN",
    Kind.INVALID,
    "经营地址不合标准格式，客服部已说明理由予以接受。",
    "The address is not of the standard form; it was accepted with a reason.",
)
OVERRIDE_REASON = Reason(
    "OVERRIDE_REASON",
    Kind.INVALID,
    "接受不合标准格式的地址须说明理由。",
    "Accepting an address that is not of the standard form needs a reason.",
)
PERSON_NAME = Reason(
    "PERSON_NAME",
    Kind.INVALID,
    "{zh}应为 2–20 个汉字或拉丁字母的人名。",
    "The {en} must be a person's name of 2 to 20 Chinese characters or Latin letters.",
)
PHONE_FORMAT = Reason(
    "PHONE_FORMAT",
    Kind.INVALID,
    "“{phone}”不是有效的座机或手机号码。",
    "“{phone}” is neither a landline nor a mobile number.",
)
PHONES_TOO_MANY = Reason(
    "PHONES_TOO_MANY",
    Kind.INVALID,
    "客户电话最多 {limit} 个。",
    "At most {limit} telephone numbers.",
)
PHONES_TOO_FEW = Reason(
    "PHONES_TOO_FEW",
    Kind.INVALID,
    "至少须提供 {limit} 个电话号码。",
    "At least {limit} telephone numbers are needed.",
)
SECOND_NUMBER = Reason(
    "SECOND_NUMBER",
    Kind.INVALID,
    "建议提供 {advised} 个号码。",
    "A second number is advised: {advised} in all.",
)
MOBILE_REQUIRED = Reason(
    "MOBILE_REQUIRED",
    Kind.INVALID,
    "保险公司必须提交负责人手机号。",
    "Mobile of the lead required for insurance customers.",
)
KIND_UNKNOWN = Reason(
    "KIND_UNKNOWN",
    Kind.INVALID,
    "客户类型“{value}”未在制度中定义。",
    "The policy knows no kind of customer “{value}”.",
)
KIND_DOUBTFUL = Reason(
    "KIND_DOUBTFUL",
    Kind.INVALID,
    "从名称看可能属于另一类客户（{kind}），请核对客户类型。",
    "By its name the customer may be of another kind ({kind}); check the kind.",
)
CATEGORY_NOT_ALLOWED = Reason(
    "CATEGORY_NOT_ALLOWED",
    Kind.POLICY,
    "须注明客户类别方可进入个人库。",
    "State the category before the customer can enter a library.",
)
CATEGORY_RESERVED = Reason(
    "CATEGORY_RESERVED",
    Kind.POLICY,
    zh="此客户类别只能由规则指定的人员设定或取消。",
    en="Only those whom the rules name give or take away this category.",
    next_zh="请联系客服部。",
    next_en="Ask Customer Service.",
)
CREDIT_CODE = Reason(
    "CREDIT_CODE",
    Kind.INVALID,
    "统一社会信用代码无效（18 位，含校验码）。",
    "The unified social credit code is not valid (18 characters with a check digit).",
)

RELEASE_MARK_DATE = Reason(
    "RELEASE_MARK_DATE",
    Kind.INVALID,
    "“{mnemonic}”不是今天的放弃标识，今天应填“{expected}”。",
    "“{mnemonic}” is not today's release mark; today it is “{expected}”.",
    "请用当天日期，或改用不含该标识的助记符。",
    "Use the date of today, or a mnemonic that does not look like the mark.",
)

OTHER_NAME_LENGTH = Reason(
    "OTHER_NAME_LENGTH",
    Kind.INVALID,
    "曾用名或简称应为 {least}–{most} 个字符。",
    "A former or short name has {least} to {most} characters.",
)
OTHER_NAME_UNPRINTABLE = Reason(
    "OTHER_NAME_UNPRINTABLE",
    Kind.INVALID,
    "名称含有不可见的控制字符。",
    "The name contains invisible control characters.",
)
OTHER_NAME_KNOWN = Reason(
    "OTHER_NAME_KNOWN",
    Kind.INVALID,
    "这个客户已有名称“{name}”。",
    "The customer is known as “{name}” already.",
)
OTHER_NAMES_TOO_MANY = Reason(
    "OTHER_NAMES_TOO_MANY",
    Kind.INVALID,
    "一个客户最多登记 {limit} 个曾用名和简称。",
    "A customer has at most {limit} former and short names.",
    "请先移除不再需要的名称。",
    "Remove one that is of no use first.",
)
OTHER_NAME_UNKNOWN = Reason(
    "OTHER_NAME_UNKNOWN",
    Kind.NOT_FOUND,
    zh="这个客户没有登记这个曾用名或简称。",
    en="The customer has no such former or short name.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
CUSTOMER_UNKNOWN = Reason(
    "CUSTOMER_UNKNOWN", Kind.NOT_FOUND, zh="没有这个客户。", en="There is no such customer."
)
CHECK_UNKNOWN = Reason(
    "CHECK_UNKNOWN", Kind.NOT_FOUND, zh="没有这次查重记录。", en="There is no such duplicate check."
)
SCAN_UNKNOWN = Reason(
    "SCAN_UNKNOWN", Kind.NOT_FOUND, zh="没有这次重复扫描。", en="There is no such scan."
)
CHECK_REQUIRED = Reason(
    "CHECK_REQUIRED",
    Kind.POLICY,
    zh="录入前须先查重，本次提交没有您的查重记录。",
    en="A duplicate check of yours must come before the submission.",
    next_zh="请先查重，再提交。",
    next_en="Check for duplicates first, then submit.",
)
CHECK_OF_ANOTHER_NAME = Reason(
    "CHECK_OF_ANOTHER_NAME",
    Kind.POLICY,
    zh="查重的是“{checked}”，与提交的客户不同。",
    en="The duplicate check was for '{checked}', not for this customer.",
    next_zh="请按提交的全称重新查重。",
    next_en="Check the name that you submit.",
)
RECORD_CLOSED = Reason(
    "RECORD_CLOSED",
    Kind.STATE,
    zh="该记录与另一条记录重复，已关闭，不能修改。",
    en="This record duplicated another one and is closed; it cannot be changed.",
)
CLOSED_COPY = Reason(
    "CLOSED_COPY",
    Kind.DUPLICATE,
    zh="这个名称的记录因重复已关闭，所示为保留的客户。",
    en="The record of this name was closed as a duplicate; the customer shown was kept.",
)
RESERVED_IDENTITY = Reason(
    "IDENTITY_UNDER_REVIEW",
    Kind.DUPLICATE,
    zh="相同客户正在审核中。",
    en="The same customer is under review.",
)
CASE_CLOSED = Reason(
    "CASE_CLOSED", Kind.STATE, zh="该审核单已结束。", en="This case is already closed."
)
NOT_YOURS = Reason(
    "NOT_YOUR_CUSTOMER",
    Kind.FORBIDDEN,
    zh="只能修改自己小库中客户的助记符。",
    en="Only the holder sets a customer's mnemonic.",
)
STALE = Reason(
    "STALE",
    Kind.STALE,
    zh="资料已被他人修改。",
    en="The data changed in the meantime.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
