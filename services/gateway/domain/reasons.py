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
TAKEN_ZH, TAKEN_EN = "JPEG、PNG、WebP 照片和 PDF 文件", "JPEG, PNG and WebP photos, and PDF files"
FILE_TYPE = Reason(
    "FILE_TYPE",
    Kind.INVALID,
    zh=f"不接受此类文件，只接受 {TAKEN_ZH}。",
    en=f"Files of this type are not taken; what is taken: {TAKEN_EN}.",
    next_zh="其他文件请另存为 PDF 后再上传。",
    next_en="Save other documents as PDF, then upload that.",
)
FILE_HEIC = Reason(
    "FILE_HEIC",
    Kind.INVALID,
    zh="不接受 HEIC 或 AVIF 照片。",
    en="HEIC and AVIF photos are not taken.",
    next_zh="请在手机的相机设置中选择“兼容性最佳”（JPEG），或先把照片另存为 JPEG。",
    next_en="Choose 'Most Compatible' (JPEG) in the camera settings, or save the photo as JPEG.",
)
FILE_DAMAGED = Reason(
    "FILE_DAMAGED",
    Kind.INVALID,
    zh="文件已损坏或不完整，无法读取。",
    en="The file is damaged or incomplete and cannot be read.",
    next_zh="请重新拍照或导出后再上传。",
    next_en="Take the photo or export the file again, then upload that.",
)
FILE_HIDES_ANOTHER = Reason(
    "FILE_HIDES_ANOTHER",
    Kind.INVALID,
    zh="文件中还藏有另一种文件（网页、压缩包等），为安全起见不接受。",
    en="Another file (a page, an archive) hides in this one; it is refused for safety.",
    next_zh="请重新拍照或导出后再上传。",
    next_en="Take the photo or export the file again, then upload that.",
)
FILE_EMPTY = Reason("FILE_EMPTY", Kind.INVALID, zh="文件是空的。", en="The file is empty.")
FILE_ENCODED = Reason(
    "FILE_ENCODED",
    Kind.INVALID,
    zh="请求体须为文件本身，不能压缩，也不能用表单。",
    en="The body must be the file itself, neither compressed nor in a form.",
)
FILE_TOO_SLOW = Reason(
    "FILE_TOO_SLOW",
    Kind.INVALID,
    zh="文件在 {seconds} 秒内没有传完。",
    en="The file did not arrive within {seconds} seconds.",
    next_zh="请在网络较好时再试。",
    next_en="Try again where the network is better.",
)
PHOTO_TOO_LARGE = Reason(
    "PHOTO_TOO_LARGE",
    Kind.INVALID,
    zh="照片超过 {most_pixels} 像素。",
    en="The photo has more than {most_pixels} pixels.",
    next_zh="请在相机设置中选择较低的分辨率。",
    next_en="Choose a lower resolution in the camera settings.",
)
TOO_MANY_UPLOADS = Reason(
    "TOO_MANY_UPLOADS",
    Kind.RATE,
    zh="上传过于频繁，请在 {retry_seconds} 秒后再试。",
    en="Too many uploads; try again in {retry_seconds} seconds.",
)
UPLOADS_USED_UP = Reason(
    "UPLOADS_USED_UP",
    Kind.RATE,
    zh="24 小时内最多上传 {most_bytes} 字节，您已上传 {used_bytes} 字节。",
    en="At most {most_bytes} bytes can be uploaded within 24 hours; you uploaded {used_bytes}.",
    next_zh="请明天再试，或联系管理员。",
    next_en="Try again tomorrow, or ask an administrator.",
)
FILES_UNAVAILABLE = Reason(
    "FILES_UNAVAILABLE",
    Kind.UNAVAILABLE,
    zh="文件存储暂时不可用，请稍后再试。",
    en="The file store is not available at the moment; try again soon.",
)
NO_SUCH_FILE = Reason(
    "NO_SUCH_FILE",
    Kind.NOT_FOUND,
    zh="没有该附件，或您无权查看。",
    en="There is no such file, or you may not see it.",
)
