"""What buyers' opinions say to machines, in the words of schema.org. Hidden texts stay hidden."""

from typing import Any

from app.storefront import voices
from app.storefront.voices import Voice, Voices
from catalog.models import Product

BEST, WORST = 5, 1


def aggregate(product: Product) -> dict[str, Any] | None:
    """The mean of all reviews of a product; None without any."""
    mean = voices.mean_of(product.rating_sum, product.rating_count)
    if mean is None:
        return None
    rating = {"ratingValue": mean, "reviewCount": product.rating_count}
    return {"@type": "AggregateRating"} | rating | {"bestRating": BEST, "worstRating": WORST}


def reviews(said: Voices) -> list[dict[str, Any]]:
    """The reviews whose words the page shows."""
    return [_review(voice) for voice in said.reviews if voice.hidden_reason is None]


def _review(voice: Voice) -> dict[str, Any]:
    rating = {"@type": "Rating", "ratingValue": voice.stars, "bestRating": BEST}
    node: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": voice.author},
        "datePublished": voice.created_at.date().isoformat(),
        "reviewRating": rating | {"worstRating": WORST},
    }
    return node | ({"reviewBody": voice.text} if voice.text else {})
