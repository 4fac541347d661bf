"""Calling a webhook: only at public addresses, only there, only briefly."""

import pytest

from app.api import outgoing, webhooks
from app.api.outgoing import post
from builders_api import HOOK
from support.receiver import PUBLIC, Receiver, found_at


def test_the_body_arrives_and_the_beginning_of_the_answer_comes_back(receiver: Receiver) -> None:
    receiver.text = "đ" * 600
    outcome = receiver.post(f"{HOOK}?x=1", {"X-One": "1"}, b"{}")
    assert (outcome.status, outcome.good, outcome.trouble) == (200, True, None)
    assert outcome.answer == "đ" * 500
    headers, body = receiver.got[0]
    assert (headers["X-One"], body) == ("1", b"{}")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    outcome = receiver.post(HOOK, {}, b"{}")
    assert (outcome.status, outcome.good, len(receiver.got)) == (status, False, 1)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.1.9",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_addresses_of_the_own_network_are_refused(receiver: Receiver, address: str) -> None:
    outcome = receiver_at(receiver, PUBLIC, address)
    assert (outcome.status, outcome.trouble) == (None, "the address is not public")
    assert receiver.got == []


def receiver_at(receiver: Receiver, *addresses: str, private_too: bool = False) -> outgoing.Outcome:
    dial = receiver.post.keywords["dial"]  # type: ignore[attr-defined]
    return post(
        HOOK,
        {},
        b"{}",
        resolve=lambda _host: found_at(*addresses),
        dial=dial,
        private_too=private_too,
    )


def test_they_are_let_through_where_that_is_set(receiver: Receiver) -> None:
    assert receiver_at(receiver, "127.0.0.1", private_too=True).good


def test_a_name_that_stands_for_nothing_is_no_answer(receiver: Receiver) -> None:
    def lost(_host: str) -> list[str]:
        raise OSError("no such host")

    assert post(HOOK, {}, b"{}", resolve=lost).trouble == "no answer"


def test_a_body_that_is_too_large_is_not_sent(receiver: Receiver) -> None:
    assert not receiver.post(HOOK, {}, b"x" * (outgoing.MOST_BODY + 1)).good
    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    [
        "http://nhan.example.vn/",
        "https://nhan.example.vn:8443/",
        "https://ai:mat@nhan.example.vn/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://nhan.example.vn/#x",
        "ftp://nhan.example.vn/",
        "khong",
    ],
)
def test_what_may_not_be_called_is_no_webhook(url: str) -> None:
    assert not webhooks.is_callable(url)


def test_a_plain_https_address_is_one() -> None:
    assert webhooks.is_callable("https://nhan.example.vn/a/b?c=d")
