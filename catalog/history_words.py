"""What the codes in the trail of the catalogue say in plain words."""

from app.core.text import N_
from catalog import labels

# Action code → msgid.
ACTIONS = {
    "product.draft": N_("Product described"),
    "product.revise": N_("Texts changed"),
    "product.publish": N_("Offered in the shop"),
    "product.withdraw": N_("Taken out of the shop"),
    "product.rename": N_("Address of the page changed"),
    "product.vat": N_("VAT class changed"),
    "product.label": N_("Label facts changed"),
    "product.season": N_("Season or time on the way changed"),
    "photo.added": N_("Photograph added"),
    "photo.described": N_("Photograph described"),
    "photo.moved": N_("Photographs put in another order"),
    "photo.removed": N_("Photograph removed"),
    "link.added": N_("Page in another shop added"),
    "link.removed": N_("Page in another shop removed"),
    "sku.add": N_("Article added"),
    "sku.parts": N_("Content of the gift set changed"),
    "sku.low_stock": N_("Threshold for running short changed"),
    "sku.weight": N_("Weight as sent changed"),
    "price.set": N_("Price set"),
    "preorder.open": N_("Offered ahead"),
    "preorder.close": N_("No longer offered ahead"),
    "paper.attach": N_("Paper filed"),
    "recognition.grant": N_("Recognition entered"),
    "recognition.revoke": N_("Recognition revoked"),
    "recognition.file": N_("Renewal filed"),
    "decision.record": N_("Decision entered"),
    "register.import": N_("Register read in"),
    "producer.create": N_("Producer taken in"),
    "producer.revise": N_("Details of the producer changed"),
}

# Name in the detail of an entry → msgid.
_FIELDS = {
    "name": N_("Name"),
    "name_vi": N_("Name (Vietnamese)"),
    "name_en": N_("Name (English)"),
    "summary_vi": N_("Description (Vietnamese)"),
    "summary_en": N_("Description (English)"),
    "ingredients_vi": N_("Ingredients (Vietnamese)"),
    "ingredients_en": N_("Ingredients (English)"),
    "storage_vi": N_("Storage (Vietnamese)"),
    "storage_en": N_("Storage (English)"),
    "story_vi": N_("Story (Vietnamese)"),
    "story_en": N_("Story (English)"),
    "kind": N_("Kind"),
    "phone": N_("Phone"),
    "tax_code": N_("Tax code"),
    "address": N_("Address"),
    "area": N_("Commune or ward"),
    "area_text": N_("Commune and province"),
    "slug": N_("Address of the page"),
    "url": N_("Address"),
    "alt": N_("Photograph"),
    "reason": N_("Reason"),
    "stars": N_("Stars"),
    "valid_until": N_("Valid until"),
    "decision": N_("Decision"),
    "number": N_("Number"),
    "on": N_("From which day"),
    "from": N_("From"),
    "channel": N_("Where"),
    "low_stock": N_("Threshold"),
    "weight": N_("Weight as sent"),
    "begins": N_("First day"),
    "ends": N_("Last day"),
    "max_transit_days": N_("Longest time on the way, in days"),
    "units": N_("Units"),
    "taken": N_("Ordered ahead"),
    "opens_on": N_("First day to order"),
    "closes_on": N_("Last day to order"),
    "ships_from": N_("Sent from"),
    "ships_until": N_("Sent until"),
    "profile": N_("Kind of goods"),
    "needs_lot": N_("Sold by lot"),
    "counted": N_("Counted"),
    "accepted": N_("Taken over"),
    "unchanged": N_("Unchanged"),
}

# Keys and check sums tell people nothing.
_MUTE = frozenset({"photo", "sha256", "recognition"})
_FACT = "fact."


def action(code: str) -> str:
    """Msgid for an action; an unknown one speaks for itself."""
    return ACTIONS.get(code, code)


def tells(name: str) -> bool:
    """Whether a value under this name says something to people."""
    return name not in _MUTE


def field(name: str) -> str | labels.Field:
    """Msgid for the name of a value, or the label fact that it is."""
    if name.startswith(_FACT):
        return labels.fields().get(name.removeprefix(_FACT), name.removeprefix(_FACT))
    return _FIELDS.get(name, name)
