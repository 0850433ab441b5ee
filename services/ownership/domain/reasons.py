"""The refusals of ownership: stable codes with their sentences in two languages."""

from chassis.kernel import Kind, Reason, Sentence

QUOTA_FULL = Reason(
    "QUOTA_FULL",
    Kind.QUOTA,
    zh="名额已满：上限 {limit} 家，已占用 {used} 家，审核中预留 {reserved} 家。",
    en="Quota {limit} reached: {used} held, {reserved} reserved for cases under review.",
    next_zh="放弃保护不再跟进的客户后再申请。",
    next_en="Release a customer you no longer follow, then apply again.",
)
ALREADY_PROTECTED = Reason(
    "ALREADY_PROTECTED",
    Kind.STATE,
    zh="该客户已被保护，不能申请。",
    en="This customer is already protected.",
)
NOT_IN_POOL = Reason(
    "NOT_IN_POOL",
    Kind.STATE,
    zh="该客户不在公共库中，暂不能申请。",
    en="This customer is not in the public pool.",
)
IN_CASE = Reason(
    "CUSTOMER_IN_CASE",
    Kind.STATE,
    zh="该客户正在审核中，暂不能申请。",
    en="A case about this customer is under review.",
    next_zh="请等待审核结束后再试。",
    next_en="Try again when that case is closed.",
)
FROZEN = Reason(
    "CUSTOMER_FROZEN",
    Kind.STATE,
    zh="该客户因交接或争议已冻结，归属暂不能变动。",
    en="This customer is frozen by a handover or a dispute and cannot change hands.",
    next_zh="请等待交接或争议处理结束。",
    next_en="Wait until the handover or the dispute is settled.",
)
SAME_ORGANISATION = Reason(
    "SAME_ORGANISATION_PROTECTED",
    Kind.STATE,
    zh="相同单位已被其他同事保护，驳回申请。",
    en="The same organisation is already protected by a colleague.",
)
REVIEW_REQUIRED = Reason(
    "REVIEW_REQUIRED",
    Kind.POLICY,
    zh="申请保护须经审核。",
    en="Claims are reviewed.",
    next_zh="请提交“申请保护”审核单。",
    next_en="Submit a claim case instead.",
)
CATEGORY_NOT_ALLOWED = Reason(
    "CATEGORY_NOT_ALLOWED",
    Kind.POLICY,
    zh="此类别的客户不能进入小库。",
    en="A customer of this category cannot enter a private library.",
    next_zh="请先补全客户类别。",
    next_en="Complete the customer's category first.",
)
COOLING_OFF = Reason(
    "COOLING_OFF",
    Kind.POLICY,
    zh="您曾放弃该客户，{until} 起方可再次申请。",
    en="You gave this customer up; you may claim it again from {until}.",
)
CUSTOMER_UNKNOWN = Reason(
    "CUSTOMER_UNKNOWN", Kind.NOT_FOUND, zh="没有这个客户。", en="There is no such customer."
)
STAFF_UNKNOWN = Reason(
    "STAFF_UNKNOWN", Kind.NOT_FOUND, zh="没有这名员工。", en="There is no such person."
)
STAFF_EXISTS = Reason(
    "STAFF_EXISTS",
    Kind.DUPLICATE,
    zh="员工编号 {staff_id} 已存在。",
    en="The staff id {staff_id} is taken.",
)
STAFF_INVALID = Reason(
    "STAFF_INVALID",
    Kind.INVALID,
    zh="员工资料有 {count} 处不符合要求。",
    en="{count} fields of the person are not as they must be.",
)
STAFF_FIELD_REQUIRED = Reason("STAFF_FIELD_REQUIRED", Kind.INVALID, zh="必填。", en="Required.")
STAFF_HIRE_DATE = Reason(
    "STAFF_HIRE_DATE_INVALID",
    Kind.INVALID,
    zh="入职日期须为 YYYY-MM-DD，不得晚于明年今日。",
    en="The hire date must be YYYY-MM-DD and at most a year ahead.",
)
STAFF_FIELD_UNKNOWN = Reason(
    "STAFF_FIELD_UNKNOWN",
    Kind.INVALID,
    zh="没有可修改的字段：{unknown}。",
    en="There are no such fields to change: {unknown}.",
)
STALE = Reason(
    "STALE",
    Kind.STALE,
    zh="资料已被他人修改。",
    en="The data changed in the meantime.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
NOT_HOLDER = Reason(
    "NOT_HOLDER",
    Kind.STATE,
    zh="申请人已不是该客户的负责员工。",
    en="The applicant no longer holds this customer.",
)
MOVED_MEANWHILE = Reason(
    "MOVED_MEANWHILE",
    Kind.STATE,
    zh="该客户的归属刚刚发生了变化。",
    en="This customer moved in the meantime.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
RESERVATION_GONE = Reason(
    "RESERVATION_GONE",
    Kind.STATE,
    zh="该审核单预留的名额已释放。",
    en="The slot reserved for this case was freed.",
)
LEAD_UNCHECKED = Reason(
    "LEAD_UNCHECKED",
    Kind.POLICY,
    zh="来电或试用须先查重：请附上您本人对“{full_name}”的查重记录。",
    en="An inbound lead is checked for duplicates first: give your own check of '{full_name}'.",
    next_zh="请先查重，再分派。",
    next_en="Check the name, then route the lead.",
)
LEAD_HIT_OPEN = Reason(
    "LEAD_HIT_OPEN",
    Kind.POLICY,
    zh="查重发现 {count} 个可能相同的客户，须说明是哪一个，或都不是。",
    en="The check found {count} likely customers: say which one it is, or that it is none.",
)
LEAD_NOT_A_HIT = Reason(
    "LEAD_NOT_A_HIT",
    Kind.INVALID,
    zh="所选客户不在查重结果中，或另有相同的客户。",
    en="The chosen customer is not a hit of the check, or another one is the same.",
)
LEAD_UNKNOWN = Reason(
    "LEAD_UNKNOWN", Kind.NOT_FOUND, zh="没有这条来电记录。", en="There is no such lead."
)
NO_ROUTE = Reason(
    "NO_ROUTE",
    Kind.POLICY,
    zh="现行规定没有适用于该客户的分派方式。",
    en="The rules in force have no route for a lead of this customer.",
)
CUSTOMER_CLOSED = Reason(
    "CUSTOMER_CLOSED",
    Kind.STATE,
    zh="该客户记录因重复已关闭。",
    en="This record was closed as a duplicate.",
    next_zh="请重新查重，选择保留的客户记录。",
    next_en="Check again, and choose the record that was kept.",
)
NOBODY_ON_DUTY = Reason(
    "NOBODY_ON_DUTY",
    Kind.STATE,
    zh="本周值班 {members} 人，目前无人可以接收：{why_zh}。",
    en="Nobody of the {members} on this week's rota can take it now: {why_en}.",
    next_zh="情况改变后请重新分派。",
    next_en="Route it again when that has changed.",
)
BARRED = {
    "BANNED": Sentence("已取消值班资格", "banned"),
    "CLAIMS_BLOCKED": Sentence("暂停领取", "may not claim"),
    "DEPARTED": Sentence("已离职", "departed"),
    "LIBRARY_FULL": Sentence("名额已满", "library full"),
    "ON_LEAVE": Sentence("请假", "on leave"),
}
"""Why somebody on the rota cannot take a lead, in words."""
TURN_TAKEN = Reason(
    "TURN_TAKEN",
    Kind.STALE,
    zh="值班顺序刚刚变动。",
    en="Somebody else took this turn.",
    next_zh="请重试。",
    next_en="Try again.",
)
ROTA_UNKNOWN = Reason(
    "ROTA_UNKNOWN",
    Kind.NOT_FOUND,
    zh="{week} 起的一周没有值班表。",
    en="There is no rota of the week from {week}.",
)
NOT_BANNED = Reason(
    "NOT_BANNED",
    Kind.STATE,
    zh="员工 {staff_id} 没有被取消值班资格。",
    en="{staff_id} is not banned from the rota.",
)
CLAIMS_BLOCKED = Reason(
    "CLAIMS_BLOCKED",
    Kind.POLICY,
    zh="因违规已暂停申请保护客户。",
    en="Claims are blocked because of violations.",
)
STAFF_DEPARTED = Reason(
    "STAFF_DEPARTED",
    Kind.STATE,
    zh="该员工已离职或调离销售部门。",
    en="This person has left, or moved out of sales.",
)
DEPARTURE_DATE = Reason(
    "DEPARTURE_DATE_INVALID",
    Kind.INVALID,
    zh="离职或调离日期须为 YYYY-MM-DD，不得晚于 {today}。",
    en="The day must be YYYY-MM-DD, {today} at the latest.",
)
PLAN_OPEN = Reason(
    "REALLOCATION_OPEN",
    Kind.STATE,
    zh="该员工已有一个调配方案待审核或待执行。",
    en="A plan for this person's customers is open already.",
    next_zh="请等待该方案审核或执行完毕。",
    next_en="Wait until it is decided or executed.",
)
PLAN_UNKNOWN = Reason(
    "REALLOCATION_UNKNOWN", Kind.NOT_FOUND, zh="没有这个调配方案。", en="There is no such plan."
)
PLAN_INVALID = Reason(
    "REALLOCATION_INVALID",
    Kind.INVALID,
    zh="调配方案有 {count} 处不符合要求。",
    en="{count} items of the plan are not as they must be.",
)
PLAN_ITEM_NOT_HELD = Reason(
    "ITEM_NOT_HELD",
    Kind.INVALID,
    zh="该员工不持有此客户。",
    en="The person does not hold this customer.",
)
PLAN_ITEM_FROZEN = Reason(
    "ITEM_FROZEN", Kind.INVALID, zh="此客户已冻结。", en="This customer is frozen."
)
PLAN_ITEM_TWICE = Reason(
    "ITEM_NAMED_TWICE", Kind.INVALID, zh="此客户在方案中出现多次。", en="The plan names it twice."
)
PLAN_ITEM_TARGET = Reason(
    "ITEM_TARGET_NOT_ALLOWED",
    Kind.INVALID,
    zh="不能分配到该去向：{why}。",
    en="It cannot go there: {why}.",
)
PLAN_INCOMPLETE = Reason(
    "REALLOCATION_INCOMPLETE",
    Kind.POLICY,
    zh="方案须包括全部 {held} 家客户，尚缺 {missing} 家。",
    en="The plan must name all {held} customers; {missing} are missing.",
)
PLAN_NOT_CONSENTED = Reason(
    "REALLOCATION_NOT_CONSENTED",
    Kind.STATE,
    zh="调配方案尚未得到总经理的最终同意（当前状态：{state}），不能执行。",
    en="The plan lacks the general manager's final consent (it is {state}); it is not executed.",
)
