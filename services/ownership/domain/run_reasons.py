"""The refusals of runs and of distribution, and why runs stop."""

from chassis.kernel import Kind, Reason, Sentence

RUN_UNKNOWN = Reason("RUN_UNKNOWN", Kind.NOT_FOUND, zh="没有这次执行。", en="There is no such run.")
PLAN_INVALID = Reason(
    "PLAN_INVALID",
    Kind.INVALID,
    zh="分配方案有 {count} 处不符合要求。",
    en="{count} fields of the plan are not as they must be.",
)
PLAN_MODE_MISSING = Reason(
    "PLAN_MODE_MISSING",
    Kind.INVALID,
    zh="请选择分配方式。",
    en="Say how customers are distributed.",
)
PLAN_NAMES_MISSING = Reason(
    "PLAN_NAMES_MISSING",
    Kind.INVALID,
    zh="请列出轮流接收的销售。",
    en="Name the reps in their turn.",
)
PLAN_NOT_A_REP = Reason(
    "PLAN_NOT_A_REP",
    Kind.INVALID,
    zh="{staff_id} 不是可以接收客户的销售。",
    en="{staff_id} is nobody who may hold customers.",
)
PLAN_DECIDES = Reason(
    "PLAN_DECIDES",
    Kind.POLICY,
    zh="回收的客户按分配方案分配，方案没有点名 {staff_id}。",
    en="Collected customers go by the distribution plan, which does not name {staff_id}.",
)
NOT_AWAITING = Reason(
    "NOT_AWAITING",
    Kind.STATE,
    zh="该客户不在待分配之中。",
    en="This customer does not wait to be distributed.",
)
NOT_BACK = Reason(
    "NOT_BACK",
    Kind.POLICY,
    zh="客户不能分配回刚刚失去它的销售。",
    en="A customer is not given back to the rep who just lost it.",
)
RUN_STATE = Reason(
    "RUN_STATE",
    Kind.STATE,
    zh="这次执行的状态为“{state}”，不能这样做。",
    en="The run is '{state}'; this cannot be done now.",
)
STOPPED_NO_PLAN = Sentence(
    "还没有分配方案，设定方案后自动继续。",
    "there is no distribution plan yet; the run goes on once there is one.",
)
STOPPED_BREAKER = Sentence(
    "将收回 {share}% 的个人库客户，达到 {limit}% 的上限，请核对后继续或取消。",
    "{share}% of all held customers would be reclaimed, where {limit}% is the limit;"
    " look into it, then resume or cancel it.",
)
