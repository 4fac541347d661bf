"""Texts that promise healing though nobody could enter them on a page."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.content import claim_search
from app.content.claim_search import TextKind
from app.content.models import Block, BlockKind, NewsItem, PolicyKind, PolicyVersion
from builders import NOW, TODAY, make_producer, make_product, make_user
from support.browser import Browser

HEALS = "Trà này chữa khỏi ho"
KIND = PolicyKind.TERMS


def kinds(session: Session) -> list[TextKind]:
    return [row.kind for row in claim_search.everywhere(session)]


def version(number: int, text: str) -> PolicyVersion:
    day = TODAY.replace(day=number)
    return PolicyVersion(kind=KIND, number=number, valid_from=day, body_vi=text, created_at=NOW)


def news(**words: str) -> NewsItem:
    plain = {"slug": "tin", "title_vi": "Tin", "summary_vi": "Tóm tắt", "body_vi": "Nội dung"}
    return NewsItem(**(plain | words), created_at=NOW)


def test_harmless_texts_are_not_listed(session: Session) -> None:
    make_product(session)
    session.add_all([news(), version(1, "Điều khoản")])
    session.flush()
    assert claim_search.everywhere(session) == []


def test_a_product_is_named_with_the_field_and_the_words(session: Session) -> None:
    product = make_product(session, name_vi="Trà sen")
    product.summary_en = "It cures diseases"
    product.summary_vi = HEALS
    session.flush()
    rows = claim_search.everywhere(session)
    assert {(row.name, row.key, row.where) for row in rows} >= {
        ("Trà sen", str(product.id), "Description (Vietnamese)")
    }
    assert rows[0].claims[0].phrase == "chữa khỏi"


def test_label_facts_and_stories_are_read_too(session: Session) -> None:
    product, maker = make_product(session), make_producer(session)
    product.facts = {"use": {"vi": HEALS, "en": "Steep"}}
    maker.story_vi = HEALS
    session.flush()
    assert kinds(session) == [TextKind.LABEL, TextKind.PRODUCER]


@pytest.mark.parametrize("field", ["title_vi", "summary_vi", "body_vi", "title_en"])
def test_news_are_read_whole(session: Session, field: str) -> None:
    session.add(news(**{field: HEALS}))
    session.flush()
    assert kinds(session) == [TextKind.NEWS]


def test_blocks_are_read_with_the_words_of_their_button(session: Session) -> None:
    block = {"kind": BlockKind.TEXT, "position": 1, "created_at": NOW}
    session.add(Block(**block, body_vi="Chào", options={"link_vi": HEALS, "most": 4}))
    session.flush()
    (row,) = claim_search.everywhere(session)
    assert (row.kind, row.where) == (TextKind.BLOCK, "Other words of the block")


def test_of_a_policy_only_the_newest_version_counts(session: Session) -> None:
    session.add(version(1, HEALS))
    session.flush()
    assert kinds(session) == [TextKind.POLICY]
    session.add(version(2, "Điều khoản"))
    session.flush()
    assert kinds(session) == []


def test_the_page_leads_to_where_each_text_is_changed(session: Session, visitor: Browser) -> None:
    product, maker, item = make_product(session), make_producer(session), news(body_vi=HEALS)
    block = Block(kind=BlockKind.TEXT, position=1, created_at=NOW, body_vi=HEALS, options={})
    product.summary_vi = maker.story_vi = HEALS
    product.facts = {"use": {"vi": HEALS}}
    session.add_all([item, block, version(1, HEALS)])
    officer = make_user(session, Role.OFFICER)
    session.commit()
    page = visitor.sign_in(officer).get("/quan-ly/tu-cam").text
    for path in (
        f"san-pham/{product.id}",
        f"san-pham/{product.id}/nhan",
        f"nha-san-xuat/{maker.id}",
        f"tin-tuc/{item.id}",
        f"trang-chu/{block.id}",
        "chinh-sach/dieu-khoan",
    ):
        assert f'href="/quan-ly/{path}"' in page
        assert visitor.get(f"/quan-ly/{path}").status_code == 200
