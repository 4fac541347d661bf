"""Answers are lost and the process dies at every commit: one invoice, one number, no gap."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import test_settings
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database, reading, transaction
from app.core.outbox import OutboxJob
from app.jobs import Errand, run_due
from builders_invoicing import TAX_CODE, Fake, invoices_of, make_sold, with_invoices
from catalog.vat import Regime
from pos.invoicing import invoices, sending, sweeping
from pos.invoicing.models import EInvoice
from pos.invoicing.providers import registry
from pos.invoicing.providers.base import Provider
from pos.invoicing.providers.files import Files
from pos.invoicing.providers.registry import Setup
from pos.invoicing.status import InvoiceStatus
from pos.sales.models import Order

S = InvoiceStatus
MOST_COMMITS = 8


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return registry.setup(with_invoices(test_settings("sqlite:///unused", tmp_path)))


@pytest.fixture
def order(real_database: Database) -> Order:
    with transaction() as session:
        return make_sold(session)


def errand(provider: Provider) -> dict[str, Errand]:
    return {invoices.SEND: lambda payload: sending.run(provider, payload)}


def work(setup: Setup, provider: Provider, after: timedelta = timedelta(0)) -> None:
    """What the worker does: look for sales without an invoice, then what is due."""
    now = clock.now() + after
    with transaction() as session:
        sweeping.make_missing(session, setup, now=now)
        sweeping.ask_again(session, setup, now=now)
    run_due(now, {}, errand(provider))


def only(order: Order) -> EInvoice:
    with reading() as session:
        (invoice,) = invoices_of(session, order)
        return invoice


def test_a_lost_answer_is_looked_up_and_costs_no_second_number(setup: Setup, order: Order) -> None:
    provider = Fake(plan=["lost"], forgetful=True)
    work(setup, provider)
    assert (only(order).status, only(order).number) == (S.SENT, None)
    work(setup, provider, after=timedelta(minutes=10))
    assert (only(order).status, only(order).number, provider.numbers) == (S.ISSUED, 1, 1)


def test_a_provider_that_is_down_for_hours_is_asked_until_it_answers(
    setup: Setup, order: Order
) -> None:
    provider = Fake(plan=["down"] * 14)
    for minutes in range(0, 60 * 24, 30):
        work(setup, provider, after=timedelta(minutes=minutes))
    assert only(order).status is S.ISSUED
    assert only(order).attempts == 15


def test_a_refusal_waits_for_a_person(setup: Setup, order: Order) -> None:
    provider = Fake(plan=["refuse"])
    work(setup, provider)
    work(setup, provider, after=timedelta(hours=8))
    assert (only(order).status, len(provider.asked)) == (S.FAILED, 1)
    assert "MST người mua" in (only(order).last_error or "")


def test_two_workers_with_the_same_errand_issue_once(setup: Setup, order: Order) -> None:
    provider = Fake()
    with transaction() as session:
        sweeping.make_missing(session, setup, now=clock.now())
        (invoice,) = invoices_of(session, order)
        invoices.send(session, invoice, now=clock.now())
    run_due(clock.now(), {}, errand(provider))
    assert (only(order).number, provider.numbers, len(provider.asked)) == (1, 1, 1)


def mortal(patch: pytest.MonkeyPatch, at: int, side: str) -> Callable[[], bool]:
    """Let the process die at the `at`-th commit from now; tells whether it came to that."""
    commit, left = Session.commit, [at]

    def dying(session: Session) -> None:
        left[0] -= 1
        if left[0] == 0 and side == "before":
            raise Killed
        commit(session)
        if left[0] == 0:
            raise Killed

    patch.setattr(Session, "commit", dying)
    return lambda: left[0] <= 0


@pytest.fixture(params=["fake", "files"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> Provider:
    return Fake() if request.param == "fake" else Files(tmp_path / "out", "PH")


@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_any_commit_there_is_one_invoice_with_one_number(
    setup: Setup,
    real_database: Database,
    provider: Provider,
    side: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = []
    for at in range(1, MOST_COMMITS):
        with transaction() as session:
            order = make_sold(session)
            session.execute(delete(OutboxJob))  # what the order tells others is not looked at here
        with monkeypatch.context() as patch:
            came = mortal(patch, at, side)
            with suppress(Killed):
                work(setup, provider)
        # Whoever finds the job leased waits until the lease is over.
        work(setup, provider, after=timedelta(minutes=6))
        assert only(order).status is S.ISSUED
        numbers.append(only(order).number)
    assert not came(), "there are more commits than were tried"
    assert numbers == list(range(1, MOST_COMMITS))


def test_regime_and_tax_code_come_from_the_settings(setup: Setup) -> None:
    assert (setup.seller.regime, setup.seller.tax_code) == (Regime.DEDUCTION, TAX_CODE)
    assert setup.on
