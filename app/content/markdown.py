"""Markdown of news, policies and blocks to HTML that is safe to show as it stands.

HTML in the text stays text; pictures come from this shop alone; links to other hosts neither
pass on reputation nor reach back into the page that opened them.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_DEEPEST = 6


def html(text: str, *, own_host: str = "") -> str:
    """HTML of `text`; links to `own_host` and to paths count as the shop's own.

    Headings go one level down, because the page itself has the first.
    """
    tokens = _PARSER.parse(text)
    for token in _all(tokens):
        _mend(token, own_host)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, {}))


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _mend(token: Token, own_host: str) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(int(token.tag[1:]) + 1, _DEEPEST)}"
    elif token.type == "link_open" and _is_foreign(str(token.attrGet("href")), own_host):
        token.attrSet("rel", "nofollow noopener")
    elif token.type == "image" and not _is_path(str(token.attrGet("src"))):
        token.type, token.tag = "text", ""  # the alternative text remains


def _is_path(address: str) -> bool:
    """A path on this host: `//host/…` is not one."""
    return address.startswith("/") and not address.startswith("//")


def _is_foreign(address: str, own_host: str) -> bool:
    host = urlsplit(address).netloc
    return bool(host) and host != own_host
