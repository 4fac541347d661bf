"""Which link answers a request. Pure.

Rules: GS1-Conformant Resolver 1.2, section 2.6: the requested type or none; then language, context
and media type narrow the choice; what stays undecided is for the asker to choose from (300).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from traceability.resolver_links import DEFAULT, DEFAULT_MULTI, LINKSET, Level, Link, type_name

Ranges = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Asked:
    """What a request says about the answer it wants. Ranges with their quality, as in HTTP."""

    link_type: str | None = None
    languages: Ranges = ()
    media: Ranges = ()
    context: str | None = None

    @property
    def wants_linkset(self) -> bool:
        """Whether all links are asked for, by word or by media type."""
        if self.link_type is not None:
            # "all" is the older word for the same.
            return self.link_type in {LINKSET, "all"}
        named = {media for media, quality in self.media if quality > 0}
        sets = {"application/linkset+json", "application/json", "application/ld+json"}
        return "application/linkset+json" in named or bool(
            named & sets and "text/html" not in named
        )

    @property
    def wants_default(self) -> bool:
        """Whether nothing in particular is asked for."""
        return self.link_type in {None, DEFAULT}


def asked(
    link_type: str | None, languages: Ranges, media: Ranges, context: str | None = None
) -> Asked:
    """The request with the bare name of the link type; an empty one asks for nothing."""
    return Asked(type_name(link_type) if link_type else None, languages, media, context)


def choose(levels: Sequence[Level], asked: Asked) -> Sequence[Link]:
    """The links that answer, at best one; none when the type is not there at any level.

    Levels come from the most detailed up to the key.
    """
    if asked.wants_default:
        return [_default(levels[0], asked)]
    found: Sequence[Link] = ()
    for level in levels:
        pool = level.multi if asked.link_type == DEFAULT_MULTI else level.links
        found = [link for link in pool if link.type == asked.link_type]
        if found:
            break
    return narrow(found, asked)


def _default(level: Level, asked: Asked) -> Link:
    """The default, or its version in a language that the asker reads."""
    spoken = [link for link in level.multi if _language(link, asked.languages) > 0]
    best = _best(spoken, lambda link: _language(link, asked.languages))
    return best[0] if len(best) == 1 else level.default


def narrow(links: Sequence[Link], asked: Asked) -> Sequence[Link]:
    """Language first, then context, then media type; a step that leaves nothing is left out."""
    links = _step(links, lambda link: link.language, lambda v: _of(v, asked.languages))
    links = _step(
        links,
        lambda link: link.context,
        lambda v: float(bool(asked.context) and v == asked.context),
    )
    return _best(links, lambda link: _media(link, asked.media))


def _step(
    links: Sequence[Link], part: Callable[[Link], str | None], quality: Callable[[str], float]
) -> Sequence[Link]:
    """The best by `part`; where none fits, those that serve everyone; where none does, all."""
    fitting = [link for link in links if quality(part(link) or "") > 0 and part(link)]
    if fitting:
        return _best(fitting, lambda link: quality(part(link) or ""))
    return [link for link in links if part(link) is None] or links


def _best(links: Sequence[Link], quality: Callable[[Link], float]) -> Sequence[Link]:
    most = max(map(quality, links), default=0.0)
    return [link for link in links if quality(link) == most]


def _language(link: Link, languages: Ranges) -> float:
    return _of(link.language or "", languages)


def _of(language: str, languages: Ranges) -> float:
    """Quality of a language: «en» serves who asks for en, en-GB, or anything."""
    exact = [q for tag, q in languages if tag.lower().partition("-")[0] == language]
    return max(exact, default=0.0)


def _media(link: Link, media: Ranges) -> float:
    kind = link.media_type or ""
    ranges = {name.lower(): quality for name, quality in media}
    whole = f"{kind.partition('/')[0]}/*"
    return ranges.get(kind, ranges.get(whole, ranges.get("*/*", 0.0)))
