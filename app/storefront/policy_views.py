"""The policies of the shop, each in the version of the day, and every version that ever held."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from app.content import policies, samples
from app.content.models import PolicyKind
from app.content.policies import NoSuchVersion, Term
from app.content.prose import prose
from app.content.samples import KINDS, SLUGS, Names
from app.core import clock
from app.core.page_cache import shared
from app.core.templating import local, vnd
from app.core.web import language, read_session, settings
from app.storefront import delivery, head
from pos.aftersales import rules

bp = Blueprint("policies", __name__)


@bp.get("/chinh-sach")
@shared
def index() -> str:
    """All policies."""
    top = head.Head(head.absolute("policies.index"))
    return render_template("content/policies.html", slugs=SLUGS, head=top)


@bp.get("/chinh-sach/<slug>")
@shared
def current(slug: str) -> str:
    """What holds today: the version in force, or the sample when none was published."""
    kind, day = _kind(slug), clock.local_day(clock.now())
    version = policies.current(read_session(), kind, day)
    terms = policies.history(read_session(), kind)
    term = next((term for term in terms if term.version == version), None)
    return _page(kind, term, terms, indexed=True)


@bp.get("/chinh-sach/<slug>/<int:number>")
@shared
def numbered(slug: str, number: int) -> str:
    """One version, whenever it held."""
    kind = _kind(slug)
    term = policies.numbered(read_session(), kind, number)
    return _page(kind, term, policies.history(read_session(), kind), indexed=False)


def _kind(slug: str) -> PolicyKind:
    if slug not in KINDS:
        raise NoSuchVersion
    return KINDS[slug]


def _page(kind: PolicyKind, term: Term | None, terms: list[Term], *, indexed: bool) -> str:
    top = head.Head(head.absolute("policies.current", slug=SLUGS[kind]), indexed=indexed)
    text = local(term.version, "body") if term else samples.sample(kind, language(), _names())
    return render_template(
        "content/policy.html",
        kind=kind,
        slug=SLUGS[kind],
        term=term,
        terms=terms,
        text=prose(text),
        head=top,
    )


def _names() -> Names:
    shop, unknown = settings(), _("(not published yet)")
    contact = ", ".join(part for part in (shop.shop_phone, shop.shop_email) if part)
    days = rules.current()
    return Names(
        owner=shop.shop_owner or unknown,
        contact=contact or unknown,
        fee=vnd(delivery.least_fee(clock.local_day(clock.now()))),
        free_from=vnd(shop.free_delivery_from),
        fault_days=days.fault_days,
        changed_mind_days=days.changed_mind_days,
        answer_days=days.answer_working_days,
    )
