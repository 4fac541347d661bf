"""Markdown of the shop's own texts, ready for a template."""

from urllib.parse import urlsplit

from markupsafe import Markup

from app.content import markdown
from app.core.web import settings


def prose(text: str | None) -> Markup:
    """Safe HTML of a Markdown text; nothing for no text."""
    own_host = urlsplit(settings().base_url).netloc
    # The parser turns HTML in the text into text.
    return Markup(markdown.html(text or "", own_host=own_host))  # noqa: S704  # nosec B704
