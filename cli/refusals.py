"""How a refusal of the platform is shown: one readable block, in Chinese or English."""

from collections.abc import Mapping
from typing import Any, Literal

import click

Language = Literal["zh", "en"]

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "refused": "被拒绝",
        "clause": "条款",
        "figures": "数据",
        "advice": "下一步",
        "trace": "追踪号",
    },
    "en": {
        "refused": "Refused",
        "clause": "clause",
        "figures": "Figures",
        "advice": "Next",
        "trace": "Trace",
    },
}


class Problem(click.ClickException):
    """The platform refused a request; `document` is its problem document (RFC 9457)."""

    def __init__(self, document: Mapping[str, Any], language: Language) -> None:
        super().__init__(str(document.get("detail_en") or document.get("title", "")))
        self.document = document
        self.language = language

    @property
    def reason(self) -> str:
        """The stable reason code, or an empty string."""
        return str(self.document.get("reason", ""))

    @property
    def clause(self) -> str:
        """The clause that says so, or an empty string."""
        return str(self.document.get("clause", ""))

    def show(self, file: Any = None) -> None:
        """Print the block to stderr."""
        click.echo(block(self.document, self.language), file=file, err=True)


def block(document: Mapping[str, Any], language: Language) -> str:
    """Return reason, clause, sentence, figures, next step and every field error, one per line."""
    words = _WORDS[language]
    head = [f"{words['refused']} ({document.get('status', '')})", document.get("reason", "")]
    if document.get("clause"):
        head.append(f"{words['clause']} {document['clause']}")
    lines = [" · ".join(part for part in head if part)]
    lines.append(f"  {sentence(document, 'detail', language)}")
    figures = {
        key: value for key, value in document.get("figures", {}).items() if value not in ("", None)
    }
    if figures:
        told = ", ".join(f"{key} = {value}" for key, value in figures.items())
        lines.append(f"  {words['figures']}: {told}")
    for error in document.get("errors", ()):
        where = str(error.get("pointer", "")).removeprefix("#/") or "-"
        grounds = ", ".join(part for part in (error.get("reason"), error.get("clause")) if part)
        lines.append(f"  - {where}: {sentence(error, 'detail', language)} [{grounds}]")
    if advice := sentence(document, "advice", language):
        lines.append(f"  {words['advice']}: {advice}")
    if document.get("status", 0) >= 500 and document.get("trace_id"):
        lines.append(f"  {words['trace']}: {document['trace_id']}")
    return "\n".join(lines)


def sentence(document: Mapping[str, Any], key: str, language: Language) -> str:
    """Return a text in the wanted language, else in whichever there is."""
    return str(document.get(f"{key}_{language}") or document.get(key) or "")
