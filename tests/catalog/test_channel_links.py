"""Links to other shops: only to shops on the list, looked at every day, hidden when they are dead."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from app.jobs import SWEEPS, run_sweeps
from builders import BY_NOBODY, NOW, make_product
from catalog import channel_links, channels
from catalog.channel_links import LinkKnown, NotAPageOfAShop, next_state, queue_looks
from catalog.errands import look_at_link
from catalog.link_fetch import Answer, Fetch, Reply, Trouble, Unreachable
from catalog.models import Product
from catalog.offer_models import ChannelLink, LinkState

URL = "https://shopee.vn/nhan-say-i.1.2"


def link_to(session: Session, product: Product, url: str = URL) -> ChannelLink:
    channel_links.add(session, product, url, **BY_NOBODY)
    return session.scalars(select(ChannelLink).filter_by(product_id=product.id, url=url)).one()


def shown(session: Session, product: Product) -> list[str]:
    rows = session.execute(channel_links.of_product_query(product.id))
    return [view.url for view in channel_links.views(rows)]


def queued(session: Session) -> int:
    return len(session.scalars(select(OutboxJob).filter_by(name=channel_links.LOOK)).all())


def answering(status: int) -> Fetch:
    return lambda _url: Reply(status)


def looked_at(session: Session, link: ChannelLink, fetch: Fetch) -> ChannelLink:
    """The link after the errand of another day."""
    if link.checked_at is not None:
        link.checked_at -= timedelta(days=1)
    session.commit()
    look_at_link(fetch, {"link": str(link.id)})
    session.expire_all()
    return link


def test_every_shop_of_the_list_is_written_so_that_it_can_be_found() -> None:
    for code, shop in channels.shops().items():
        assert shop.hosts
        assert all(channels.shop_of(f"https://{host}/x") == shop for host in shop.hosts), code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (URL, "shopee"),
        ("https://www.facebook.com/ocop", "facebook"),
        ("https://SHOP.TikTok.com/view/1?x=1", "tiktok"),
        ("https://nongsan.buudien.vn/a", "nongsan"),
    ],
)
def test_the_shop_is_told_by_its_host(url: str, code: str) -> None:
    shop = channels.shop_of(url)
    assert shop is not None
    assert shop.code == code


@pytest.mark.parametrize(
    "url",
    [
        "http://shopee.vn/x",
        "javascript:alert(1)//shopee.vn",
        "https://shopee.vn.evil.example/x",
        "https://evilshopee.vn/x",
        "https://shopee.vn@evil.example/x",
        "https://user:pw@shopee.vn/x",
        "https://evil.example\\@shopee.vn/x",
        "https://shopee.vn:8443/x",
        "https://shopee.vn:x/",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://shopee.vn/x y",
        "https://shopee.vn/x\r\nHost: evil",
        "https://shopéé.vn/x",
        "https://tiktok.com/x",
        "https:///x",
        "shopee.vn/x",
        "https://shopee.vn/" + "x" * 500,
        "",
    ],
)
def test_any_other_address_is_refused(session: Session, url: str) -> None:
    with pytest.raises(NotAPageOfAShop):
        link_to(session, make_product(session), url)


@given(st.text(max_size=60))
def test_no_text_upsets_the_check(text: str) -> None:
    for url in (text, f"https://{text}", f"https://shopee.vn{text}"):
        shop = channels.shop_of(url)
        assert shop is None or url.lower().startswith("https://")


def test_the_same_link_twice_is_refused(session: Session) -> None:
    product = make_product(session)
    link_to(session, product)
    with pytest.raises(LinkKnown):
        link_to(session, product)
    link_to(session, make_product(session))


@pytest.mark.parametrize(
    ("answer", "failures", "state", "then"),
    [
        (200, 1, LinkState.LIVE, 0),
        (404, 0, LinkState.DOUBTFUL, 1),
        (410, 1, LinkState.DEAD, 2),
        (404, 2, LinkState.DEAD, 3),
        (403, 1, LinkState.DOUBTFUL, 0),
        (503, 0, LinkState.DOUBTFUL, 0),
        (Trouble.SILENT, 1, LinkState.DOUBTFUL, 0),
    ],
)
def test_a_page_is_dead_when_it_is_gone_twice_running(
    answer: Answer, failures: int, state: LinkState, then: int
) -> None:
    assert next_state(answer, failures) == (state, then)


def test_a_dead_link_is_hidden_and_comes_back_to_life(session: Session) -> None:
    product = make_product(session)
    link = link_to(session, product)
    assert shown(session, product) == [URL]
    assert looked_at(session, link, answering(404)).state is LinkState.DOUBTFUL
    assert shown(session, product) == [URL]
    assert looked_at(session, link, answering(404)).state is LinkState.DEAD
    assert shown(session, product) == []
    assert looked_at(session, link, answering(200)).state is LinkState.LIVE
    assert shown(session, product) == [URL]


def test_what_was_wrong_is_kept_in_words(session: Session) -> None:
    def silent(_url: str) -> Reply:
        raise Unreachable(Trouble.SILENT)

    product = make_product(session)
    link = looked_at(session, link_to(session, product), silent)
    row = channel_links.of_product(session, product)[0]
    assert (link.answer, row.trouble, row.shop) == ("no_answer", Trouble.SILENT.label, "Shopee")


def test_a_look_that_is_repeated_asks_once(session: Session) -> None:
    asked = []

    def fetch(url: str) -> Reply:
        asked.append(url)
        return Reply(404)

    link = link_to(session, make_product(session))
    session.commit()
    for _again in range(3):
        look_at_link(fetch, {"link": str(link.id)})
    session.expire_all()
    assert (asked, link.failures) == ([URL], 1)


def test_a_link_that_was_removed_is_not_looked_at(session: Session) -> None:
    link = link_to(session, make_product(session))
    key = str(link.id)
    channel_links.remove(session, link, **BY_NOBODY)
    session.commit()
    look_at_link(answering(200), {"link": key})
    assert session.scalars(select(ChannelLink)).all() == []


def test_the_sweep_queues_what_was_not_looked_at_for_a_day(session: Session) -> None:
    product = make_product(session)
    old, fresh, never = (link_to(session, product, f"{URL}{n}") for n in range(3))
    old.checked_at, fresh.checked_at = NOW - timedelta(hours=24), NOW - timedelta(hours=23)
    session.flush()
    assert queue_looks(session, now=NOW) == 1
    never.created_at = NOW - timedelta(days=2)
    session.flush()
    assert queue_looks(session, now=NOW) == 2


def test_the_worker_has_the_sweep(session: Session) -> None:
    link_to(session, make_product(session)).checked_at = NOW - timedelta(days=2)
    session.commit()
    before = queued(session)
    mine = [sweep for sweep in SWEEPS if sweep.name == "pages in other shops"]
    assert run_sweeps({}, NOW, mine) == 1
    assert queued(session) == before + 1
