"""A server process that dies while it takes an order. Run as a program:

python -m support.mortal <job as JSON>, which prints one line for each form that it was sent: where it
was to die, and the status of the answer, or "died". Each death is that of a process of its own: it
ends there and then, nothing is rolled back and no connection is closed.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.core import db
from app.factory import create_app

SIDES = ("before", "after")
DIED = 66


def send(app: Flask, token: str, form: dict[str, str]) -> TestResponse:
    """A form of the checkout, sent by the browser with this cart."""
    client = app.test_client()
    client.set_cookie("cart", token)
    return client.post("/thanh-toan", data=form, headers={"Origin": "http://localhost"})


def _die() -> None:
    os._exit(DIED)


def _countdown(number: int) -> Callable[..., None]:
    left = number

    def one(*_args: Any, **_more: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            _die()

    return one


def _die_at_statement(side: str, number: int) -> None:
    event.listen(db.active().engine, f"{side}_cursor_execute", _countdown(number))


def _die_at_commit(side: str, number: int) -> None:
    commit, count = Session.commit, _countdown(number)

    def mortal(session: Session) -> None:
        if side == "before":
            count()
        commit(session)
        if side == "after":
            count()

    Session.commit = mortal  # type: ignore[method-assign,assignment]


STEPS = {"statement": _die_at_statement, "commit": _die_at_commit}


def _one(app: Flask, buyer: dict[str, Any]) -> str:
    """What becomes of one form, sent to a process that dies at the given step."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        STEPS[buyer["step"]](buyer["side"], buyer["number"])
        answer = send(app, buyer["token"], buyer["form"])
        os.write(writing, str(answer.status_code).encode())
        _die()
    os.close(writing)
    with os.fdopen(reading) as told:
        status = told.read()
    os.waitpid(child, 0)
    return status or "died"


def main(job: dict[str, Any]) -> None:
    settings = Settings(
        mode="test",
        secret_key="a secret only the tests know, 32+",
        database_url=job["url"],
        base_url="http://localhost",
        instance_dir=Path(job["folder"]),
        stamp_keys={},
        index_seconds=0,
        page_seconds=0,
    )
    with time_machine.travel(datetime.fromisoformat(job["now"])):
        app, survived = create_app(settings), set[tuple[str, str]]()
        for buyer in job["buyers"]:
            where = buyer["step"], buyer["side"]
            if where not in survived:  # beyond the last step there are no others
                told = _one(app, buyer)
                print(*where, buyer["number"], told, flush=True)
                survived |= set() if told == "died" else {where}


if __name__ == "__main__":
    main(json.load(sys.stdin))
