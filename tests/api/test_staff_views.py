"""What officers do with tokens and webhooks."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import AuditEntry, Role
from app.api.models import ApiToken, DeliveryState, Webhook
from builders import make_place, make_user
from builders_api import HOOK, make_dead, make_token, make_webhook
from support.browser import Browser

BASE = "/quan-ly/ket-noi"


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    return visitor.sign_in(make_user(session, Role.OFFICER))


def secret_on(page: str) -> str:
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_works(session: Session, officer: Browser) -> None:
    place = make_place(session)
    session.flush()
    reach = place_scope(place.id)
    form = {"note": "Kế toán", "scopes": ["orders:read", "catalogue:read"], "reach": reach}
    made = officer.post(f"{BASE}/ma-truy-cap/moi", form)
    assert made.headers["Cache-Control"] == "no-store"
    text = secret_on(made.text)
    kept = session.scalars(select(ApiToken)).one()
    assert (kept.reach, kept.expires_on.isoformat()) == (reach, "2027-11-24")  # type: ignore[union-attr]
    headers = {"Authorization": f"Bearer {text}"}
    assert officer.app.test_client().get("/api/v1/orders", headers=headers).status_code == 200
    page = officer.get(BASE).text
    assert kept.prefix in page
    assert text not in page
    assert place.name in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": ""},
        {"scopes": []},
        {"scopes": ["users:write"]},
        {"reach": "place:1"},
        {"expires_on": "2026-11-23"},
        {"expires_on": "2029-01-01"},
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    session: Session, officer: Browser, wrong: dict[str, str]
) -> None:
    form = {"note": "Kế toán", "scopes": ["orders:read"], "reach": "*"} | wrong
    assert officer.post(f"{BASE}/ma-truy-cap/moi", form).status_code == 422
    assert session.scalar(select(ApiToken)) is None


def test_a_token_is_revoked_and_that_is_on_record(session: Session, officer: Browser) -> None:
    token = make_token(session)[0]
    officer.follow(officer.post(f"{BASE}/ma-truy-cap/{token.id}/thu-hoi"))
    session.expire_all()
    assert session.get_one(ApiToken, token.id).revoked_at is not None
    acts = session.scalars(select(AuditEntry.action).filter_by(object_type="api_token"))
    assert set(acts) == {"api_token.issue", "api_token.revoke"}


def test_a_webhook_shows_its_secret_once(session: Session, officer: Browser) -> None:
    form = {"note": "Kho", "url": HOOK, "events": ["order.placed", "stock.low"]}
    secret = secret_on(officer.post(f"{BASE}/webhook/moi", form).text)
    webhook = session.scalars(select(Webhook)).one()
    page = officer.get(f"{BASE}/webhook/{webhook.id}").text
    assert secret.startswith("whsec_")
    assert secret not in page
    assert secret not in str(vars(webhook))
    renewed = secret_on(officer.post(f"{BASE}/webhook/{webhook.id}/khoa-moi").text)
    assert renewed != secret


@pytest.mark.parametrize("wrong", [{"url": "http://a.vn/"}, {"events": []}, {"events": ["test"]}])
def test_a_webhook_that_makes_no_sense_is_refused(
    session: Session, officer: Browser, wrong: dict[str, str]
) -> None:
    form = {"note": "Kho", "url": HOOK, "events": ["order.placed"]} | wrong
    assert officer.post(f"{BASE}/webhook/moi", form).status_code == 422
    assert session.scalar(select(Webhook)) is None


def test_what_did_not_arrive_is_shown_and_sent_again(session: Session, officer: Browser) -> None:
    delivery = make_dead(session, make_webhook(session))
    again = f"{BASE}/lan-gui/{delivery.id}/gui-lai"
    assert again in officer.get(BASE).text
    officer.follow(officer.post(again))
    session.expire_all()
    assert delivery.state is DeliveryState.WAITING
    assert again not in officer.get(BASE).text
    told = officer.follow(officer.post(again)).text
    assert "notice-warn" in told


def test_a_test_is_sent_and_a_webhook_switched(session: Session, officer: Browser) -> None:
    webhook = make_webhook(session)
    page = f"{BASE}/webhook/{webhook.id}"
    assert "1 sự kiện" in officer.follow(officer.post(f"{page}/thu")).text
    for on in ("0", "1"):
        officer.follow(officer.post(f"{page}/bat-tat", {"on": on}))
        session.expire_all()
        assert session.get_one(Webhook, webhook.id).active is (on == "1")
