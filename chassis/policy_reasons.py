"""The refusals of policy versions: stable codes with their sentences in two languages."""

from chassis.kernel import Kind, Reason

NO_POLICY = Reason(
    "NO_POLICY",
    Kind.STATE,
    zh="尚无生效的策略，系统未启用。",
    en="No policy is in force yet.",
    next_zh="请管理员先应用策略包。",
    next_en="Ask an administrator to apply a policy pack.",
)
POLICY_INVALID = Reason(
    "POLICY_INVALID",
    Kind.INVALID,
    zh="策略包有 {count} 处错误，未应用。",
    en="The policy has {count} errors and was not applied.",
)
POLICY_UNKNOWN = Reason(
    "POLICY_UNKNOWN",
    Kind.NOT_FOUND,
    zh="没有第 {version} 版策略。",
    en="There is no policy version {version}.",
)
POLICY_STALE = Reason(
    "POLICY_STALE",
    Kind.STALE,
    zh="策略已更新至第 {version} 版。",
    en="Version {version} of the policy was applied meanwhile.",
    next_zh="请刷新后核对改动，再重新提交。",
    next_en="Read it again, look at what differs now, and retry.",
)
POLICY_UNCHANGED = Reason(
    "POLICY_UNCHANGED",
    Kind.INVALID,
    zh="与第 {version} 版策略相同，没有改动。",
    en="It says what version {version} says; nothing would change.",
)
POLICY_UNCONFIRMED = Reason(
    "POLICY_UNCONFIRMED",
    Kind.POLICY,
    zh="新版本生效一天内将多触及 {count} 项，占全部 {total} 项的 {percent}%，超过 {limit}%。",
    en="Within a day it would reach {count} more of {total}: {percent} percent, over {limit}.",
    next_zh="请先查看“当晚影响”，确认无误后勾选确认再提交。",
    next_en="Look at what it would do tonight, then send it with `confirmed`.",
)
EFFECTIVE_TIME_PASSED = Reason(
    "EFFECTIVE_TIME_PASSED",
    Kind.INVALID,
    zh="生效时间已过（现在是 {now}），改动不能追溯。",
    en="The effective time has passed (it is {now}); changes do not work backwards.",
    next_zh="请改为现在或以后的时间。",
    next_en="Choose now or a later time.",
)
UNKNOWN_TIME_ZONE = Reason(
    "UNKNOWN_TIME_ZONE", Kind.INVALID, zh="没有时区“{name}”。", en="There is no time zone '{name}'."
)
