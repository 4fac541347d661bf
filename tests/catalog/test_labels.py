"""Label facts by kind of goods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Role
from builders import BY_NOBODY, TODAY, make_product, make_sku, make_user
from catalog import label_gaps, labels, products
from catalog.labels import FieldType
from catalog.models import Product
from support.browser import Browser

WINE = {
    "abv": {"value": "29,5"},
    "warning": {"vi": "Không dùng cho người dưới 18 tuổi.", "en": "Not for people under 18."},
}


def describe(session: Session, product: Product, kind: str, **facts: dict[str, str | None]) -> None:
    labels.describe(session, product, kind, facts, **BY_NOBODY)


def wine(session: Session) -> Product:
    product = make_product(session, name_vi="Rượu nếp", texts={"storage_vi": "Nơi mát"})
    make_sku(session, product=product)
    describe(session, product, "alcohol", **WINE)
    return product


def test_every_profile_names_known_facts_and_says_where_each_rule_stands() -> None:
    for profile in labels.profiles().values():
        keys = [item.field.key for item in profile.items]
        assert len(keys) == len(set(keys)) >= 5
        for item in profile.items:
            assert item.mark in {"R", "M", "own"}
            assert bool(item.source) == (item.mark != "own")


def test_a_choice_has_options_and_every_kind_of_goods_of_the_order_is_there() -> None:
    for field in labels.fields().values():
        assert bool(field.options) == (field.type in {FieldType.CHOICE, FieldType.YES_NO})
    assert len(labels.profiles()) == 13
    assert not labels.profiles()["tourism"].counted
    assert not labels.profiles()["plant"].needs_lot


def test_the_names_of_needed_facts_are_marked_for_translation() -> None:
    needed = {i.field.name_en for p in labels.profiles().values() for i in p.items if i.required}
    assert set(labels.REQUIRED_NAMES) == needed


def test_without_a_kind_of_goods_only_that_is_asked_for(session: Session) -> None:
    assert labels.missing(make_product(session, profile=None)) == ["kind of goods"]


def test_alcohol_needs_its_strength_before_it_is_published(session: Session) -> None:
    product = wine(session)
    assert labels.missing(product) == []
    describe(session, product, "alcohol", warning=WINE["warning"])
    with pytest.raises(products.NotPublishable) as refused:
        products.publish(session, product, day=TODAY, **BY_NOBODY)
    assert refused.value.detail == ["Ethanol content"]


def test_what_is_published_stays_so_and_is_listed(session: Session) -> None:
    product = wine(session)
    products.publish(session, product, day=TODAY, **BY_NOBODY)
    assert product not in [gap.product for gap in label_gaps.published(session, None)]
    describe(session, product, "alcohol", abv={"value": "30"})
    gaps = {gap.product.id: gap.missing for gap in label_gaps.published(session, None)}
    assert gaps[product.id] == ["Warning"]
    assert label_gaps.published(session, frozenset()) == []


def test_the_page_shows_the_facts_in_order_with_both_languages(session: Session) -> None:
    facts = labels.shown(wine(session))
    names = [fact.name_en for fact in facts]
    order = ["Address of the producer", "Origin", "Ethanol content", "Storage", "Warning"]
    assert names == [*order, "Shelf life"]
    strength = facts[2]
    assert (strength.value_vi, strength.value_en, strength.unit_en) == ("29,5", "29.5", "% vol")


def test_functional_food_says_that_it_is_no_medicine(session: Session) -> None:
    product = make_product(session)
    describe(session, product, "functional_food")
    said = labels.shown(product)[-1]
    assert said.name_vi is None
    assert said.value_vi.startswith("Thực phẩm này không phải là thuốc")


def test_changed_facts_are_audited_and_unchanged_ones_are_not(session: Session) -> None:
    product = wine(session)
    describe(session, product, "alcohol", **WINE)
    trail = session.scalars(select(AuditEntry).filter_by(action="product.label")).all()
    (entry,) = [e for e in trail if e.object_id == str(product.id)]
    assert entry.detail["before"]["profile"] == "fresh_produce"
    assert entry.detail["after"]["fact.abv"] == {"value": "29.5"}


def test_facts_of_another_kind_survive_a_change_of_mind(session: Session) -> None:
    product = wine(session)
    describe(session, product, "plant", species={"vi": "Quất"})
    assert not product.needs_lot
    describe(session, product, "alcohol", **WINE)
    assert product.facts["species"] == {"vi": "Quất"}
    assert product.needs_lot
    assert product.counted


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("alcohol", "abv", "strong"),
        ("alcohol", "abv", "101"),
        ("alcohol", "abv", "-1"),
        ("alcohol", "abv", "NaN"),
        ("alcohol", "abv", "1.2345"),
        ("plant", "light", "moon"),
        ("tea_herbal", "caffeine", "perhaps"),
    ],
)
def test_impossible_values_are_refused(session: Session, kind: str, field: str, value: str) -> None:
    with pytest.raises(labels.BadFact):
        describe(session, make_product(session), kind, **{field: {"value": value}})


def test_an_unknown_kind_is_refused(session: Session) -> None:
    with pytest.raises(labels.UnknownProfile):
        describe(session, make_product(session), "spaceship")


@given(st.text(max_size=30))
def test_any_number_is_kept_in_one_form_or_refused(text: str) -> None:
    profile = labels.profiles()["alcohol"]
    try:
        facts = labels.facts_of(profile, {"abv": {"value": text}})
    except labels.BadFact:
        return
    assert facts == {} or 0 < float(facts["abv"]["value"]) <= 100
    again = {key: dict(fact) for key, fact in facts.items()}
    assert labels.facts_of(profile, again) == facts


def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def test_staff_choose_a_kind_and_fill_its_facts(session: Session, visitor: Browser) -> None:
    product = wine(session)
    staff = officer(session, visitor)
    path = f"/quan-ly/san-pham/{product.id}/nhan"
    assert "abv-value" in staff.get(path).text
    plant = staff.get(f"{path}?kind=plant").text
    assert "species-vi" in plant
    assert "abv-value" not in plant
    data = {"species-vi": "Quất cảnh", "height-value": "120,5", "light-value": "sun"}
    assert staff.post(f"{path}?kind=plant", data).status_code == 303
    session.expire_all()
    kept = session.get_one(Product, product.id)
    assert kept.profile == "plant"
    assert kept.facts["height"] == {"value": "120.5"}


def test_a_bad_value_brings_the_form_back(session: Session, visitor: Browser) -> None:
    product = wine(session)
    staff = officer(session, visitor)
    path = f"/quan-ly/san-pham/{product.id}/nhan?kind=alcohol"
    assert staff.post(path, {"abv-value": "strong"}).status_code == 422
    assert staff.post(path.replace("alcohol", "x"), {}).status_code == 422


def test_the_product_page_says_what_the_label_says(session: Session, visitor: Browser) -> None:
    product = wine(session)
    products.publish(session, product, day=TODAY, **BY_NOBODY)
    session.commit()
    page = visitor.get(f"/san-pham/{product.slug}").text
    assert "29,5" in page
    assert '"additionalProperty"' in page
    assert "29.5" in visitor.get(f"/san-pham/{product.slug}?lang=en").text


def test_a_producer_sees_gaps_of_its_own_alone(session: Session, visitor: Browser) -> None:
    mine, other = wine(session), wine(session)
    for product in (mine, other):
        products.publish(session, product, day=TODAY, **BY_NOBODY)
        product.profile = None
    user = make_user(session, Role.PRODUCER, f"producer:{mine.producer_id}")
    session.commit()
    page = visitor.sign_in(user).get("/quan-ly/san-pham/thieu-nhan")
    assert str(mine.id) in page.text
    assert str(other.id) not in page.text
