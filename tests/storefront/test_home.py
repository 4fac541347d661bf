"""The home page and the news as visitors and staff see them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.content import blocks, news
from app.content.blocks import Content
from app.content.models import Block, BlockKind
from app.content.news import Words
from app.core.db import Database
from app.storefront import home
from builders import BY_NOBODY, TODAY, make_offered, make_producer, make_user, recognise
from support.browser import Browser
from support.statements import counted
from support.world import build

EVIL = "<script>alert(1)</script> [x](javascript:alert(1)) **đậm**"


def block(session: Session, kind: BlockKind, **content: object) -> Block:
    made = blocks.add(session, kind, Content(**content), **BY_NOBODY)  # type: ignore[arg-type]
    session.commit()
    return made


def cards_on(session: Session, kind: BlockKind, day: date) -> list[str]:
    pieces = home.compose(session, day).pieces
    return [card.slug for piece in pieces if piece.block.kind is kind for card in piece.cards]


def test_a_shop_without_blocks_shows_the_default_set(session: Session, visitor: Browser) -> None:
    made = build(session)
    session.commit()
    page = visitor.get("/").text
    assert made.slug in page
    assert made.point in page
    assert page.count("<h1") == 1


def test_the_default_home_page_costs_six_statements_at_most(
    session: Session, visitor: Browser, database: Database, kept_index: None
) -> None:
    build(session)
    session.commit()
    assert visitor.get("/").status_code == 200
    with counted(database) as seen:
        visitor.get("/")
    assert len(seen) <= 6, "\n".join(seen)


def test_season_shows_nothing_out_of_season(session: Session) -> None:
    block(session, BlockKind.SEASON)
    product = make_offered(session).product
    product.season_from, product.season_until = 601, 831
    session.flush()
    assert cards_on(session, BlockKind.SEASON, date(2026, 8, 31)) == [product.slug]
    assert cards_on(session, BlockKind.SEASON, date(2026, 9, 1)) == []


def test_stars_are_new_for_sixty_days(session: Session) -> None:
    block(session, BlockKind.NEW_STARS)
    product = make_offered(session).product
    given = recognise(session, product, 4)
    since = TODAY - timedelta(days=59)
    given.valid_from, given.valid_until = since, TODAY + timedelta(days=1000)
    session.flush()
    days = [-1, 0, 59, 60]
    seen = [cards_on(session, BlockKind.NEW_STARS, since + timedelta(days=n)) for n in days]
    assert seen == [[], [product.slug], [product.slug], []]


def test_every_kind_of_block_can_be_seen(session: Session, visitor: Browser) -> None:
    maker = make_producer(session, story_vi="Ba đời trồng nhãn.")
    block(session, BlockKind.STORY, options={"producer": maker.slug})
    fair = {"place": "Quảng trường", "begins": "2026-12-01", "ends": "2026-12-03"}
    block(session, BlockKind.FAIR, title_vi="Hội chợ cuối năm", options=fair)
    block(session, BlockKind.TEXT, body_vi=EVIL)
    for kind in (BlockKind.SHELVES, BlockKind.NEWS, BlockKind.SEASON, BlockKind.NEW_STARS):
        block(session, kind)
    item = news.draft(session, Words("Tin đầu tiên", "Tóm tắt", "Chữ"), **BY_NOBODY)
    news.publish(session, item, **BY_NOBODY)
    session.commit()
    page = visitor.get("/").text
    for text in ("Ba đời trồng nhãn.", "01/12/2026 – 03/12/2026", "Quảng trường", "Tin đầu tiên"):
        assert text in page
    assert "<strong>đậm</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_blocks_are_arranged_by_the_office_alone(session: Session, visitor: Browser) -> None:
    officer, cashier = make_user(session, Role.OFFICER), make_user(session, Role.CASHIER)
    session.commit()
    visitor.sign_in(cashier)
    assert visitor.get("/quan-ly/trang-chu").status_code == 403
    assert visitor.post("/quan-ly/trang-chu/moi/text", {"body_vi": "x"}).status_code == 403
    visitor.sign_in(officer)
    for kind in BlockKind:
        assert visitor.get(f"/quan-ly/trang-chu/moi/{kind.value}").status_code == 200
    assert visitor.get("/quan-ly/trang-chu/moi/khong-co").status_code == 404
    assert visitor.post("/quan-ly/trang-chu/moi/text", {"body_vi": ""}).status_code == 422
    assert visitor.post("/quan-ly/trang-chu/moi/text", {"body_vi": "Ẩn đi"}).status_code == 303
    made = session.scalars(select(Block).filter_by(kind=BlockKind.TEXT)).one()
    assert "Ẩn đi" in visitor.get(f"/quan-ly/trang-chu/{made.id}").text
    assert visitor.post(f"/quan-ly/trang-chu/{made.id}/lam", {"act": "off"}).status_code == 303
    assert "Ẩn đi" not in visitor.get("/").text
    preview = visitor.get("/quan-ly/trang-chu/xem-truoc?day=2026-12-01")
    assert "Ẩn đi" in preview.text
    assert preview.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in preview.text


def test_a_fair_keeps_its_days_through_the_form(session: Session, visitor: Browser) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    visitor.sign_in(officer)
    fair = {"title_vi": "Hội chợ", "place": "Phố Hiến", "begins": "2026-12-01"}
    assert visitor.post("/quan-ly/trang-chu/moi/fair", fair).status_code == 303
    made = session.scalars(select(Block).filter_by(kind=BlockKind.FAIR)).one()
    assert 'value="2026-12-01"' in visitor.get(f"/quan-ly/trang-chu/{made.id}").text
    wrong = visitor.post(f"/quan-ly/trang-chu/{made.id}", fair | {"ends": "2026-11-01"})
    assert wrong.status_code == 422


def test_news_are_written_shown_and_published(session: Session, visitor: Browser) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    visitor.sign_in(officer)
    words = {"title_vi": "Mùa nhãn", "summary_vi": "Bắt đầu", "body_vi": EVIL}
    assert visitor.post("/quan-ly/tin-tuc/moi", words | {"title_vi": ""}).status_code == 422
    saved = visitor.post("/quan-ly/tin-tuc/moi", words)
    place = saved.headers["Location"]
    assert "Mùa nhãn" in visitor.get(f"{place}/xem-truoc").text
    assert visitor.get("/tin-tuc/mua-nhan").status_code == 404
    assert visitor.post(f"{place}/lam", {"act": "publish"}).status_code == 303
    page = visitor.get("/tin-tuc/mua-nhan").text
    assert "<script>alert" not in page
    assert '"@type":"NewsArticle"' in page
    assert '<link rel="canonical" href="http://localhost/tin-tuc/mua-nhan">' in page
    for address in ("/tin-tuc", "/tin-tuc.rss", "/sitemap-tin-tuc.xml"):
        assert "/tin-tuc/mua-nhan" in visitor.get(address).text
    visitor.post(f"{place}/lam", {"act": "withdraw"})
    assert visitor.get("/tin-tuc/mua-nhan").status_code == 410
