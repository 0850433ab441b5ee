"""An invariant that does not hold."""


class Broken(BaseException):
    """Something that must always hold does not. No handler of the code under test catches it."""


def require(condition: object, invariant: str, **facts: object) -> None:
    """Raise Broken, with the facts, unless the condition holds."""
    if not condition:
        raise Broken(f"{invariant}: {', '.join(f'{k}={v}' for k, v in facts.items())}")
