"""The refusals and findings of activity: stable codes with their sentences in two languages."""

from chassis.kernel import Kind, Reason

TITLE_MISSING = Reason(
    "TITLE_MISSING", Kind.POLICY, zh="没有题目，视为无效。", en="No title: the record is invalid."
)
CONTENT_MISSING = Reason(
    "CONTENT_MISSING",
    Kind.POLICY,
    zh="没有内容，视为无效。",
    en="No content: the record is invalid.",
)
CONTENT_SHORT = Reason(
    "CONTENT_SHORT",
    Kind.POLICY,
    zh="内容只有 {count} 个字，不足 {least} 个字（不含标点），视为无效。",
    en="{count} characters without punctuation, {least} are needed: the record is invalid.",
)
CONTENT_REPEATED = Reason(
    "CONTENT_REPEATED",
    Kind.POLICY,
    zh="与该客户已有的拜访记录相同，视为无效。",
    en="The same as another record of this customer: the record is invalid.",
)
CONTENT_RESEMBLES = Reason(
    "CONTENT_RESEMBLES",
    Kind.POLICY,
    zh="与该客户已有的拜访记录相似度为 {score}%，请客服部留意。",
    en="{score}% alike another record of this customer; Customer Service should look at it.",
)
CUSTOMER_UNKNOWN = Reason(
    "CUSTOMER_UNKNOWN",
    Kind.NOT_FOUND,
    zh="系统中没有该客户，不能记录。",
    en="There is no such customer, so nothing can be recorded.",
    next_zh="请先查重并录入客户，审核进入小库后再记录。",
    next_en="Check and enter the company first; record after review has admitted it.",
)
NOT_HELD = Reason(
    "NOT_HELD",
    Kind.FORBIDDEN,
    zh="该客户不在您的小库中，不能记录拜访。",
    en="This customer is not in your library, so you cannot record a follow-up.",
    next_zh="请先申请保护该客户。",
    next_en="Claim the customer first.",
)
KIND_NOT_ALLOWED = Reason(
    "KIND_NOT_ALLOWED",
    Kind.POLICY,
    zh="不接受此类拜访方式，允许的方式：{allowed}。",
    en="This kind of follow-up is not accepted; accepted: {allowed}.",
)
HAPPEN_TIME_FUTURE = Reason(
    "HAPPEN_TIME_FUTURE",
    Kind.INVALID,
    zh="拜访时间不能晚于现在。",
    en="A follow-up cannot lie in the future.",
)
HAPPEN_TIME_TOO_OLD = Reason(
    "HAPPEN_TIME_TOO_OLD",
    Kind.POLICY,
    zh="拜访时间最多可补记 {hours} 小时以内。",
    en="A follow-up may be entered up to {hours} hours later.",
    next_zh="请不填拜访时间，以记录时间为准。",
    next_en="Leave the time out; the time of recording counts in any case.",
)
TOO_MANY_ATTACHMENTS = Reason(
    "TOO_MANY_ATTACHMENTS",
    Kind.POLICY,
    zh="附件最多 {most} 个。",
    en="At most {most} attachments.",
)
ATTACHMENT_NOT_ALLOWED = Reason(
    "ATTACHMENT_NOT_ALLOWED",
    Kind.POLICY,
    zh="附件“{name}”的类型或大小不符合要求：{types}，每个不超过 {most} 字节。",
    en="Attachment '{name}' is of another type or too large: {types}, {most} bytes each at most.",
)
ATTACHMENT_TWICE = Reason(
    "ATTACHMENT_TWICE",
    Kind.INVALID,
    zh="同一个附件给出了两次。",
    en="The same attachment is given twice.",
)
RECEIPT_MISSING = Reason(
    "RECEIPT_MISSING",
    Kind.INVALID,
    zh="附件没有上传回执。",
    en="The attachment has no receipt of an upload.",
    next_zh="请先上传文件，再连同回执一起提交。",
    next_en="Upload the file first, then give the attachment with its receipt.",
)
RECEIPT_INVALID = Reason(
    "RECEIPT_INVALID",
    Kind.INVALID,
    zh="附件的上传回执无效，或与附件内容不符。",
    en="The attachment's receipt is not valid, or does not match the attachment.",
    next_zh="请重新上传文件。",
    next_en="Upload the file again.",
)
RECEIPT_EXPIRED = Reason(
    "RECEIPT_EXPIRED",
    Kind.INVALID,
    zh="附件上传过久，回执已过期。",
    en="The attachment was uploaded too long ago; its receipt has expired.",
    next_zh="请重新上传文件。",
    next_en="Upload the file again.",
)
RECEIPT_NOT_YOURS = Reason(
    "RECEIPT_NOT_YOURS",
    Kind.INVALID,
    zh="附件由他人上传，不能用于您的记录。",
    en="Somebody else uploaded the attachment; it cannot show a record of yours.",
    next_zh="请自己上传文件。",
    next_en="Upload the file yourself.",
)
ATTACHMENT_REUSED = Reason(
    "ATTACHMENT_REUSED",
    Kind.POLICY,
    zh="附件“{name}”与另一条拜访记录的附件完全相同，请客服部留意。",
    en="Attachment '{name}' is a file of another record too; Customer Service should look at it.",
)
FOLLOW_UP_UNKNOWN = Reason(
    "FOLLOW_UP_UNKNOWN", Kind.NOT_FOUND, zh="没有该拜访记录。", en="There is no such follow-up."
)
NOT_YET = Reason(
    "NOT_YET",
    Kind.UNAVAILABLE,
    zh="截止时间 {until} 尚未到达，稍后再试。",
    en="{until} has not come yet here; try again in a moment.",
)
SIGN_DATE_INVALID = Reason(
    "SIGN_DATE_INVALID",
    Kind.INVALID,
    zh="签单日期须为不晚于今天的日期，格式为 2026-03-02。",
    en="The signing date must be a day not after today, written 2026-03-02.",
)
SIGNING_UNKNOWN = Reason(
    "SIGNING_UNKNOWN", Kind.NOT_FOUND, zh="没有该签单记录。", en="There is no such signing."
)
SIGNING_COUNTERED = Reason(
    "SIGNING_COUNTERED",
    Kind.STATE,
    zh="该签单已被冲销。",
    en="This signing has already been countered.",
)
STAFF_UNKNOWN = Reason(
    "STAFF_UNKNOWN", Kind.NOT_FOUND, zh="没有该员工。", en="There is no such person."
)
VOIDED_BY_CHECK = Reason(
    "VOIDED_BY_CHECK",
    Kind.POLICY,
    zh="客服部抽查认定该记录不真实或不合格，作废。",
    en="A spot check found the record faked or below the standard: it is void.",
)
EVIDENCE_REQUIRED = Reason(
    "EVIDENCE_REQUIRED",
    Kind.POLICY,
    zh="抽查不合格须写明依据。",
    en="A bad result needs its evidence.",
)
CHECK_INCOMPLETE = Reason(
    "CHECK_INCOMPLETE",
    Kind.INVALID,
    zh="抽查拜访记录须指明记录，抽查电话须指明员工。",
    en="A check names the follow-up, or whose call it was, and not both.",
)
WEEK_START_INVALID = Reason(
    "WEEK_START_INVALID",
    Kind.INVALID,
    zh="须填写该周星期一的日期，不晚于今天，格式为 2026-03-02。",
    en="The week is named by its Monday, not after today, written 2026-03-02.",
)
CLAUSE_NOT_PUBLISHED = Reason(
    "CLAUSE_NOT_PUBLISHED",
    Kind.POLICY,
    zh="“{named}”不是已公布的条款，只有违反明确规则才算违规。",
    en="'{named}' is no published clause; only breaches of an explicit rule count.",
    next_zh="请注明所违反的条款编号。",
    next_en="Name the clause that was broken.",
)
VIOLATION_FUTURE = Reason(
    "VIOLATION_FUTURE",
    Kind.INVALID,
    zh="违规时间不能晚于现在。",
    en="A violation cannot lie in the future.",
)
VIOLATION_UNKNOWN = Reason(
    "VIOLATION_UNKNOWN", Kind.NOT_FOUND, zh="没有该违规记录。", en="There is no such violation."
)
VIOLATION_REVOKED = Reason(
    "VIOLATION_REVOKED",
    Kind.STATE,
    zh="该违规已被撤销。",
    en="This violation has already been revoked.",
)
MONTH_INVALID = Reason(
    "MONTH_INVALID",
    Kind.INVALID,
    zh="月份须写为 2026-03，且不晚于本月。",
    en="A month is written 2026-03 and is not after this one.",
)
TASK_UNKNOWN = Reason(
    "TASK_UNKNOWN", Kind.NOT_FOUND, zh="没有该任务。", en="There is no such task."
)
TASK_CLOSED = Reason(
    "TASK_CLOSED", Kind.STATE, zh="该任务已结束。", en="This task is closed already."
)
