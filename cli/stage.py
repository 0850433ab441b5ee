"""Shows requests and answers of several people in turn, for somebody who follows along."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

import click

from cli.refusals import Language, Problem
from cli.session import Platform, Session

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.1


class Stage:
    """Numbered steps of people by role. What does not happen as told ends the show."""

    def __init__(self, platform: Platform, pause: bool) -> None:
        self.language: Language = platform.language
        self._platform = platform
        self._pause = pause
        self._number = 0
        self._open = ExitStack()
        self._sessions: dict[str, Session] = {}
        self._people = {login.username: login for login in platform.logins}

    def close(self) -> None:
        """Close every session."""
        self._open.close()

    def step(self, zh: str, en: str) -> None:
        """Begin a step."""
        if self._pause and self._number:
            click.pause(info="")
        self._number += 1
        title = zh if self.language == "zh" else en
        click.secho(f"\n{self._number:>2}. {title}", bold=True)

    def note(self, zh: str, en: str) -> None:
        """Say something that nobody asked the platform."""
        click.echo(f"    {zh if self.language == 'zh' else en}")

    def get(self, who: str, path: str, **parameters: Any) -> dict[str, Any]:
        """Read as a person."""
        query = "".join(f" {key}={value}" for key, value in parameters.items())
        self._tell(who, f"GET {path}{query}", None)
        return self._as(who).get(path, **parameters)

    def post(self, who: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do as a person."""
        self._tell(who, f"POST {path}", body)
        return self._as(who).post(path, body)

    def refused(
        self, who: str, path: str, body: Mapping[str, Any] | None, reason: str
    ) -> Mapping[str, Any]:
        """Ask for what a rule forbids; shows the refusal in both languages, returns its document.

        Without a body it is a question, else a request to do something.
        """
        self._tell(who, f"{'GET' if body is None else 'POST'} {path}", body)
        try:
            session = self._as(who)
            session.get(path) if body is None else session.post(path, body)
        except Problem as problem:
            if problem.reason != reason:
                raise
            document = problem.document
        else:
            raise click.ClickException(f"{path} was accepted; {reason} was expected")
        clause = f" [{document['clause']}]" if document.get("clause") else ""
        click.secho(f"    ✗ {document['reason']}{clause}", fg="yellow")
        _say(document, "detail", "      ")
        for error in document.get("errors", ()):
            where = str(error["pointer"]).removeprefix("#/")
            click.echo(f"      - {where} [{error['clause']}]")
            _say(error, "detail", "        ")
        _say(document, "advice", "      → ")
        return document

    def answer(self, zh: str, en: str) -> None:
        """Show what came of it."""
        click.secho(f"    ✓ {zh if self.language == 'zh' else en}", fg="green")

    def wait(self, who: str, path: str, done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read until `done`: services tell each other by events, a moment after the answer."""
        self._tell(who, f"GET {path}", None)
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._as(who).get(path)
            except Problem as problem:
                if problem.document.get("status") != 404 or time.monotonic() > end:
                    raise
            else:
                if done(answer):
                    return answer
            if time.monotonic() > end:
                raise click.ClickException(
                    f"{path}: nothing after {PATIENCE_SECONDS} s; an import may go first"
                )
            time.sleep(PAUSE_SECONDS)

    def _as(self, who: str) -> Session:
        if who not in self._sessions:
            login = self._people.get(who)
            if login is None:
                raise click.ClickException(f"there is no demo login {who}; start with ./crm run")
            self._sessions[who] = self._open.enter_context(self._platform.sign_in_as(login))
        return self._sessions[who]

    def _tell(self, who: str, line: str, body: Mapping[str, Any] | None) -> None:
        login = self._people.get(who)
        click.echo(f"    {login.name if login else who} ({login.role if login else '-'})  {line}")
        if body:
            text = json.dumps(body, ensure_ascii=False)
            click.echo(f"      {text if len(text) <= 200 else text[:199] + '…'}")


def _say(document: Mapping[str, Any], key: str, indent: str) -> None:
    for language in ("zh", "en"):
        if text := document.get(f"{key}_{language}"):
            click.echo(f"{indent}{text}")
