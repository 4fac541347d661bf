"""What the operator is told about the ways of paying; and settings that cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.config import ConfigError, Settings, from_environment
from pos.sales import payment_doctor
from pos.sales.gateways import registry
from pos.sales.payment_doctor import Finding
from pos.sales.status import Tender
from support.payments import BANK_SECRET, taking_money
from support.stripe_server import KEY, SECRET, running


def look(settings: Settings, session: Session) -> list[Finding]:
    def lately(provider: str) -> object:
        return payment_doctor.last_notice(session, provider)

    return list(payment_doctor.findings(settings, registry.cards(settings), lately))  # type: ignore[arg-type]


def states(found: list[Finding], about: str) -> list[str]:
    return [finding.state for finding in found if finding.about == about]


def test_what_is_not_set_is_off(app: Flask, session: Session) -> None:
    found = look(app.extensions["phohien_settings"], session)
    assert states(found, "transfer") == states(found, "card") == ["off"]
    assert registry.offered(app.extensions["phohien_settings"]) == ()


def test_what_is_set_is_tried_and_no_secret_is_shown(app: Flask, session: Session) -> None:
    with running() as stripe, taking_money(app, stripe):
        settings = app.extensions["phohien_settings"]
        found = look(settings, session)
        assert stripe.asked == ["GET /v1/balance"]
    assert registry.offered(settings) == (Tender.TRANSFER, Tender.CARD)
    assert states(found, "card") == ["look", "works"]
    assert states(found, "transfer") == states(found, "bank sepay") == ["works"]
    text = " ".join(finding.text for finding in found)
    assert not any(secret in text for secret in (KEY, SECRET, BANK_SECRET))


def test_what_does_not_work_is_said(app: Flask, session: Session) -> None:
    with running() as stripe, taking_money(app, stripe):
        stripe.down = True
        settings = app.extensions["phohien_settings"]
        other = replace(settings, stripe_key="sk_test_other", stripe_webhook_secret="x" * 20)
        assert states(look(settings, session), "card") == ["look", "wrong"]
        stripe.down = False
        found = look(other, session)
    assert states(found, "card") == ["look", "wrong", "look", "wrong"]
    assert "sk_test_other" not in " ".join(finding.text for finding in found)


def test_banks_from_memory_and_unknown_ones_are_to_be_compared(
    app: Flask, session: Session
) -> None:
    settings = app.extensions["phohien_settings"]
    for number in ("970418", "999999"):
        more = replace(settings, bank_bin=number, bank_account="1", bank_holder="A")
        assert states(look(more, session), "transfer") == ["look", "works"]


ENV = {"PHOHIEN_MODE": "demo"}
BANK = {"BANK_BIN": "970436", "BANK_ACCOUNT": "0011", "BANK_NAME": "HTX"}
STRIPE = {"STRIPE_KEY": "rk_live_abc", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def read(folder: Path, **more: str) -> Settings:
    named = {f"PHOHIEN_{name}": value for name, value in more.items()}
    return from_environment(ENV | {"PHOHIEN_INSTANCE": str(folder)} | named)


def test_settings_of_payments_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, **BANK, **STRIPE, SEPAY_SECRET="s")
    assert (found.bank_bin, found.bank_holder, found.stripe_key) == ("970436", "HTX", "rk_live_abc")
    assert found.bank_secrets == {"sepay": "s"}
    assert "rk_live_abc" not in repr(found)


@pytest.mark.parametrize(
    "more",
    [
        {"BANK_BIN": "970436"},
        BANK | {"BANK_BIN": "97043"},
        BANK | {"BANK_ACCOUNT": "00 11"},
        {"STRIPE_KEY": "rk_test_1"},
        STRIPE | {"STRIPE_KEY": "pk_test_1"},
        STRIPE | {"STRIPE_BASE": "http://127.0.0.1:9"},
    ],
)
def test_settings_that_cannot_be_stop_the_start(tmp_path: Path, more: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        read(tmp_path, **more)
