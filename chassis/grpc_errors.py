"""One table between refusals and gRPC statuses, both ways."""

from typing import cast

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis.kernel import Kind, Reason, Refused, Sentence, Violation

CODES: dict[Kind, grpc.StatusCode] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.DUPLICATE: grpc.StatusCode.ALREADY_EXISTS,
    Kind.STATE: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.POLICY: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.QUOTA: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.STALE: grpc.StatusCode.ABORTED,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    Kind.RATE: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}

INTERNAL = Reason(
    "INTERNAL",
    Kind.UNAVAILABLE,
    zh="系统内部错误，已记录。",
    en="Something went wrong on our side; it has been recorded.",
)
PEER_UNAVAILABLE = Reason(
    "PEER_UNAVAILABLE",
    Kind.UNAVAILABLE,
    zh="相关服务暂时不可用，请稍后再试。",
    en="A service this depends on is not available; try again in a moment.",
)

_RESERVED = ("clause", "adviceZh", "adviceEn", "kind", "decisionId")


def to_status(refused: Refused, service: str) -> status_pb2.Status:
    """Return the google.rpc.Status of a refusal.

    Details: ErrorInfo (reason, domain `<service>.crm`, figures, clause, advice, and the id of the
    decision as which the refusal is kept, if it is), LocalizedMessage zh-CN and en-US, BadRequest
    for violations, PreconditionFailure for POLICY, QUOTA and STATE.
    """
    metadata = {key: str(value) for key, value in refused.figures.items()}
    metadata |= {"clause": refused.clause, "kind": refused.kind.value}
    if refused.decision_id:
        metadata["decisionId"] = refused.decision_id
    if refused.advice:
        metadata |= {"adviceZh": refused.advice.zh, "adviceEn": refused.advice.en}
    details: list[any_pb2.Any] = [
        _pack(
            error_details_pb2.ErrorInfo(
                reason=refused.reason, domain=f"{service}.crm", metadata=metadata
            )
        ),
        _pack(error_details_pb2.LocalizedMessage(locale="zh-CN", message=refused.say.zh)),
        _pack(error_details_pb2.LocalizedMessage(locale="en-US", message=refused.say.en)),
    ]
    if refused.violations:
        bad = error_details_pb2.BadRequest()
        for violation in refused.violations:
            for locale, text in (("zh-CN", violation.say.zh), ("en-US", violation.say.en)):
                bad.field_violations.add(
                    field=violation.field,
                    description=violation.clause,
                    reason=violation.reason,
                    localized_message=error_details_pb2.LocalizedMessage(
                        locale=locale, message=text
                    ),
                )
        details.append(_pack(bad))
    if refused.kind in (Kind.POLICY, Kind.QUOTA, Kind.STATE):
        failure = error_details_pb2.PreconditionFailure()
        failure.violations.add(
            type=refused.kind.name, subject=refused.clause, description=refused.say.en
        )
        details.append(_pack(failure))
    code: int = CODES[refused.kind].value[0]
    return status_pb2.Status(code=code, message=refused.say.en, details=details)


def from_rpc_error(error: grpc.RpcError) -> Refused:
    """Return a peer's refusal as our own, so that it reaches the caller unchanged."""
    told = hasattr(error, "trailing_metadata")
    status = rpc_status.from_call(cast(grpc.Call, error)) if told else None
    return from_status(status) if status is not None else PEER_UNAVAILABLE.refuse()


def from_status(status: status_pb2.Status) -> Refused:
    """Read what `to_status` wrote; any other failure of a peer reads as PEER_UNAVAILABLE."""
    info = error_details_pb2.ErrorInfo()
    texts: dict[str, str] = {}
    violations: dict[tuple[str, str], dict[str, str]] = {}
    clauses: dict[tuple[str, str], str] = {}
    for detail in status.details:
        if detail.Unpack(info):
            continue
        text = error_details_pb2.LocalizedMessage()
        if detail.Unpack(text):
            texts[text.locale] = text.message
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            for item in bad.field_violations:
                key = (item.field, item.reason)
                violations.setdefault(key, {})[item.localized_message.locale] = (
                    item.localized_message.message
                )
                clauses[key] = item.description
    if not info.reason or status.code in (code_pb2.UNKNOWN, code_pb2.INTERNAL):
        return PEER_UNAVAILABLE.refuse()
    metadata = dict(info.metadata)
    advice = (
        Sentence(metadata["adviceZh"], metadata["adviceEn"]) if "adviceEn" in metadata else None
    )
    refused = Refused(
        info.reason,
        Kind(metadata.get("kind", Kind.STATE)),
        Sentence(texts.get("zh-CN", ""), texts.get("en-US", "")),
        clause=metadata.get("clause", ""),
        advice=advice,
        figures={key: value for key, value in metadata.items() if key not in _RESERVED},
        violations=[
            Violation(
                field, reason, clauses[field, reason], Sentence(say["zh-CN"], say.get("en-US", ""))
            )
            for (field, reason), say in violations.items()
        ],
    )
    refused.service = info.domain.removesuffix(".crm")
    refused.decision_id = metadata.get("decisionId", "")
    return refused


def _pack(message: error_details_pb2.ErrorInfo | object) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)  # type: ignore[arg-type]
    return packed
