"""What an approval must state, given what policy asks."""

from collections.abc import Mapping

from services.review.domain.policy import Step
from services.review.domain.reasons import ANSWER_TOO_LONG, ANSWERS_MISSING, ANSWERS_UNKNOWN


def check_answers(step: Step, approve: bool, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the trimmed answers; refuse unknown, too long and, for an approval, missing ones."""
    asks = {ask.name: ask for ask in step.asks}
    given = {name: text.strip() for name, text in answers.items() if text.strip()}
    if unknown := sorted(given.keys() - asks.keys()):
        raise ANSWERS_UNKNOWN.refuse(clause=step.clause, unknown=", ".join(unknown))
    if approve and (missing := [name for name in asks if name not in given]):
        clause = ", ".join(dict.fromkeys(asks[name].clause for name in missing))
        raise ANSWERS_MISSING.refuse(clause=clause, missing=", ".join(missing))
    for name, text in given.items():
        if len(text) > asks[name].most:
            raise ANSWER_TOO_LONG.refuse(
                clause=asks[name].clause, answer=name, most=asks[name].most, length=len(text)
            )
    return given
