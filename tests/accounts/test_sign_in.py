"""Sessions and the brake on guessing."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sign_in
from app.accounts.models import SignInFailure, UserSession
from app.accounts.sign_in import Limit, TooManyFailures
from builders import NOW, make_user

LIMIT = Limit(failures=3, window=900)
LAN, MINH = sign_in.subject("email", "lan@example.vn"), sign_in.subject("email", "minh@example.vn")


def fail(session: Session, times: int, subject: str = LAN) -> None:
    for _ in range(times):
        sign_in.note_failure(session, [subject], LIMIT, NOW)
    session.flush()


def started(session: Session) -> str:
    user = make_user(session)
    token = sign_in.start(session, user, lifetime=60, now=NOW, randomness=lambda n: b"\x07" * n)
    session.flush()
    return token


def test_the_third_failure_closes_the_door_for_this_subject_only(session: Session) -> None:
    fail(session, 2)
    sign_in.check_limit(session, [LAN], LIMIT, NOW)
    fail(session, 1)
    with pytest.raises(TooManyFailures):
        sign_in.check_limit(session, [LAN, MINH], LIMIT, NOW)
    sign_in.check_limit(session, [MINH], LIMIT, NOW)


def test_the_door_opens_when_the_window_has_passed(session: Session) -> None:
    fail(session, 3)
    later = NOW + timedelta(seconds=901)
    sign_in.check_limit(session, [LAN], LIMIT, later)
    sign_in.note_failure(session, [MINH], LIMIT, later)
    session.flush()
    assert session.scalars(select(SignInFailure.subject)).all() == [MINH]


def test_no_address_is_kept(session: Session) -> None:
    assert "lan" not in LAN
    assert sign_in.subject("email", "LAN@example.vn") == LAN
    assert sign_in.subject("client", "lan@example.vn") != LAN


def test_a_token_opens_its_session_and_is_not_stored(session: Session) -> None:
    token = started(session)
    who = sign_in.resume(session, token, NOW)
    assert who is not None
    assert session.scalars(select(UserSession.token_hash)).one() != token
    assert sign_in.resume(session, token + "0", NOW) is None


def test_a_session_ends_with_its_time_or_by_signing_out(session: Session) -> None:
    token = started(session)
    assert sign_in.resume(session, token, NOW + timedelta(seconds=60)) is None
    sign_in.end(session, token, NOW)
    session.flush()
    assert sign_in.resume(session, token, NOW) is None


def test_ending_an_unknown_session_is_harmless(session: Session) -> None:
    sign_in.end(session, "no such token", NOW)
    assert session.scalars(select(UserSession)).all() == []
