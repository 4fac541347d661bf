"""Links of an identifier, and the words of GS1's vocabulary for what they lead to. Pure.

Names of link types: GS1 Web Vocabulary 1.16. What a resolver may say of a link: GS1-Conformant
Resolver 1.2, section 2.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.text import N_

VOCABULARY = "https://ref.gs1.org/voc/"
DEFAULT, DEFAULT_MULTI, LINKSET = "defaultLink", "defaultLinkMulti", "linkset"
LANGUAGES = ("vi", "en")  # those in which our pages are written
_PREFIXES = (VOCABULARY, "https://gs1.org/voc/", "http://gs1.org/voc/", "gs1:")

# What staff may choose from, with its meaning for people.
TYPES = {
    "pip": N_("Product information"),
    "certificationInfo": N_("Certificates"),
    "traceability": N_("Traceability"),
    "recallStatus": N_("Recall status"),
    "verificationService": N_("Check of a stamp"),
    "masterData": N_("Product data for programs"),
    "dpp": N_("Digital product passport"),
    "epcis": N_("EPCIS events"),
    "jws": N_("Signed statement"),
    "hasRetailers": N_("Where to buy"),
    "registerProduct": N_("Register the product"),
    "instructions": N_("Instructions"),
    "recipeInfo": N_("Recipes"),
    "nutritionalInfo": N_("Nutrition facts"),
    "allergenInfo": N_("Allergens"),
    "safetyInfo": N_("Safety information"),
    "sustainabilityInfo": N_("Sustainability"),
    "promotion": N_("Offer"),
    "relatedVideo": N_("Video"),
    "review": N_("Reviews"),
    "socialMedia": N_("Social media"),
    "homepage": N_("Home page"),
    "locationInfo": N_("About the place"),
    "openingHoursInfo": N_("Opening hours"),
    "support": N_("Help"),
}
# Media types that staff may name; all are registered with IANA.
MEDIA_TYPES = (
    "text/html",
    "application/pdf",
    "application/json",
    "application/ld+json",
    "image/jpeg",
    "image/png",
    "video/mp4",
)


@dataclass(frozen=True)
class Link:
    """Where something about an entity stands. `href` is a path of this site or a whole address.

    `title` is a msgid when it is `own`, and otherwise what staff wrote. `language` None: the page
    serves every reader.
    """

    type: str
    href: str
    title: str
    language: str | None = None
    media_type: str | None = "text/html"
    context: str | None = None
    own: bool = True


@dataclass(frozen=True)
class Level:
    """An entity of one degree of detail: a piece, a lot, the goods; a place or a party.

    `default` is where one is led who asks for nothing; `multi` are its versions by language.
    """

    anchor: str
    description: str
    links: Sequence[Link]
    default: Link
    multi: Sequence[Link] = ()


def type_name(text: str) -> str:
    """The bare name of a link type given as `pip`, `gs1:pip` or by its whole address."""
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    return text


def as_default(link: Link) -> Link:
    """The link as the default: target and title, nothing else (section 2.5.8)."""
    return replace(link, type=DEFAULT, language=None, media_type=None, context=None)


def level(anchor: str, description: str, links: Sequence[Link], default: Link) -> Level:
    """A level whose default is one of its links; versions of it in languages become its `multi`."""
    same = [one for one in links if one.type == default.type and one.language and one.own]
    multi = [replace(one, type=DEFAULT_MULTI) for one in same if default.own]
    return Level(anchor, description, links, as_default(default), multi)
