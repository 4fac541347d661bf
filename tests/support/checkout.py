"""Ordering as a visitor does: fill the form in, look the order through, confirm."""

import re
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from support.browser import Browser

PAGE = "/thanh-toan"
CONTACT: dict[str, Any] = {
    "name": "Nguyễn Thị Lan",
    "phone": "0912 345 678",
    "email": "lan@example.vn",
    "delivery": "ship",
    "province": "hung-yen",
    "address": "Số 5, đường Bãi Sậy",
    "area": "",
    "pay": "later",
    "note": "",
}

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def key_of(visitor: Browser) -> str:
    """The number that the form has been given."""
    found = re.search(r'name="key"[^>]*value="([^"]+)"', visitor.get(PAGE).text)
    assert found is not None
    return found[1]


def kept(page: str) -> dict[str, str]:
    """What the review page sends along."""
    form = page[page.index('id="review"') :]
    pairs = _HIDDEN.findall(form[: form.index("</form>")])
    return {name: unescape(value) for name, value in pairs if name != "csrf_token"}


def review(visitor: Browser, **over: Any) -> TestResponse:
    """Fill the form in and send it."""
    form = CONTACT | {"key": over.pop("key", None) or key_of(visitor), "step": "review"} | over
    return visitor.post(PAGE, form)


def confirm(visitor: Browser, page: str, **over: Any) -> TestResponse:
    """Press the button on the review page."""
    return visitor.post(PAGE, kept(page) | {"step": "confirm"} | over)


def order(visitor: Browser, **over: Any) -> str:
    """From the form to the order; the address of its page."""
    looked = review(visitor, **over)
    assert looked.status_code == 200, looked.text
    answer = confirm(visitor, looked.text)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]
