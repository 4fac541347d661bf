from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import SignInFailure
from builders import NOW, TODAY
from builders_resolver import make_goods
from support.browser import Browser
from traceability import guessing

WINDOW = 900
FORGED = "7F3K0AB1CD0EF1GH"
HERE, THERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}


def test_an_address_cannot_be_read_from_its_token_and_changes_with_the_day() -> None:
    today = guessing.token("secret", "203.0.113.7", TODAY)
    assert "203" not in today
    assert today == guessing.token("secret", "203.0.113.7", TODAY)
    assert today != guessing.token("secret", "203.0.113.7", TODAY + timedelta(days=1))
    assert today != guessing.token("other", "203.0.113.7", TODAY)


def test_the_limit_holds_for_a_window(session: Session) -> None:
    for number in range(guessing.MOST):
        guessing.check(session, "one", WINDOW, NOW)
        guessing.note(session, "one", WINDOW, NOW + timedelta(seconds=number))
        session.flush()
    late = NOW + timedelta(seconds=100)
    guessing.check(session, "other", WINDOW, late)
    with pytest.raises(guessing.TooManyGuesses) as refused:
        guessing.check(session, "one", WINDOW, late)
    assert refused.value.detail == {"retry_after": 801}
    guessing.check(session, "one", WINDOW, NOW + timedelta(seconds=WINDOW + 1))


@pytest.mark.parametrize(
    "form", ["/tem/{serial}?gtin={gtin}", "/01/{gtin}/21/{serial}?linkType=linkset"]
)
def test_enumeration_from_one_address_is_slowed(
    session: Session, visitor: Browser, form: str
) -> None:
    goods = make_goods(session)
    forged = form.format(gtin=goods.gtin, serial=FORGED)
    right = form.format(gtin=goods.gtin, serial=goods.serial)
    for _guess in range(guessing.MOST):
        assert visitor.get(forged, environ_overrides=HERE).status_code == 404
    refused = visitor.get(forged, environ_overrides=HERE)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 901
    # The right ones must not show either, whatever the method.
    assert visitor.get(right, environ_overrides=HERE).status_code == 429
    assert visitor.client.head(right, environ_overrides=HERE).status_code == 429
    assert visitor.get(right, environ_overrides=THERE).status_code == 200


def test_programs_are_told_so_in_their_way(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    for _guess in range(guessing.MOST):
        visitor.client.head(f"/tem/{FORGED}", environ_overrides=HERE)
    path, headers = f"/01/{goods.gtin}/21/{FORGED}?linkType=dpp", {"Accept": "application/json"}
    told = visitor.get(path, headers=headers, environ_overrides=HERE)
    assert (told.status_code, told.get_json()["code"]) == (429, "too_many_guesses")


def test_known_stamps_use_up_nothing(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    for _look in range(3):
        visitor.get(f"/tem/{goods.serial}", environ_overrides=HERE)
    assert session.scalars(select(SignInFailure)).all() == []
