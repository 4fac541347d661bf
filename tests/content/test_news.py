"""News: drafted, published, corrected, withdrawn."""

import pytest
from sqlalchemy.orm import Session

from app.content import news
from app.content.models import NewsItem
from app.content.news import Words
from builders import BY_NOBODY
from catalog.claims import HealthClaim


def a_draft(session: Session, title: str = "Hội chợ nhãn lồng") -> NewsItem:
    return news.draft(session, Words(title, "Tóm tắt", "Nội dung"), **BY_NOBODY)


def test_a_draft_is_read_by_nobody(session: Session) -> None:
    item = a_draft(session)
    with pytest.raises(news.NoSuchNews):
        news.read(session, item.slug)
    assert list(news.newest(session, 3)) == []


def test_the_address_stays_once_it_was_public(session: Session) -> None:
    item = a_draft(session)
    news.revise(session, item, Words("Tên mới", "a", "b"), **BY_NOBODY)
    assert item.slug == "ten-moi"
    news.publish(session, item, **BY_NOBODY)
    news.withdraw(session, item, **BY_NOBODY)
    news.revise(session, item, Words("Tên khác", "a", "b"), **BY_NOBODY)
    assert (item.slug, item.title_vi) == ("ten-moi", "Tên khác")


def test_the_same_title_twice_has_two_addresses(session: Session) -> None:
    assert [a_draft(session).slug for _ in range(2)] == ["hoi-cho-nhan-long", "hoi-cho-nhan-long-2"]


def test_withdrawn_news_are_gone_and_come_back_with_their_first_day(session: Session) -> None:
    item = a_draft(session)
    news.publish(session, item, **BY_NOBODY)
    first = item.published_at
    news.withdraw(session, item, **BY_NOBODY)
    with pytest.raises(news.WithdrawnNews):
        news.read(session, item.slug)
    news.publish(session, item, **BY_NOBODY)
    assert news.read(session, item.slug).published_at == first


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ocop.gov.vn", "ftp://x"])
def test_a_source_is_an_address_on_the_web(session: Session, address: str) -> None:
    with pytest.raises(news.BadSource):
        news.draft(session, Words("a", "b", "c", source_url=address), **BY_NOBODY)


def test_news_promise_no_healing(session: Session) -> None:
    with pytest.raises(HealthClaim):
        news.draft(session, Words("a", "Mật ong chữa bệnh", "c"), **BY_NOBODY)


def test_news_come_in_pages_with_drafts_for_staff_alone(session: Session) -> None:
    for number in range(news.PAGE_SIZE + 1):
        news.publish(session, a_draft(session, f"Tin {number}"), **BY_NOBODY)
    hidden = a_draft(session, "Chưa đăng")
    assert len(news.page(session, 2).items) == 1
    assert news.page(session, 1, everything=True).items[0] is hidden
