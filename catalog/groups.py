"""The OCOP product groups of both schemes and the shelves of the shop, as they are set up first.

Sources: groups of 1048/QĐ-TTg (21/8/2019, as the provincial plan of 2022 lists them) and of
148/QĐ-TTg (24/02/2023, in force on signing, replacing 1048).
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.text import fold
from catalog import families
from catalog.models import Category, ProductGroup

SCHEME_2019 = "2019"
SCHEME_2023 = "2023"
_PERIODS = {
    SCHEME_2019: (date(2019, 8, 21), date(2023, 2, 23)),
    SCHEME_2023: (date(2023, 2, 24), None),
}

# (scheme, code, Vietnamese name, English name)
_GROUPS = (
    (SCHEME_2019, "food", "Thực phẩm", "Food"),
    (SCHEME_2019, "drinks", "Đồ uống", "Drinks"),
    (SCHEME_2019, "herbs", "Thảo dược", "Herbs"),
    (SCHEME_2019, "textiles", "Vải và may mặc", "Textiles and clothing"),
    (SCHEME_2019, "crafts", "Thủ công mỹ nghệ – trang trí", "Handicrafts and décor"),
    (
        SCHEME_2019,
        "tourism",
        "Dịch vụ du lịch nông thôn, bán hàng",
        "Rural tourism and sales services",
    ),
    (SCHEME_2023, "food", "Thực phẩm", "Food"),
    (SCHEME_2023, "drinks", "Đồ uống", "Drinks"),
    (
        SCHEME_2023,
        "herbs",
        "Dược liệu và sản phẩm từ dược liệu",
        "Medicinal plants and products made from them",
    ),
    (SCHEME_2023, "crafts", "Hàng thủ công mỹ nghệ", "Handicrafts"),
    (SCHEME_2023, "living", "Sinh vật cảnh", "Ornamental plants and animals"),
    (
        SCHEME_2023,
        "tourism",
        "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
        "Community tourism, ecotourism and places to visit",
    ),
)

# (slug, Vietnamese name, English name, illustration), in the order of the shop
_SHELVES = (
    (families.FRESH, "Trái cây & nông sản tươi", "Fruit & fresh produce", "longan"),
    (families.PREPARED, "Thực phẩm chế biến", "Prepared foods", "lotus-seed"),
    (families.GRAIN, "Gạo & ngũ cốc", "Rice & grains", "rice"),
    (families.SWEET, "Bánh kẹo", "Cakes & sweets", "sweets"),
    (families.MEAT_FISH, "Thịt, trứng & thủy sản", "Meat, eggs & seafood", "chicken"),
    (families.SAUCE, "Gia vị & nước chấm", "Spices & sauces", "fish-sauce"),
    (families.TEA, "Trà & thảo dược", "Teas & herbs", "tea"),
    (families.DRINK, "Đồ uống", "Drinks", "spirits"),
    (families.CRAFT, "Thủ công & sinh vật cảnh", "Crafts & ornamental plants", "handicraft"),
)


def ensure(session: Session) -> int:
    """Add the groups and shelves that are missing and return how many; edited rows stay as they are."""
    missing = [*_missing_groups(session), *_missing_shelves(session)]
    session.add_all(missing)
    session.flush()
    return len(missing)


def _missing_groups(session: Session) -> list[ProductGroup]:
    known = {(g.scheme, g.code) for g in session.scalars(select(ProductGroup))}
    return [
        ProductGroup(
            scheme=scheme,
            code=code,
            name_vi=name_vi,
            name_en=name_en,
            valid_from=_PERIODS[scheme][0],
            valid_to=_PERIODS[scheme][1],
        )
        for scheme, code, name_vi, name_en in _GROUPS
        if (scheme, code) not in known
    ]


def _missing_shelves(session: Session) -> list[Category]:
    known = set(session.scalars(select(Category.slug)))
    return [
        Category(
            slug=slug, name_vi=name_vi, name_en=name_en, illustration=drawing, position=position
        )
        for position, (slug, name_vi, name_en, drawing) in enumerate(_SHELVES)
        if slug not in known
    ]


def group_2023(session: Session, name: str) -> ProductGroup | None:
    """The group of the list of 2023 with this name; «Hàng» before it may be missing."""
    wanted = {fold(name), f"hang {fold(name)}"}
    groups = session.scalars(select(ProductGroup).filter_by(scheme=SCHEME_2023))
    return next((group for group in groups if fold(group.name_vi) in wanted), None)
