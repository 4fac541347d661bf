"""Accounts that people open themselves: what the pages cannot show."""

import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import members, tokens
from app.accounts.members import Joining, Letters
from app.accounts.models import AccountToken, Role, TokenPurpose, User
from app.accounts.tokens import DeadLink
from app.core.db import Database, reading, transaction
from app.core.outbox import OutboxJob
from builders import NOW, make_user

LETTERS = Letters("vi", "a secret", os.urandom)
JOINING = Joining("lan@example.vn", "Lan", None, "hash", news=False)


def issue(session: Session, user: User, purpose: TokenPurpose) -> str:
    row = tokens.issue(
        session, user, purpose, user.email, secret="s", now=NOW, randomness=os.urandom
    )
    return tokens.text_of(row, "s")


@pytest.mark.race
def test_one_form_sent_many_times_at_once_opens_one_account(real_database: Database) -> None:
    start = threading.Barrier(4)

    def register() -> None:
        start.wait()
        with transaction() as session:
            members.register(session, JOINING, LETTERS, now=NOW)

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with reading() as session:
        assert len(session.scalars(select(User)).all()) == 1
        names = sorted(session.scalars(select(OutboxJob.name)))
    assert names == ["already_registered"] * 3 + ["verify_email"]


def test_a_closed_account_is_neither_told_nor_reset(session: Session) -> None:
    make_user(session, Role.CUSTOMER, email="lan@example.vn").active = False
    session.flush()
    members.register(session, JOINING, LETTERS, now=NOW)
    members.ask_reset(session, "lan@example.vn", LETTERS, now=NOW)
    assert session.scalars(select(OutboxJob)).all() == []


def test_a_link_for_an_old_address_is_dead(session: Session) -> None:
    user = make_user(session, Role.CUSTOMER)
    verify = issue(session, user, TokenPurpose.VERIFY)
    reset = issue(session, user, TokenPurpose.RESET)
    user.email = "moved@example.vn"
    with pytest.raises(DeadLink):
        members.confirm(session, verify, now=NOW)
    with pytest.raises(DeadLink):
        members.reset(session, reset, "hash", now=NOW)


def test_links_of_two_purposes_differ_and_do_not_use_up_each_other(session: Session) -> None:
    user = make_user(session, Role.CUSTOMER)
    verify = issue(session, user, TokenPurpose.VERIFY)
    reset = issue(session, user, TokenPurpose.RESET)
    members.reset(session, reset, "hash", now=NOW)
    assert members.confirm(session, verify, now=NOW) is user


def test_dead_links_are_deleted_after_a_week(session: Session) -> None:
    issue(session, make_user(session), TokenPurpose.VERIFY)
    for days, left in ((8, 1), (10, 0)):
        tokens.forget_old(session, now=NOW + timedelta(days=days))
        assert len(session.scalars(select(AccountToken)).all()) == left
