"""Star bands of the council's mean mark: half-open intervals, so that no decimal falls between two.

148/QĐ-TTg and before it 1048/QĐ-TTg: 5 stars 90–100, 4 stars 70 to below 90, 3 stars 50 to below 70,
2 stars 30 to below 50, 1 star below 30.
"""

from decimal import Decimal

from app.core.errors import Rejected
from app.core.text import N_

FLOORS = {5: 90, 4: 70, 3: 50, 2: 30, 1: 0}


class BadScore(Rejected):
    """Marks go from 0 to 100."""

    code = "bad_score"
    message = N_("The mark must be between 0 and 100.")


def band(score: Decimal) -> int:
    """Stars that a mark reaches; raises `BadScore`. Stars come from a signed decision only."""
    if not 0 <= score <= 100:
        raise BadScore
    return next(stars for stars, floor in FLOORS.items() if score >= floor)
