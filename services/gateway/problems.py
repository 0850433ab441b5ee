"""Every refusal as one RFC 9457 problem document, whoever refused."""

import json
import re
from collections.abc import Mapping
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from starlette.responses import Response

from chassis.grpc_errors import INTERNAL, PEER_UNAVAILABLE, from_status
from chassis.kernel import Kind, Reason, Refused, Sentence
from services.gateway.domain import reasons

MEDIA_TYPE = "application/problem+json"

_BY_KIND: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.NOT_FOUND: 404,
    Kind.DUPLICATE: 409,
    Kind.STATE: 409,
    Kind.POLICY: 409,
    Kind.QUOTA: 409,
    Kind.STALE: 409,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.RATE: 429,
    Kind.UNAVAILABLE: 503,
}
_BY_CODE: Mapping[grpc.StatusCode, int] = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.OUT_OF_RANGE: 400,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.FAILED_PRECONDITION: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.UNAUTHENTICATED: 401,
    grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 429,
    grpc.StatusCode.UNAVAILABLE: 503,
}
_TITLES: Mapping[int, Sentence] = {
    400: Sentence("请求有误", "The request is not right"),
    401: Sentence("需要登录", "Sign-in is needed"),
    403: Sentence("没有权限", "Not allowed"),
    404: Sentence("没有找到", "Not found"),
    405: Sentence("不支持的请求方法", "Method not allowed"),
    408: Sentence("传输超时", "The request took too long to arrive"),
    409: Sentence("当前不能执行", "Not possible as things stand"),
    413: Sentence("请求过大", "The request is too large"),
    415: Sentence("不支持的内容类型", "Unsupported content type"),
    429: Sentence("请求过于频繁", "Too many requests"),
    500: Sentence("系统错误", "Something went wrong"),
    501: Sentence("尚未提供", "Not provided"),
    503: Sentence("暂时不可用", "Not available at the moment"),
    504: Sentence("处理超时", "It took too long"),
}
TIMED_OUT = Reason(
    "TIMED_OUT",
    Kind.UNAVAILABLE,
    zh="未能在时限内完成，操作可能已经生效。",
    en="It was not finished in time, and may or may not have taken effect.",
    next_zh="请用同一个 request_id 重试，不会重复执行。",
    next_en="Try again with the same request_id; it will not be done twice.",
)
NOT_PROVIDED = Reason(
    "NOT_PROVIDED", Kind.UNAVAILABLE, zh="尚未提供此功能。", en="This is not provided."
)
_INDEX = re.compile(r"\[(\w+)\]")


class Problem(Exception):
    """A refusal with an HTTP status and headers of its own."""

    def __init__(
        self, status: int, refused: Refused, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(refused))
        self.status = status
        self.refused = refused
        self.headers = dict(headers or {})


def of_refused(refused: Refused) -> Problem:
    """Return the problem of a refusal; one that says when to come back says so in a header."""
    status = _BY_KIND[refused.kind]
    headers: dict[str, str] = {}
    if "retry_seconds" in refused.figures:
        headers["retry-after"] = str(refused.figures["retry_seconds"])
    elif refused.kind is Kind.UNAVAILABLE:
        headers["retry-after"] = "1"
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Problem(status, refused, headers)


def of_call(error: grpc.aio.AioRpcError) -> Problem:
    """Return the problem of a failed call.

    What our servers refuse keeps its words. What gRPC itself reports, and every UNKNOWN or
    INTERNAL, shows none: such texts name addresses and code.
    """
    code = error.code()
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Problem(504, TIMED_OUT.refuse())
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return Problem(501, NOT_PROVIDED.refuse())
    if code not in _BY_CODE and code is not grpc.StatusCode.CANCELLED:
        return Problem(500, INTERNAL.refuse())
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            status = status_pb2.Status.FromString(value)
    if not status.details:
        full = code is grpc.StatusCode.RESOURCE_EXHAUSTED
        return of_refused((reasons.BUSY if full else PEER_UNAVAILABLE).refuse())
    problem = of_refused(from_status(status))
    known = problem.refused.reason != PEER_UNAVAILABLE.code
    http_status = _BY_CODE.get(code, 503) if known else 503
    return Problem(http_status, problem.refused, problem.headers | _retry_after(status))


def _retry_after(status: status_pb2.Status) -> dict[str, str]:
    retry = error_details_pb2.RetryInfo()
    for detail in status.details:
        if detail.Unpack(retry):
            delay = retry.retry_delay
            return {"retry-after": str(delay.seconds + bool(delay.nanos))}
    return {}


def language(accept_language: str) -> str:
    """Return `zh` or `en`, whichever is wanted more; Chinese when neither is named."""
    wanted = {"zh": 0.0, "en": 0.0}
    for part in accept_language[:200].split(","):
        tag, _, quality = part.strip().partition(";")
        primary = tag.split("-")[0].strip().lower()
        if primary in wanted:
            number = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality)
            weight = float(number[1]) if number else 1.0
            wanted[primary] = max(wanted[primary], weight)
    return "en" if wanted["en"] > wanted["zh"] else "zh"


def document(problem: Problem, wanted: str, trace_id: str) -> dict[str, Any]:
    """Return the problem document; it always has the same members."""
    refused = problem.refused
    advice = refused.advice or Sentence("", "")
    return {
        "type": f"urn:crm:reason:{refused.reason}",
        "title": getattr(_TITLES.get(problem.status, _TITLES[500]), wanted),
        "status": problem.status,
        "detail": getattr(refused.say, wanted),
        "detail_zh": refused.say.zh,
        "detail_en": refused.say.en,
        "reason": refused.reason,
        "clause": refused.clause,
        "figures": {key: str(value) for key, value in refused.figures.items()},
        "errors": [
            {
                "pointer": pointer(violation.field),
                "reason": violation.reason,
                "clause": violation.clause,
                "detail": getattr(violation.say, wanted),
                "detail_zh": violation.say.zh,
                "detail_en": violation.say.en,
            }
            for violation in refused.violations
        ],
        "advice": getattr(advice, wanted),
        "advice_zh": advice.zh,
        "advice_en": advice.en,
        "service": refused.service,
        "decision_id": refused.decision_id,
        "trace_id": trace_id,
    }


def pointer(field: str) -> str:
    """Return the JSON pointer (URI fragment) of a field path such as `phones[0].number`."""
    if not field:
        return "#"
    parts = _INDEX.sub(r".\1", field).split(".")
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def response(problem: Problem, wanted: str, trace_id: str) -> Response:
    """Return the HTTP response of a problem."""
    body = json.dumps(document(problem, wanted, trace_id), ensure_ascii=False)
    language_tag = {"zh": "zh-CN", "en": "en-US"}[wanted]
    headers = {"cache-control": "no-store", "content-language": language_tag, **problem.headers}
    return Response(body.encode(errors="replace"), problem.status, headers, media_type=MEDIA_TYPE)
