"""Policies for everyone and for staff: samples first, versions afterwards, nothing changed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.content import samples
from app.content.models import PolicyKind
from app.content.samples import SLUGS
from builders import TODAY, make_user
from pos.aftersales import rules
from support.browser import Browser


@pytest.mark.parametrize("slug", SLUGS.values())
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_policy_has_a_sample_that_says_so(visitor: Browser, slug: str, language: str) -> None:
    page = visitor.get(f"/chinh-sach/{slug}?lang={language}").text
    assert ("Bản mẫu" if language == "vi" else "Sample") in page
    assert "{" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_samples_name_what_is_set() -> None:
    names = samples.Names("HTX A", "0912", "30.000 ₫", "500.000 ₫", 7, 3, 2)
    for kind in PolicyKind:
        for language in ("vi", "en"):
            assert samples.sample(kind, language, names).strip()
    assert "30.000 ₫" in samples.sample(PolicyKind.DELIVERY, "vi", names)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_returns_policy_names_the_days_that_the_shop_goes_by(
    visitor: Browser, language: str
) -> None:
    page = visitor.get(f"/chinh-sach/doi-tra?lang={language}").text
    known = json.loads(rules.SOURCE.read_text(encoding="utf-8"))
    day, working = ("ngày", "ngày làm việc") if language == "vi" else ("days", "working days")
    for told in (
        f"{known['fault_days']} {day}",
        f"{known['changed_mind_days']} {day}",
        f"{known['answer_working_days']} {working}",
    ):
        assert told in page, told


def publish(visitor: Browser, day: object, body: str) -> int:
    form = {"valid_from": str(day), "body_vi": body, "change_vi": "Thêm mục 2"}
    return visitor.post("/quan-ly/chinh-sach/doi-tra", form).status_code


def test_a_published_version_replaces_the_sample_and_stays_readable(
    session: Session, visitor: Browser
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    assert publish(visitor, TODAY, "Đổi trong 7 ngày") == 303
    assert publish(visitor, TODAY + timedelta(days=9), "Đổi trong 9 ngày") == 303
    now = visitor.get("/chinh-sach/doi-tra").text
    assert "Đổi trong 7 ngày" in now
    assert "Bản mẫu" not in now
    assert "đến 02/12/2026" in now
    later = visitor.get("/chinh-sach/doi-tra/2").text
    assert "Đổi trong 9 ngày" in later
    assert 'content="noindex"' in later


@pytest.mark.parametrize(
    ("days", "body"), [(-1, "Lùi ngày"), (0, ""), (0, "Chữa bệnh dứt điểm"), (0, "   ")]
)
def test_what_cannot_be_published_is_answered_in_words(
    session: Session, visitor: Browser, days: int, body: str
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    assert publish(visitor, TODAY + timedelta(days=days), body) == 422
    assert "Bản mẫu" in visitor.get("/chinh-sach/doi-tra").text


@pytest.mark.parametrize("path", ["/chinh-sach/x", "/chinh-sach/doi-tra/9"])
def test_what_does_not_exist_is_not_found(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_footer_leads_to_all_of_them(visitor: Browser) -> None:
    page = visitor.get("/").text
    assert all(f'href="/chinh-sach/{slug}"' in page for slug in SLUGS.values())
