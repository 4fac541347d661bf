"""The values of facets in words, in the language of the request."""

from flask_babel import gettext

from app.core.templating import local, vnd
from app.storefront.facets import Choice, Facet
from catalog.recognition_models import EvidenceKind


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def name(facet: Facet, choice: Choice) -> str:
    """How a value is called among the values of its facet."""
    value = choice.value
    if facet is Facet.STARS:
        return _("5 stars") if value == "5" else _("%(n)s and more", n=value)
    if facet is Facet.IN_STOCK:
        return _("In stock now")
    if facet is Facet.SEASON:
        return _("In season now")
    if facet is Facet.PRICE:
        return _prices(value)
    if facet is Facet.PAPER:
        return _(EvidenceKind.parse(value).label)
    return local(choice, "name") or value


def chip(facet: Facet, choice: Choice) -> str:
    """How a value is called by itself."""
    if facet is Facet.STARS and choice.value != "5":
        return _("%(n)s stars and more", n=choice.value)
    if facet is Facet.POINT:
        return _("In stock at %(place)s", place=local(choice, "name"))
    if facet is Facet.TO:
        return _("Can be sent to %(place)s", place=local(choice, "name"))
    return name(facet, choice)


def _prices(value: str) -> str:
    begin, end = value.split("-")
    if not end:
        return _("%(from)s and more", **{"from": vnd(int(begin))})
    if begin == "0":
        return _("Under %(to)s", to=vnd(int(end)))
    return _("%(from)s to %(to)s", **{"from": vnd(int(begin)), "to": vnd(int(end))})
