"""The refusals of disputes and of records closed as duplicates."""

from chassis.kernel import Kind, Reason

RECORD_CLOSED = Reason(
    "RECORD_CLOSED",
    Kind.STATE,
    zh="该记录与另一条记录重复，已关闭。",
    en="This record duplicated another one and is closed.",
)
SAME_RECORD = Reason(
    "SAME_RECORD",
    Kind.INVALID,
    zh="一条记录不会与自己重复。",
    en="A record is no duplicate of itself.",
)
FOUND_BY_SCAN = Reason(
    "FOUND_BY_SCAN",
    Kind.STATE,
    zh="查重扫描发现，相似度 {score}。",
    en="A scan for duplicates found it; likeness {score}.",
)
SIGNING_COUNTERED = Reason(
    "SIGNING_COUNTERED", Kind.STATE, zh="该签单已撤销。", en="This signing was taken back."
)
NOTHING_DISPUTED = Reason(
    "NOTHING_DISPUTED",
    Kind.STATE,
    zh="该签单的业绩没有争议。",
    en="Nobody else has a claim on this signing.",
)
DISPUTE_UNDER_WAY = Reason(
    "DISPUTE_UNDER_WAY",
    Kind.STATE,
    zh="该事项已有争议正在处理。",
    en="A dispute about this is under way.",
)
DISPUTE_RULED = Reason(
    "DISPUTE_RULED",
    Kind.STATE,
    zh="该争议已裁决。",
    en="This dispute is ruled.",
    next_zh="不服裁决的，请在期限内申请复核。",
    next_en="Appeal against the ruling while there is time.",
)
DISPUTE_UNKNOWN = Reason(
    "DISPUTE_UNKNOWN", Kind.NOT_FOUND, zh="没有这项争议。", en="There is no such dispute."
)
NOT_RULED = Reason(
    "DISPUTE_NOT_RULED", Kind.STATE, zh="该争议尚未裁决。", en="This dispute is not ruled."
)
APPEAL_LATE = Reason(
    "APPEAL_LATE",
    Kind.POLICY,
    zh="复核期限至 {until} 止。",
    en="An appeal was possible until {until}.",
)
APPEAL_FINAL = Reason(
    "APPEAL_FINAL",
    Kind.STATE,
    zh="复核只有一次，结果为最终结果。",
    en="There is one appeal, and it is final.",
)
WINNER_UNKNOWN = Reason(
    "WINNER_UNKNOWN",
    Kind.STATE,
    zh="指定的获得者（{winner_id}）不是在职员工，或与该争议无关。",
    en="The winner named ({winner_id}) is nobody who works here, or has no part in the dispute.",
)
NOT_CLOSED = Reason(
    "RECORD_NOT_CLOSED",
    Kind.STATE,
    zh="该记录已不是关闭状态，不能恢复。",
    en="The record is no longer closed, so it cannot be opened again.",
)
