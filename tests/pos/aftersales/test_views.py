"""A buyer opens a case on the page of the order, follows it, and sees nobody else's."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from builders import make_user, picture_bytes
from builders_aftersales import STAFF, grant, make_bought, make_case
from catalog import files
from pos.aftersales import cases
from pos.aftersales.models import Case
from pos.aftersales.status import CaseStatus
from pos.sales.models import Order
from support.browser import Browser


def holder(visitor: Browser, order: Order) -> Browser:
    """The buyer finds the order by number and phone."""
    visitor.post("/don-hang", {"number": order.number, "phone": "0912 345 678"})
    return visitor


def form(order: Order, *pictures: bytes, **over: Any) -> dict[str, Any]:
    values = {"reason": "damaged", "wish": "money", "text": "Vỡ một hộp"}
    sent = [FileStorage(io.BytesIO(x), f"{n}.jpg") for n, x in enumerate(pictures)]
    return values | {f"units-{order.lines[0].id}": "1", "pictures": sent} | over


def upload(buyer: Browser, path: str, values: dict[str, Any]) -> TestResponse:
    """Send a large form; the client's own way leaves a temporary file open."""
    boundary, body = encode_multipart({"csrf_token": buyer.token} | values)
    kind = f"multipart/form-data; boundary={boundary}"
    return buyer.client.post(path, data=body, content_type=kind)


def bought(session: Session, **over: Any) -> Order:
    order = make_bought(session, **over)
    session.commit()
    return order


def page_of(order: Order, case: Case | None = None, tail: str = "") -> str:
    end = f"/{case.number}{tail}" if case else ""
    return f"/don-hang/{order.number}/khieu-nai{end}"


def the_case(session: Session) -> Case:
    session.expire_all()
    return cases.get(session, session.scalars(select(Case.id)).one())


def test_a_buyer_opens_a_case_with_pictures(session: Session, visitor: Browser) -> None:
    order = bought(session)
    buyer = holder(visitor, order)
    assert page_of(order) in buyer.get(f"/don-hang/{order.number}").text
    answer = buyer.post(page_of(order), form(order, picture_bytes(), picture_bytes()))
    case = the_case(session)
    assert answer.headers["Location"] == page_of(order, case)
    page = buyer.follow(answer)
    assert case.number in page.text
    assert "27/11/2026" in page.text
    seen = buyer.get(page_of(order, case, f"/anh/{case.photos[0].id}"))
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert seen.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_sees_order_case_or_picture(
    session: Session, visitor: Browser, app: Any
) -> None:
    order, other = make_bought(session), bought(session)
    buyer = holder(visitor, order)
    buyer.post(page_of(order), form(order, picture_bytes()))
    case = the_case(session)
    stranger = Browser(app)
    paths = [
        page_of(order),
        page_of(order, case),
        page_of(order, case, f"/anh/{case.photos[0].id}"),
    ]
    assert [stranger.get(path).status_code for path in paths] == [404] * 3
    assert stranger.post(page_of(order), form(order)).status_code == 404
    assert stranger.post(page_of(order, case, "/rut")).status_code == 404
    holder(stranger, other)
    assert stranger.get(page_of(other, case)).status_code == 404
    assert stranger.post(page_of(other, case, "/tra-loi"), {"text": "x"}).status_code == 404


def test_the_member_who_bought_it_needs_no_number(session: Session, visitor: Browser) -> None:
    member = make_user(session)
    order = bought(session, customer_id=member.id)
    assert visitor.sign_in(member).get(page_of(order)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "revenge"},
        {"wish": "a house"},
        {"text": "  "},
        {"units": "-1"},
        {"units": "4"},
        {"units": "0"},
        {"units": "eins"},
        {"units": "9" * 40},
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_on_the_page(
    session: Session, visitor: Browser, wrong: dict[str, str]
) -> None:
    order = bought(session)
    values = form(order, **{k: v for k, v in wrong.items() if k != "units"})
    if "units" in wrong:
        values[f"units-{order.lines[0].id}"] = wrong["units"]
    answer = holder(visitor, order).post(page_of(order), values)
    assert answer.status_code == 422
    assert session.scalars(select(Case)).all() == []


def polyglot() -> bytes:
    return b"GIF89a/*<script>alert(1)</script>*/=1;"


def bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (polyglot(), 422),
        (b"%PDF-1.7\n%%EOF", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        (bomb(), 422),
        (b"\xff\xd8\xff" + b"x" * files.MAX_BYTES, 422),
        (b"", 422),
    ],
)
def test_only_pictures_are_kept(
    session: Session, visitor: Browser, content: bytes, status: int
) -> None:
    order = bought(session)
    answer = upload(holder(visitor, order), page_of(order), form(order, content))
    assert answer.status_code == status
    assert session.scalars(select(Case)).all() == []


def test_what_hides_in_a_picture_does_not_survive(session: Session, visitor: Browser) -> None:
    order = bought(session)
    buyer, hidden = holder(visitor, order), b"<script>alert(1)</script>"
    buyer.post(page_of(order), form(order, picture_bytes() + hidden))
    case = the_case(session)
    seen = buyer.get(page_of(order, case, f"/anh/{case.photos[0].id}"))
    assert hidden not in seen.get_data()


def test_five_pictures_of_five_megabytes_are_let_in_and_no_more(
    session: Session, visitor: Browser
) -> None:
    order = bought(session)
    buyer = holder(visitor, order)
    big = picture_bytes() + b"\0" * (files.MAX_BYTES - 10_000)
    assert upload(buyer, page_of(order), form(order, *[big] * 5)).status_code == 303
    case = the_case(session)
    answer = buyer.post(
        page_of(order, case, "/tra-loi"),
        {"text": "Thêm", "pictures": form(order, *[picture_bytes() for _ in range(5)])["pictures"]},
    )
    assert answer.status_code == 409
    assert upload(buyer, page_of(order), form(order, *[big] * 6)).status_code == 413


def test_the_buyer_answers_and_withdraws(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    cases.ask(session, case, "Xin gửi ảnh lô", STAFF)
    session.commit()
    buyer = holder(visitor, order)
    assert "Xin gửi ảnh lô" in buyer.get(page_of(order, case)).text
    buyer.post(page_of(order, case, "/tra-loi"), {"text": "Lô L0001"})
    assert the_case(session).status is CaseStatus.ANSWERED
    buyer.post(page_of(order, case, "/rut"))
    assert the_case(session).status is CaseStatus.WITHDRAWN
    assert buyer.post(page_of(order, case, "/rut")).status_code == 409


def test_the_page_says_where_to_bring_the_goods_and_why(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    grant(session, case, back=True, reason="Hộp bị vỡ khi giao")
    session.commit()
    page = holder(visitor, order).get(page_of(order, case))
    assert order.place.name in page.text
    assert "Hộp bị vỡ khi giao" in page.text
