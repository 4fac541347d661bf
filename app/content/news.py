"""News of the programme: drafted, published, corrected, withdrawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.content.models import NewsItem
from app.core.errors import Gone, NotFound, Rejected
from app.core.paging import Page
from app.core.text import N_, slugify
from catalog import claims

PAGE_SIZE = 10
MAX_SLUG = 80
NEWEST = 30


class NoSuchNews(NotFound):
    """No piece of news has this address."""

    code = "no_such_news"
    message = N_("This piece of news does not exist.")


class WithdrawnNews(Gone):
    """It was published once."""

    code = "withdrawn_news"
    message = N_("This piece of news was withdrawn.")


class BadSource(Rejected):
    """A source is an address on the web."""

    code = "bad_source"
    message = N_("The source is an address that begins with “https://” or “http://”.")


class NoWords(Rejected):
    """Title, summary and text are needed in Vietnamese."""

    code = "no_words"
    message = N_("News need a title, a summary and a text in Vietnamese.")


@dataclass(frozen=True)
class Words:
    """What is reported. Bodies are Markdown; `source_url` says where it was read."""

    title_vi: str
    summary_vi: str
    body_vi: str
    title_en: str | None = None
    summary_en: str | None = None
    body_en: str | None = None
    source_url: str | None = None


def is_public() -> ColumnElement[bool]:
    """SQL condition: everyone may read it."""
    return and_(NewsItem.published_at.is_not(None), NewsItem.withdrawn_at.is_(None))


def draft(session: Session, words: Words, *, now: datetime, actor_id: UUID | None) -> NewsItem:
    """Keep news that nobody sees yet. Raises `NoWords`, `BadSource`, `HealthClaim`."""
    _check(words)
    slug = _free_slug(session, words.title_vi, None)
    item = NewsItem(slug=slug, created_at=now, **asdict(words))
    session.add(item)
    session.flush()
    _record(session, "draft", item, now, actor_id)
    return item


def revise(
    session: Session, item: NewsItem, words: Words, *, now: datetime, actor_id: UUID | None
) -> None:
    """Change the words; the address follows the title until it was public for the first time.

    Raises what `draft` raises.
    """
    _check(words)
    for name, value in asdict(words).items():
        setattr(item, name, value)
    if item.published_at is None:
        item.slug = _free_slug(session, words.title_vi, item.id)
    _record(session, "revise", item, now, actor_id)


def publish(session: Session, item: NewsItem, *, now: datetime, actor_id: UUID | None) -> None:
    """Let everyone read it; what was withdrawn comes back with its first day."""
    if item.published_at is not None and item.withdrawn_at is None:
        return
    item.published_at, item.withdrawn_at = item.published_at or now, None
    _record(session, "publish", item, now, actor_id)


def withdraw(session: Session, item: NewsItem, *, now: datetime, actor_id: UUID | None) -> None:
    """Take it from the readers; its address says that it is gone."""
    if item.published_at is None or item.withdrawn_at is not None:
        return
    item.withdrawn_at = now
    _record(session, "withdraw", item, now, actor_id)


def get(session: Session, item_id: UUID, *, lock: bool = False) -> NewsItem:
    """A piece of news, public or not. Raises `NoSuchNews`."""
    found = session.get(NewsItem, item_id, with_for_update=True if lock else None)
    if found is None:
        raise NoSuchNews
    return found


def read(session: Session, slug: str) -> NewsItem:
    """A public piece of news. Raises `NoSuchNews`, for drafts too, and `WithdrawnNews`."""
    found = session.scalar(select(NewsItem).filter_by(slug=slug))
    if found is None or found.published_at is None:
        raise NoSuchNews
    if found.withdrawn_at is not None:
        raise WithdrawnNews
    return found


def newest(session: Session, limit: int) -> Sequence[NewsItem]:
    """Public news, newest first."""
    query = select(NewsItem).where(is_public())
    return session.scalars(
        query.order_by(NewsItem.published_at.desc(), NewsItem.id).limit(limit)
    ).all()


def page(session: Session, number: int, *, everything: bool = False) -> Page[NewsItem]:
    """A page of news, newest first: the public ones, or `everything` with drafts first."""
    wanted = [] if everything else [is_public()]
    total = session.scalar(select(func.count(NewsItem.id)).where(*wanted)) or 0
    drafts_first = NewsItem.published_at.is_not(None)
    latest = func.coalesce(NewsItem.published_at, NewsItem.created_at).desc()
    query = select(NewsItem).where(*wanted).order_by(drafts_first, latest, NewsItem.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def _check(words: Words) -> None:
    if not (words.title_vi and words.summary_vi and words.body_vi):
        raise NoWords
    if words.source_url:
        parts = urlsplit(words.source_url)
        if parts.scheme not in ("https", "http") or not parts.netloc:
            raise BadSource
    texts = {k: v for k, v in asdict(words).items() if k != "source_url"}
    claims.demand_none(**texts)


def _free_slug(session: Session, title: str, own: UUID | None) -> str:
    base = slugify(title)[:MAX_SLUG].strip("-")
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        held = session.scalar(select(NewsItem.id).filter_by(slug=slug))
        if held is None or held == own:
            break
    return slug


def _record(
    session: Session, what: str, item: NewsItem, now: datetime, actor_id: UUID | None
) -> None:
    session.flush()
    detail = {"slug": item.slug}
    audit.record(
        session, f"news.{what}", ("news", item.id), actor_id=actor_id, now=now, detail=detail
    )
