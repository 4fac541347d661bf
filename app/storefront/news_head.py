"""The head of the news pages."""

from flask_babel import gettext as _

from app.content.models import NewsItem
from app.core.paging import Page
from app.core.templating import local
from app.core.web import language, settings
from app.storefront import structured
from app.storefront.head import Head, absolute


def index(page: Page[NewsItem]) -> Head:
    """The list; a page without news is nothing to be found."""
    url = absolute("news.index", page=page.number if page.number > 1 else None)
    about = _("News of the OCOP programme in Hưng Yên: fairs, recognitions, seasons.")
    return Head(url, about, indexed=bool(page.items))


def item(found: NewsItem) -> Head:
    """One piece of news."""
    url, title = absolute("news.item", slug=found.slug), local(found, "title") or found.title_vi
    about = local(found, "summary")
    steps = [
        (_("Shop"), absolute("storefront.home")),
        (_("News"), absolute("news.index")),
        (title, url),
    ]
    data = structured.graph(_article(found, url, title, about), structured.breadcrumbs(steps))
    return Head(url, about, kind="article", data=data)


def _article(found: NewsItem, url: str, title: str, about: str | None) -> structured.Node:
    published = found.published_at.isoformat() if found.published_at else None
    translated = language() == "en" and found.body_en
    return {
        "@type": "NewsArticle",
        "@id": f"{url}#news",
        "url": url,
        "mainEntityOfPage": url,
        "headline": title,
        "description": about,
        "datePublished": published,
        "inLanguage": "en" if translated else "vi",
        "publisher": {"@type": "Organization", "name": settings().shop_name},
    }
