"""The policies as they come with the software: samples until the seller publishes own versions."""

from dataclasses import dataclass
from pathlib import Path

from app.content.models import PolicyKind

FOLDER = Path(__file__).parent / "data" / "policies"

# How each policy is called in addresses.
SLUGS = {
    PolicyKind.TERMS: "dieu-khoan",
    PolicyKind.DELIVERY: "giao-hang",
    PolicyKind.RETURNS: "doi-tra",
    PolicyKind.PAYMENT: "thanh-toan",
    PolicyKind.PRIVACY: "du-lieu-ca-nhan",
    PolicyKind.REVIEWS: "danh-gia",
    PolicyKind.COMPLAINTS: "khieu-nai",
}
KINDS = {slug: kind for kind, slug in SLUGS.items()}


@dataclass(frozen=True)
class Names:
    """What the samples name; unknown ones are said to be unknown. Amounts as they are written; the days
    are those by which the shop's own pages go (`pos.aftersales.rules`)."""

    owner: str
    contact: str
    fee: str
    free_from: str
    fault_days: int
    changed_mind_days: int
    answer_days: int


def sample(kind: PolicyKind, language: str, names: Names) -> str:
    """Markdown of the sample in `vi` or `en`."""
    text = (FOLDER / f"{kind.value}.{language}.md").read_text(encoding="utf-8")
    return text.format(**names.__dict__)
