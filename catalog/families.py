"""Which illustration and shelf fit a product, by the words of its name. Pure."""

import re
from dataclasses import dataclass

from app.core.text import fold

# Keys of shelves; `catalog.groups` has their names.
FRESH = "trai-cay-nong-san-tuoi"
MEAT_FISH = "thit-trung-thuy-san"
GRAIN = "gao-ngu-coc"
PREPARED = "thuc-pham-che-bien"
SWEET = "banh-keo"
SAUCE = "gia-vi-nuoc-cham"
TEA = "tra-thao-duoc"
DRINK = "do-uong"
CRAFT = "thu-cong-sinh-vat-canh"


@dataclass(frozen=True)
class Family:
    """`illustration` names a drawing in `static/img/products`, `shelf` the slug of a category."""

    illustration: str
    shelf: str
    needs_lot: bool = True


# The first line with a word of the name wins, so what a thing is made into stands before what it is
# made of: «Kẹo gạo lứt» is a sweet, «Gạo rươi» is rice, «Mật ong hoa nhãn» is honey.
_RULES: tuple[tuple[str, Family], ...] = (
    ("du lich|homestay|trai nghiem|tham quan", Family("tourism", CRAFT, needs_lot=False)),
    ("cay canh|hoa canh|bonsai|cay phat loc|hoa lan|cay giong", Family("plants", CRAFT, False)),
    ("lua dui|lua to tam|khan|dui|tho cam|theu|det", Family("textile", CRAFT)),
    ("huong thon cao|huong xa|huong tram|huong vong|nhang", Family("incense", CRAFT)),
    ("my nghe|do go|coi|may tre|gom|cham bac|tranh", Family("handicraft", CRAFT)),
    ("ruou|bia", Family("spirits", DRINK)),
    ("mat ong|phan hoa|sap ong", Family("honey", PREPARED)),
    ("banh|keo|mut|che lam|o mai", Family("sweets", SWEET)),
    ("nuoc mam|mam|tuong|nuoc cham|giam", Family("fish-sauce", SAUCE)),
    ("(?<!ca )tra|hoa cuc|linh chi|dong trung|thao duoc|rau ma|che xanh", Family("tea", TEA)),
    ("nghe|gung|ot|hat tieu", Family("turmeric", SAUCE)),
    ("san day|bot|tinh bot|mien dong|bun|pho kho", Family("vegetables", PREPARED)),
    ("gao|lua|nep|ngo|dau tuong", Family("rice", GRAIN)),
    ("long nhan", Family("longan", PREPARED)),
    ("hat sen|cu sen|sen", Family("lotus-seed", PREPARED)),
    ("cha ca|cha tom|cha muc|ruoc|tom kho|tom non", Family("seafood", PREPARED)),
    ("gio ga|cha ga", Family("chicken", PREPARED)),
    ("gio|nem|lap xuong|cha", Family("meat", PREPARED)),
    ("nhan", Family("longan", FRESH)),
    ("vai", Family("lychee", FRESH)),
    ("cam|buoi|quyt|quat|chanh", Family("orange", FRESH)),
    ("trung", Family("eggs", MEAT_FISH)),
    ("ga", Family("chicken", MEAT_FISH)),
    ("vit", Family("duck", MEAT_FISH)),
    ("tom|cua|muc|ngao|ba ba|luon|ca", Family("seafood", MEAT_FISH)),
    ("thit|bo|lon", Family("meat", MEAT_FISH)),
)
_PATTERNS = tuple((re.compile(rf"\b(?:{words})\b"), family) for words, family in _RULES)
_BY_GROUP = {
    "do uong": Family("spirits", DRINK),
    "duoc lieu va san pham tu duoc lieu": Family("tea", TEA),
    "thu cong my nghe": Family("handicraft", CRAFT),
    "sinh vat canh": Family("plants", CRAFT, needs_lot=False),
}
_CLOTH = re.compile(r"\bvai\b")
# Fruit and vegetables without a drawing of their own, and whatever no rule knows.
_OTHER = Family("vegetables", FRESH)


def family_of(name: str, group: str | None = None) -> Family:
    """Illustration and shelf for a product name, with the OCOP group where words do not decide."""
    folded, by_group = fold(name), _BY_GROUP.get(fold(group or ""))
    if by_group and by_group.shelf == CRAFT and _CLOTH.search(folded):
        return Family("textile", CRAFT)  # vải is a lychee and a cloth
    for pattern, family in _PATTERNS:
        if pattern.search(folded):
            return family
    return by_group or _OTHER
