"""Why the gateway refuses, in Chinese and English. Everything else is refused by the services."""

from chassis.kernel import Kind, Reason

MALFORMED_JSON = Reason(
    "MALFORMED_JSON", Kind.INVALID, zh="请求体不是有效的 JSON。", en="The body is not valid JSON."
)
TOO_DEEP = Reason(
    "TOO_DEEP",
    Kind.INVALID,
    zh="JSON 嵌套超过 {limit} 层。",
    en="The JSON is nested more than {limit} levels deep.",
)
UNKNOWN_FIELD = Reason(
    "UNKNOWN_FIELD", Kind.INVALID, zh="没有这个字段。", en="There is no such field."
)
REPEATED_FIELD = Reason(
    "REPEATED_FIELD", Kind.INVALID, zh="这个字段只能给一次。", en="This field may be given once."
)
WRONG_TYPE = Reason(
    "WRONG_TYPE", Kind.INVALID, zh="此处应为{expected_zh}。", en="This must be {expected}."
)
PATH_DECIDES = Reason(
    "PATH_DECIDES",
    Kind.INVALID,
    zh="这个字段由路径给出，请求的其他部分不能改变它。",
    en="The path gives this field; no other part of the request may change it.",
)
NO_BODY_HERE = Reason(
    "NO_BODY_HERE", Kind.INVALID, zh="这个接口不接受请求体。", en="This call takes no body."
)
REQUEST_ID_MISSING = Reason(
    "REQUEST_ID_MISSING",
    Kind.INVALID,
    zh="请给出 request_id 或请求头 Idempotency-Key，重试时使用同一个值。",
    en="Give request_id or the header Idempotency-Key, and the same value when you try again.",
)
REQUEST_ID_TWICE = Reason(
    "REQUEST_ID_TWICE",
    Kind.INVALID,
    zh="请求头 Idempotency-Key 与 request_id 不一致。",
    en="The header Idempotency-Key and request_id differ.",
)
NO_SUCH_PATH = Reason(
    "NO_SUCH_PATH", Kind.NOT_FOUND, zh="没有这个地址。", en="There is nothing at this address."
)
NO_SUCH_SERVICE = Reason(
    "NO_SUCH_SERVICE", Kind.NOT_FOUND, zh="没有这个服务。", en="There is no such service."
)
NO_SUCH_METHOD = Reason(
    "NO_SUCH_METHOD",
    Kind.INVALID,
    zh="这个地址只接受 {allowed}。",
    en="This address only takes {allowed}.",
)
TOO_LARGE = Reason(
    "TOO_LARGE",
    Kind.INVALID,
    zh="请求体超过 {limit_bytes} 字节。",
    en="The body is larger than {limit_bytes} bytes.",
)
NOT_JSON = Reason(
    "NOT_JSON",
    Kind.INVALID,
    zh="请求体须为未压缩的 application/json（UTF-8）。",
    en="The body must be uncompressed application/json in UTF-8.",
)
TOO_MANY_REQUESTS = Reason(
    "TOO_MANY_REQUESTS",
    Kind.RATE,
    zh="请求过于频繁，请在 {retry_seconds} 秒后再试。",
    en="Too many requests; try again in {retry_seconds} seconds.",
)
TOO_MANY_STREAMS = Reason(
    "TOO_MANY_STREAMS",
    Kind.RATE,
    zh="您已打开 {most} 个实时连接，请关闭其他窗口，或在 {retry_seconds} 秒后再试。",
    en="You have {most} live streams open; close other windows, or try again in {retry_seconds} "
    "seconds.",
)
TOO_MANY_ATTEMPTS = Reason(
    "TOO_MANY_ATTEMPTS",
    Kind.RATE,
    zh="登录尝试过多，请在 {retry_seconds} 秒后再试。",
    en="Too many sign-in attempts; try again in {retry_seconds} seconds.",
)
BUSY = Reason(
    "BUSY", Kind.UNAVAILABLE, zh="系统繁忙，请稍后再试。", en="The system is busy; try again soon."
)
SIGN_IN_REFUSED = Reason(
    "SIGN_IN_REFUSED",
    Kind.UNAUTHENTICATED,
    zh="用户名或密码不正确。",
    en="The username or the password is not right.",
)
WRONG_PASSWORD = Reason(
    "WRONG_PASSWORD",
    Kind.FORBIDDEN,
    zh="当前密码不正确。",
    en="The current password is not right.",
)
SESSION_OVER = Reason(
    "SESSION_OVER",
    Kind.UNAUTHENTICATED,
    zh="登录已失效，请重新登录。",
    en="The session is over; sign in again.",
)
OTHER_SITE = Reason(
    "OTHER_SITE",
    Kind.FORBIDDEN,
    zh="此请求不是由本系统的页面发出的。",
    en="This request does not come from a page of this system.",
)
NOT_ON_STAFF = Reason(
    "NOT_ON_STAFF",
    Kind.FORBIDDEN,
    zh="此账号没有对应的员工档案，请联系管理员。",
    en="This account has no person in the staff directory; ask an administrator.",
)
ACCOUNT_EXISTS = Reason(
    "ACCOUNT_EXISTS",
    Kind.DUPLICATE,
    zh="用户名 {username} 已被使用。",
    en="The username {username} is taken.",
)
NO_SUCH_ACCOUNT = Reason(
    "NO_SUCH_ACCOUNT", Kind.NOT_FOUND, zh="没有这个账号。", en="There is no such account."
)
BAD_USERNAME = Reason(
    "BAD_USERNAME",
    Kind.INVALID,
    zh="用户名须为 1 至 64 个字母、数字或 . _ - @。",
    en="A username is 1 to 64 letters, digits or . _ - @.",
)
BAD_PASSWORD = Reason(
    "BAD_PASSWORD",
    Kind.INVALID,
    zh="密码须为 {least} 至 {most} 个字符，且不同于用户名。",
    en="A password has {least} to {most} characters and is not the username.",
)
