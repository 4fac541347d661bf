"""Links as a JSON link set (RFC 9264), in the form of GS1's schema. Pure.

`root` is the address under which this resolver is reached; `word` puts a link's title into words.
"""

from collections.abc import Callable, Sequence
from typing import Any

from traceability.resolver_links import DEFAULT, VOCABULARY, Level, Link

MEDIA_TYPE = "application/linkset+json"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"

Word = Callable[[Link], str]


def document(levels: Sequence[Level], root: str, word: Word) -> dict[str, Any]:
    """All links of all levels, the most detailed first."""
    return {"linkset": [_entity(level, root, word) for level in levels]}


def choices(level: Level, links: Sequence[Link], root: str, word: Word) -> dict[str, Any]:
    """The links to choose from when a request does not decide."""
    return {"linkset": [_subject(level, root) | _by_type(links, root, word)]}


def absolute(root: str, href: str) -> str:
    """The whole address of a link."""
    return root + href if href.startswith("/") else href


def _entity(level: Level, root: str, word: Word) -> dict[str, Any]:
    links = [*level.links, level.default, *level.multi]
    return _subject(level, root) | _by_type(links, root, word)


def _subject(level: Level, root: str) -> dict[str, Any]:
    return {"anchor": root + level.anchor, "itemDescription": level.description}


def _by_type(links: Sequence[Link], root: str, word: Word) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        found.setdefault(VOCABULARY + link.type, []).append(_target(link, root, word))
    return found


def _target(link: Link, root: str, word: Word) -> dict[str, Any]:
    target: dict[str, Any] = {"href": absolute(root, link.href), "title": word(link)}
    if link.type == DEFAULT:
        return target
    if link.media_type:
        target["type"] = link.media_type
    if link.language:
        target["hreflang"] = [link.language]
    if link.context:
        target["context"] = [link.context]
    return target


def description(root: str, *, name: str, owner: str | None) -> dict[str, Any]:
    """What the resolver says of itself at `/.well-known/gs1resolver` (section 3)."""
    return {
        "resolverRoot": root,
        "name": name,
        "supportedPrimaryKeys": ["01", "414", "417"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": CONTEXT,
        "contact": {"fn": owner or name},
    }
