"""The refusals of review: stable codes with their sentences in two languages."""

from chassis.kernel import Kind, Reason

CASE_TYPE_UNKNOWN = Reason(
    "CASE_TYPE_UNKNOWN",
    Kind.INVALID,
    zh="没有“{case_type}”这种审核单。",
    en="There is no case type '{case_type}'.",
)
CASE_UNKNOWN = Reason(
    "CASE_UNKNOWN", Kind.NOT_FOUND, zh="没有这张审核单。", en="There is no such case."
)
CASE_NOT_OPEN = Reason(
    "CASE_NOT_OPEN",
    Kind.STATE,
    zh="该审核单已处理（{state}）。",
    en="This case is already decided ({state}).",
)
TAKEN_BY_OTHER = Reason(
    "CASE_TAKEN",
    Kind.STATE,
    zh="该审核单正由其他审核人处理。",
    en="Another reviewer is working on this case.",
    next_zh="请从队列中领取其他审核单。",
    next_en="Take another case from the queue.",
)
NOT_TAKEN = Reason(
    "CASE_NOT_TAKEN",
    Kind.STATE,
    zh="请先领取该审核单再审核。",
    en="Take the case before deciding it.",
)
OWN_CASE = Reason(
    "OWN_CASE",
    Kind.FORBIDDEN,
    zh="不能审核自己的申请。",
    en="Nobody decides their own application.",
)
CHECKS_MISSING = Reason(
    "CHECKS_MISSING",
    Kind.POLICY,
    zh="须逐项记录审核结果，缺少：{missing}。",
    en="Every test must be recorded; missing: {missing}.",
)
CHECKS_UNKNOWN = Reason(
    "CHECKS_UNKNOWN",
    Kind.INVALID,
    zh="没有这些审核项：{unknown}。",
    en="There are no such tests: {unknown}.",
)
CHECK_FAILED = Reason(
    "CHECK_FAILED",
    Kind.POLICY,
    zh="审核项“{check}”未通过，只能驳回。",
    en="The test '{check}' failed; only rejection is possible.",
)
CHECK_CONTRADICTED = Reason(
    "CHECK_CONTRADICTED",
    Kind.POLICY,
    zh="资料仍不完整或不正确（{findings}），只能驳回。",
    en="The data are still incomplete or wrong ({findings}); only rejection is possible.",
)
NOTHING_FAILED = Reason(
    "NOTHING_FAILED",
    Kind.POLICY,
    zh="各项审核均通过，不能驳回。",
    en="Every test passed, so the application cannot be rejected.",
    next_zh="请记录未通过的审核项，或予以通过。",
    next_en="Record the test that failed, or approve.",
)
OVERRIDE_REASON_REQUIRED = Reason(
    "OVERRIDE_REASON_REQUIRED",
    Kind.POLICY,
    zh="系统发现 {findings}，通过须说明理由。",
    en="The system found {findings}; approving needs a reason.",
)
REASON_REQUIRED = Reason(
    "REASON_REQUIRED",
    Kind.POLICY,
    zh="驳回必须说明理由。",
    en="A rejection must state its reason.",
)
STALE = Reason(
    "STALE",
    Kind.STALE,
    zh="该审核单已变化。",
    en="The case changed in the meantime.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
ABANDONED = Reason(
    "SUBMISSION_ABANDONED",
    Kind.STATE,
    zh="提交未完成，已撤销，请重新提交。",
    en="The submission was not completed and was undone.",
    next_zh="请重新提交。",
    next_en="Submit it again with a new request id.",
)
NO_CUSTOMER_YET = Reason(
    "NO_CUSTOMER_YET",
    Kind.INVALID,
    zh="新客户尚未录入，不能指定已有客户。",
    en="A new customer is no existing one; leave this empty.",
)
OPENED_BY_EVENT = Reason(
    "CASE_OPENS_BY_ITSELF",
    Kind.POLICY,
    zh="这类审核单不能直接提交：{zh}",
    en="This case is not submitted by hand: {en}",
)
PARTY_TO_CASE = Reason(
    "PARTY_TO_CASE",
    Kind.FORBIDDEN,
    zh="当事人不能审核与自己有关的审核单。",
    en="A party to a case does not decide it.",
)
ANSWERS_MISSING = Reason(
    "ANSWERS_MISSING",
    Kind.POLICY,
    zh="通过时须写明：{missing}。",
    en="An approval must state: {missing}.",
)
ANSWERS_UNKNOWN = Reason(
    "ANSWERS_UNKNOWN",
    Kind.INVALID,
    zh="没有要求填写这些内容：{unknown}。",
    en="These answers are not asked for: {unknown}.",
)
ANSWER_TOO_LONG = Reason(
    "ANSWER_TOO_LONG",
    Kind.INVALID,
    zh="“{answer}”不能超过 {most} 个字符（现为 {length} 个）。",
    en="'{answer}' may have {most} characters at most (it has {length}).",
)
