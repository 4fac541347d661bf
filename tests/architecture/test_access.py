"""Every address with every role, on its own objects and on those of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from architecture.access_table import GUEST, PASSWORD, ROLES, TABLE, Row
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from app.areas import loading as areas
from app.areas.places_map import province
from app.core import db
from app.storefront import channels
from builders import NOW, make_place
from catalog import files, photo_files
from pos.aftersales import pictures
from support.browser import Browser
from support.sides import PAPER, PICTURE, Side, make_side

# Every test begins at the same moment; a cookie that was signed after it would not be believed.
EARLIER = NOW - timedelta(minutes=10)

FIXED: Side = {
    "entry_number": 1,
    "filename": "img/favicon.svg",
    "step": "accept",
    "state": "packed",
    "policy": "doi-tra",
    "policy_version": "1",
    "name": "a" * 64,  # no table lies under this hash
    "source": "sepay",
    "picture": "svg",
    "carrier": "post",
    "parcel_step": "hand_over",
    "channel": channels.CHANNELS[0].slug,
    "commune": province().outlines[0].slug,
}


@dataclass(frozen=True)
class Stage:
    """Two sides in a transaction that is never committed, and the cookies of the own people."""

    app: Flask
    connection: Connection
    sides: dict[str, Side]
    cookies: dict[str, str]

    def ask(self, role: str, address: str, side: Side) -> TestResponse:
        """What `role` gets there; nothing that it changes stays."""
        method, rule = address.split(" ", 1)
        row, undone = TABLE[address], self.connection.begin_nested()
        path = self._path(method, rule, side | {k: side[v] for k, v in row.at.items()})
        browser = Browser(self.app)
        browser.client.set_cookie("cart", side["cart"])
        if role != GUEST:
            browser.client.set_cookie("phohien", self.cookies[role])
        try:
            answer = _send(browser, method, path, row, side)
            answer.get_data()
            answer.close()
        finally:
            undone.rollback()
        return answer

    def _path(self, method: str, rule: str, values: Side) -> str:
        found = next(r for r in self.app.url_map.iter_rules() if _is(r, method, rule))
        wanted = {name: values[name] for name in found.arguments}
        return str(self.app.url_map.bind("localhost").build(found.endpoint, wanted, method=method))


def _is(found: Any, method: str, rule: str) -> bool:
    return found.rule == rule and method in found.methods


def _send(browser: Browser, method: str, path: str, row: Row, side: Side) -> TestResponse:
    if method == "GET":
        return browser.get(path, query_string=_filled(row.query, side))
    if row.json is not None:
        return browser.send(path, _filled(row.json, side))
    return browser.post(path, _filled(row.form, side))


def _filled(value: Any, side: Side) -> Any:
    """The value with what stands in braces taken from the side."""
    if isinstance(value, str):
        return value.format_map(side)
    if isinstance(value, list):
        return [_filled(item, side) for item in value]
    if hasattr(value, "items"):
        return {_filled(key, side): _filled(item, side) for key, item in value.items()}
    return value


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    instance = app.extensions["phohien_settings"].instance_dir
    files.keep(instance / "papers", PAPER)
    for folder in (photo_files.FOLDER, pictures.FOLDER):
        files.keep(instance / folder, photo_files.judge(PICTURE).accepted)
    database, cheap = db.active(), PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with database.engine.connect() as connection, time_machine.travel(EARLIER, tick=True):
        outer = connection.begin()
        database.bind(connection)
        with db.transaction() as session:
            areas.load(session)
            elsewhere = {"elsewhere_id": make_place(session).id}
            own, people = make_side(session, "bên này", cheap.hash(PASSWORD))
            foreign, _others = make_side(session, "bên kia", cheap.hash(PASSWORD))
        sides = {"own": own | elsewhere | FIXED, "foreign": foreign | elsewhere | FIXED}
        cookies = {role: _cookie(Browser(app).sign_in(user)) for role, user in people.items()}
        yield Stage(app, connection, sides, cookies)
        database.bind(None)
        outer.rollback()


def _cookie(browser: Browser) -> str:
    kept = browser.client.get_cookie("phohien")
    assert kept is not None
    return kept.value


def test_every_address_stands_in_the_table(app: Flask) -> None:
    pairs = ((method, rule) for rule in app.url_map.iter_rules() for method in rule.methods or ())
    known = {f"{method} {rule.rule}" for method, rule in pairs if method not in {"HEAD", "OPTIONS"}}
    assert sorted(known - set(TABLE)) == [], "say in access_table.py who may go there"
    assert sorted(set(TABLE) - known) == [], "these addresses are gone"


@pytest.mark.parametrize("address", TABLE)
def test_each_role_gets_as_far_as_its_rights_reach(address: str, stage: Stage) -> None:
    row, method = TABLE[address], address.partition(" ")[0]
    wrong = []
    for role in ROLES:
        for name, side in stage.sides.items():
            foreign = name == "foreign"
            answer = stage.ask(role, address, side)
            due = row.status(role, method, foreign=foreign, program="/api/" in address)
            if answer.status_code != due:
                wrong.append(f"{role} with {name} object: {answer.status_code}, must be {due}")
            elif due == 302 and role == GUEST and row.guest is None:
                assert answer.headers["Location"].startswith("/dang-nhap?next=")
            if row.mark and answer.status_code == 200:
                seen = row.mark.format_map(side) in unescape(answer.text)
                if seen != row.sees(role, foreign=foreign):
                    wrong.append(f"{role}: {name} object {'is' if seen else 'is not'} on the page")
    assert not wrong, "\n".join([address, *wrong])
