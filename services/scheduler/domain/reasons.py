"""The refusals of the scheduler: stable codes with their sentences in two languages."""

from chassis.kernel import Kind, Reason

CLOCK_UNKNOWN = Reason(
    "CLOCK_UNKNOWN",
    Kind.INVALID,
    zh="没有“{clock}”这种期限。",
    en="There is no clock '{clock}'.",
)
NO_SUCH_DEADLINE = Reason(
    "NO_SUCH_DEADLINE",
    Kind.NOT_FOUND,
    zh="查不到此对象的“{clock}”期限。",
    en="No '{clock}' deadline of this is to be found.",
)
RUN_UNKNOWN = Reason(
    "RECURRING_RUN_UNKNOWN",
    Kind.INVALID,
    zh="没有“{run}”这种定时任务。",
    en="There is no recurring run '{run}'.",
)
AMOUNT_REQUIRED = Reason(
    "CLOCK_AMOUNT_REQUIRED",
    Kind.INVALID,
    zh="期限“{clock}”的长短由业务单据决定，请注明。",
    en="How long the clock '{clock}' runs is stated by what starts it; give it here.",
)
WHOSE_REQUIRED = Reason(
    "CLOCK_OF_WHOM_REQUIRED",
    Kind.INVALID,
    zh="请注明查询哪项业务或哪位人员的期限。",
    en="Name the subject or the person whose clocks are asked for.",
)
SPAN_INVALID = Reason(
    "SPAN_INVALID",
    Kind.INVALID,
    zh="起止日期有误：{first} 至 {last}。",
    en="The span from {first} to {last} is not valid.",
)
SPAN_TOO_LONG = Reason(
    "SPAN_TOO_LONG",
    Kind.INVALID,
    zh="最多 {most} 天，所给为 {days} 天。",
    en="At most {most} days, these are {days}.",
)
YEAR_UNKNOWN = Reason(
    "YEAR_UNKNOWN",
    Kind.NOT_FOUND,
    zh="日历中没有 {year} 年。",
    en="The calendar does not hold the year {year}.",
)
DAYS_INVALID = Reason(
    "CALENDAR_DAYS_INVALID",
    Kind.INVALID,
    zh="所给日期有 {count} 处错误。",
    en="{count} of the days are not as they must be.",
)
DAY_TWICE = Reason("DAY_TWICE", Kind.INVALID, zh="同一天给出两次。", en="The day is given twice.")
DAY_UNKNOWN = Reason("DAY_UNKNOWN", Kind.INVALID, zh="没有这一天。", en="There is no such day.")
DAY_UNCHANGED = Reason(
    "DAY_UNCHANGED",
    Kind.INVALID,
    zh="日历中这一天已是如此。",
    en="The calendar says so of this day already.",
)
CALENDAR_STALE = Reason(
    "CALENDAR_STALE",
    Kind.STALE,
    zh="日历已更新至第 {version} 版。",
    en="The calendar is at version {version} by now.",
    next_zh="请刷新后重试。",
    next_en="Read it again and retry.",
)
STAFF_UNKNOWN = Reason(
    "STAFF_UNKNOWN", Kind.NOT_FOUND, zh="没有这位员工。", en="There is no such person."
)
LEAVE_UNKNOWN = Reason(
    "LEAVE_UNKNOWN", Kind.NOT_FOUND, zh="没有这条请假记录。", en="There is no such leave."
)
LEAVE_CANCELLED = Reason(
    "LEAVE_CANCELLED",
    Kind.STATE,
    zh="这条请假记录已撤销。",
    en="This leave is cancelled already.",
)
LEAVE_OVERLAPS = Reason(
    "LEAVE_OVERLAPS",
    Kind.STATE,
    zh="与已有的请假（{first} 至 {last}）重叠。",
    en="It overlaps with a leave from {first} to {last}.",
)
