import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import make_user
from builders_resolver import GLN, add_link, make_goods
from support.browser import Browser
from traceability.resolver_models import ResolverLink

FORM = {
    "key": "01",
    "number": "9520000000011",
    "type": "certificationInfo",
    "href": "https://example.vn/a",
    "title": "Giấy <b>chứng nhận</b>",
}


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def kept(session: Session) -> list[ResolverLink]:
    return list(session.scalars(select(ResolverLink)))


@pytest.mark.parametrize(
    ("over", "anchor"),
    [
        ({}, "/01/09520000000011"),
        ({"lot": "L/1"}, "/01/09520000000011/10/L%2F1"),
        ({"serial": "S1"}, "/01/09520000000011/21/S1"),
        ({"key": "414", "number": GLN}, f"/414/{GLN}"),
        ({"key": "417", "number": f"{GLN[:7]} {GLN[7:]}"}, f"/417/{GLN}"),
    ],
)
def test_a_link_is_added(
    session: Session, officer: Browser, over: dict[str, str], anchor: str
) -> None:
    step = officer.post("/quan-ly/lien-ket/moi", FORM | over)
    assert step.status_code == 303
    [link] = kept(session)
    assert (link.anchor, link.created_by is not None) == (anchor, True)
    page = officer.follow(step).text
    assert "Giấy &lt;b&gt;chứng nhận&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"number": "9520000000012"}, 422),
        ({"number": ""}, 422),
        ({"key": "414"}, 303),
        ({"key": "00"}, 422),
        ({"key": "414", "lot": "L1"}, 422),
        ({"lot": "lô"}, 422),
        ({"lot": "L1", "serial": "S1"}, 422),
        ({"href": "http://example.vn"}, 422),
        ({"type": "x"}, 422),
        ({"valid_from": "2026-12-01", "valid_to": "2026-11-01"}, 422),
    ],
)
def test_what_is_wrong_in_the_form_is_said(
    session: Session, officer: Browser, over: dict[str, str], status: int
) -> None:
    answer = officer.post("/quan-ly/lien-ket/moi", FORM | over)
    assert answer.status_code == status
    assert len(kept(session)) == (1 if status == 303 else 0)


def test_a_second_default_is_a_conflict(session: Session, officer: Browser) -> None:
    add_link(session, "/01/09520000000011", default=True)
    answer = officer.post("/quan-ly/lien-ket/moi?lang=en", FORM | {"default": "y"})
    assert answer.status_code == 409
    assert "There is a default link already." in answer.text


def test_a_link_is_ended(session: Session, officer: Browser) -> None:
    link = add_link(session, "/01/09520000000011")
    officer.post(f"/quan-ly/lien-ket/{link.id}/ket-thuc")
    assert kept(session)[0].ended_at is not None
    assert officer.post(f"/quan-ly/lien-ket/{link.id}/ket-thuc").status_code == 404


def test_the_form_can_be_opened_for_a_number(officer: Browser) -> None:
    page = officer.get("/quan-ly/lien-ket/moi?key=414&number=9520000000028").text
    assert 'value="9520000000028"' in page
    assert '<option selected value="414">' in page


def test_producers_keep_no_links(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    scope = f"producer:{goods.product.producer_id}"
    user = make_user(session, Role.PRODUCER, scope)
    session.commit()
    assert visitor.sign_in(user).get("/quan-ly/lien-ket").status_code == 403
