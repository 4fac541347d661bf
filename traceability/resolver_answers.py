"""The resolver's answers over HTTP: redirect, link set, choice; headers that every answer has.

Rules: GS1-Conformant Resolver 1.2, sections 2.2 (methods, CORS), 2.6 (redirect), 2.10 (link set),
2.12 (the query string goes along whole).
"""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit

from flask import Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import NotFound
from app.core.text import N_
from app.core.web import LANGUAGE_COOKIE, LANGUAGES, language, settings, wants_json
from traceability import gs1, gs1_decoded, linkset
from traceability.gs1_reasons import REASONS
from traceability.resolver_choice import Asked, asked, choose
from traceability.resolver_links import TYPES, Level, Link

METHODS = "GET, HEAD, OPTIONS"


class UnknownIdentifier(NotFound):
    """A right address of something that is not known here."""

    code = "unknown_identifier"
    message = N_("Nothing here has this GS1 number.")


class NoSuchLink(NotFound):
    """The entity is known, but has no link of the type asked for."""

    code = "no_such_link"
    message = N_("There is no link of this kind.")


def read_link() -> gs1.DigitalLink:
    """What the address of this request names. Raises `MalformedLink`."""
    return gs1.parse_path(raw_path(), request.query_string.decode("latin-1"))


def raw_path() -> str:
    """The path as sent, with its escapes: a slash inside a value must not become a separator."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return urlsplit(raw).path if raw else gs1_decoded.encoded(request.path)


def what_is_asked() -> Asked:
    """What this request wants. A language chosen on our pages goes before that of the browser."""
    kept = request.cookies.get(LANGUAGE_COOKIE)
    spoken = [(kept, 1.0)] if kept in LANGUAGES else list(request.accept_languages)
    media = [(str(name), float(q)) for name, q in request.accept_mimetypes]
    tags = [(str(tag), float(q)) for tag, q in spoken]
    args = request.args
    return asked(args.get("linkType"), tags, media, args.get("context"))


def respond(levels: Sequence[Level], wanted: Asked) -> ResponseReturnValue:
    """The answer for levels from the most detailed up. Raises `UnknownIdentifier`, `NoSuchLink`."""
    if not levels:
        raise UnknownIdentifier
    if wanted.wants_linkset:
        return link_set(linkset.document(levels, root(), word), 200)
    found = choose(levels, wanted)
    if not found:
        raise NoSuchLink
    if len(found) > 1:
        return _several(levels[0], found)
    return lead_to(found[0].href, levels[0].anchor)


def root() -> str:
    """The address under which the resolver is reached."""
    return str(settings().base_url)


def word(link: Link) -> str:
    """The title of a link, in the language of what it leads to."""
    return _said(link.title, link.language or language()) if link.own else link.title


@lru_cache(maxsize=256)
def _said(title: str, code: str) -> str:
    """A link set has dozens of titles out of a handful; what they are called does not change."""
    with force_locale(code):
        return str(_(title))


def link_set(document: dict[str, object], status: int) -> Response:
    """A link set as JSON; as JSON-LD, with its context inside, when that is asked for."""
    best = request.accept_mimetypes.best
    if best == "application/ld+json":
        document = {"@context": linkset.CONTEXT, **document}
    response = jsonify(document)
    response.status_code = status
    response.mimetype = (
        best if best in {"application/ld+json", "application/json"} else linkset.MEDIA_TYPE
    )
    response.headers["Link"] = (
        f'<{linkset.CONTEXT}>; rel="{linkset.CONTEXT_REL}"; type="application/ld+json"; title="Context"'
    )
    return response


def lead_to(href: str, anchor: str) -> AnyResponse:
    """To the link, with the whole query string; the way to all links goes along as a header."""
    response = redirect(with_query(href, request.query_string.decode("latin-1")), code=307)
    response.headers["Link"] = (
        f'<{root()}{anchor}?linkType=linkset>; rel="linkset"; type="{linkset.MEDIA_TYPE}"; '
        'title="Links"'
    )
    return response


def with_query(href: str, query: str) -> str:
    """`href` with the pairs of `query` as they came; those that `href` names itself stay its own."""
    before, _hash, fragment = href.partition("#")
    own = {key for key, _value in parse_qsl(urlsplit(before).query, keep_blank_values=True)}
    pairs = [p for p in query.split("&") if p and unquote_plus(p.partition("=")[0]) not in own]
    more = quote("&".join(pairs), safe="%&=+/?:@!$'()*,;~-._[]")
    joined = f"{before}{('&' if '?' in before else '?') if more else ''}{more}"
    return f"{joined}#{fragment}" if fragment else joined


def _several(level: Level, links: Sequence[Link]) -> ResponseReturnValue:
    if "text/html" not in {str(name) for name, _q in request.accept_mimetypes}:
        return link_set(linkset.choices(level, links, root(), word), 300)
    query = request.query_string.decode("latin-1")
    rows = [
        (with_query(link.href, query), link, word(link), TYPES.get(link.type)) for link in links
    ]
    return make_response(render_template("traceability/choices.html", level=level, rows=rows), 300)


def malformed(error: gs1.MalformedLink) -> ResponseReturnValue:
    """400 with the reason, as a page or for a program."""
    sentence = _(REASONS[error.reason])
    if wants_json():
        return jsonify(code=error.code, reason=error.reason, message=sentence), 400
    page = render_template("traceability/malformed_link.html", sentence=sentence)
    return page, 400


def open_to_all(response: Response) -> Response:
    """Any page may ask the resolver (CORS), and caches know what the answer depends on."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
    response.headers["Access-Control-Expose-Headers"] = "Link, Location, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.update(("Accept", "Accept-Language"))
    return response
