"""Documents: identity by number, kind, issuer and day; the way from draft to withdrawal; secrecy."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register import documents
from canbo.register.document_states import covering, in_force, standing_on, state_on
from canbo.register.document_tree import relate
from canbo.register.models import Document
from tests.register.documents.conftest import AT, Enter

pytestmark = pytest.mark.django_db
D = date


def test_two_schemes_08_of_different_days_coexist_and_are_both_found(enter: Enter) -> None:
    old = enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    new = enter("8-DA/TU", "Đề án", D(2021, 7, 15))
    assert new.number == "08-ĐA/TU"
    assert list(documents.find("08-ĐA/TU")) == [new, old]
    assert list(documents.find("8-ĐA/TU", issued_on=D(2017, 9, 15))) == [old]
    assert documents.cited(old) == "Đề án số 08-ĐA/TU ngày 15/09/2017 của Ban Thường vụ Tỉnh ủy"


def test_a_duplicate_of_all_four_is_refused_in_words_and_writes_nothing(enter: Enter) -> None:
    enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    before = Entry.objects.count()
    with pytest.raises(Refused, match="Đã có “Đề án số 08-ĐA/TU ngày 15/09/2017"):
        enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    assert (Document.objects.count(), Entry.objects.count()) == (1, before)
    enter("08-ĐA/TU", "scheme", D(2017, 9, 15), issuer="Tỉnh ủy")


@pytest.mark.parametrize(
    ("number", "kind", "more", "says"),
    [
        ("08-ĐA/TU", "scheme", {}, "thiếu ngày ban hành"),
        ("128-KL/TU", "resolution", {"issued_on": D(2021, 9, 30)}, "là của loại “Kết luận”"),
        ("114-QĐ/TU", "Quy định", {"issued_on": D(2023, 7, 11), "issuer": "Bộ Chính trị"}, "cơ quan Trung ương"),
        ("05-ĐA/TU", "đề ạn", {"issued_on": D(2022, 1, 1)}, "Có phải “Đề án” không"),
        ("05-ĐA/TU", "scheme", {"issued_on": D(2022, 6, 1), "effective_from": D(2022, 5, 1)}, "trước ngày ban hành"),
        ("05-ĐA/TU", "scheme", {"issued_on": D(2022, 6, 1), "effective_to": D(2022, 5, 1)}, "trước ngày có hiệu lực"),
        (
            "05-ĐA/TU",
            "scheme",
            {"issued_on": D(2022, 6, 1), "subject_from": D(2025, 1, 1), "subject_to": D(2021, 1, 1)},
            "trước ngày đầu",
        ),
        ("05-ĐA/TU", "scheme", {"issued_on": D(2022, 6, 1), "secrecy": "hidden"}, "độ mật"),
    ],
)
def test_what_cannot_be_is_refused(enter: Enter, number: str, kind: str, more: dict[str, object], says: str) -> None:
    with pytest.raises(Refused, match=says):
        enter(number, kind, **more)
    assert not Document.objects.exists()
    assert not Entry.objects.exists()


def test_the_level_of_the_issuer_follows_from_number_and_name(enter: Enter) -> None:
    central = enter("114-QĐ/TW", "regulation", D(2023, 7, 11), issuer="Bộ Chính trị")
    provincial = enter("15/QĐ-UBND", "decision", D(2023, 7, 12), issuer="UBND tỉnh")
    district = enter("16/QĐ-UBND", "decision", D(2023, 7, 12), issuer="UBND huyện Phú Bình", issuer_level="district")
    assert [d.issuer_level for d in (central, provincial, district)] == ["central", "province", "district"]


def test_a_central_number_entered_as_a_provincial_one_is_flagged(enter: Enter) -> None:
    enter("114-QĐ/TW", "regulation", D(2023, 7, 11), issuer="Bộ Chính trị")
    wrong = enter("114-QĐ/TU", "regulation", D(2023, 7, 11))
    assert [finding.code for finding in documents.findings(wrong)] == ["document_twin"]


def test_draft_submitted_issued_in_force_expired_on_any_day(enter: Enter) -> None:
    scheme = documents.register(kind="scheme", issuer="Tỉnh ủy", title="Đề án", by="lan", draft=True,
                                at=datetime(2022, 3, 1, 2, tzinfo=UTC))  # fmt: skip
    documents.submit(scheme, by="lan", at=datetime(2022, 4, 10, 2, tzinfo=UTC))
    documents.issue(scheme, number="05-ĐA/TU", issued_on=D(2022, 5, 20), effective_from=D(2022, 6, 1), by="lan",
                    at=datetime(2022, 5, 21, 2, tzinfo=UTC))  # fmt: skip
    documents.expire(scheme, on=D(2026, 1, 1), by="lan", at=datetime(2025, 12, 1, tzinfo=UTC))
    days = [
        (D(2022, 2, 28), None),
        (D(2022, 3, 1), "draft"),
        (D(2022, 4, 9), "draft"),
        (D(2022, 4, 10), "submitted"),
        (D(2022, 5, 19), "submitted"),
        (D(2022, 5, 20), "issued"),
        (D(2022, 5, 31), "issued"),
        (D(2022, 6, 1), "in_force"),
        (D(2025, 12, 31), "in_force"),
        (D(2026, 1, 1), "expired"),
    ]
    assert [state_on(scheme, day) for day, _ in days] == [state for _, state in days]


def test_amended_then_replaced_from_the_day_that_the_later_ones_come_into_force(enter: Enter) -> None:
    rule = enter("01-QĐ/TU", "regulation", D(2018, 1, 10))
    amending = enter("09-QĐ/TU", "regulation", D(2020, 3, 1))
    replacing = enter("20-QĐ/TU", "regulation", D(2022, 8, 1), effective_from=D(2022, 9, 1))
    relate(amending, rule, "amends", affects="Điều 3", by="lan", at=AT)
    relate(replacing, rule, "replaces", by="lan", at=AT)
    assert [state_on(rule, d) for d in (D(2020, 2, 29), D(2020, 3, 1), D(2022, 8, 31), D(2022, 9, 1))] == [
        "in_force", "amended", "amended", "replaced",
    ]  # fmt: skip
    standing = standing_on(rule, D(2024, 1, 1))
    assert standing is not None
    assert (standing.by, standing.since) == (replacing, D(2022, 9, 1))
    assert in_force(D(2022, 8, 31)) == [rule, amending]
    assert in_force(D(2022, 9, 1)) == [amending, replacing]


def test_a_withdrawn_document_stays_readable_and_an_issued_one_is_not_issued_again(enter: Enter) -> None:
    plan = enter("95-KH/TU", "plan", D(2018, 8, 13))
    documents.withdraw(plan, on=D(2019, 1, 1), by="lan", at=AT)
    assert (state_on(plan, D(2018, 12, 31)), state_on(plan, D(2019, 1, 1))) == ("in_force", "withdrawn")
    with pytest.raises(Refused, match="Đã thu hồi"):
        documents.issue(plan, number="96-KH/TU", issued_on=D(2019, 2, 1), by="lan", at=AT)
    assert Document.objects.get(id=plan.id).number == "95-KH/TU"


def test_a_replacement_taken_back_before_it_came_into_force_replaces_nothing(enter: Enter) -> None:
    rule = enter("01-QĐ/TU", "regulation", D(2018, 1, 10))
    replacing = enter("20-QĐ/TU", "regulation", D(2022, 8, 1), effective_from=D(2022, 9, 1))
    relate(replacing, rule, "replaces", by="lan", at=AT)
    documents.correct(replacing, effective_from=D(2022, 8, 1), by="lan", at=AT)
    assert state_on(rule, D(2022, 8, 1)) == "replaced"
    documents.withdraw(replacing, on=D(2022, 8, 1), by="lan", at=AT)
    assert state_on(rule, D(2022, 10, 1)) == "in_force"


def test_a_correction_refused_leaves_the_document_as_it_was(enter: Enter) -> None:
    plan = enter("95-KH/TU", "plan", D(2018, 8, 13), effective_from=D(2018, 9, 1))
    with pytest.raises(Refused, match="trước ngày ban hành"):
        documents.correct(plan, effective_from=D(2018, 8, 1), by="lan", at=AT)
    assert plan.effective_from == Document.objects.get(id=plan.id).effective_from == D(2018, 9, 1)


def test_schemes_for_a_day_by_their_subject_period_both_days_included(enter: Enter) -> None:
    first = enter("01-ĐA/TU", "scheme", D(2021, 9, 29), subject_from=D(2021, 1, 1), subject_to=D(2025, 12, 31))
    second = enter("15-ĐA/TU", "scheme", D(2023, 1, 6), subject_from=D(2023, 1, 1), subject_to=D(2030, 12, 31))
    assert covering(D(2021, 9, 28)) == []
    assert covering(D(2021, 9, 29)) == [first]
    assert covering(D(2025, 12, 31)) == [first, second]
    assert covering(D(2026, 1, 1)) == [second]


@pytest.mark.parametrize(
    ("secrecy", "highest", "may"),
    [
        ("normal", "normal", True),
        ("confidential", "normal", False),
        ("secret", "secret", True),
        ("top_secret", "secret", False),
        ("confidential", "top_secret", True),
    ],
)
def test_documents_are_read_up_to_the_level(enter: Enter, secrecy: str, highest: str, may: bool) -> None:
    plan = enter("95-KH/TU", "plan", D(2018, 8, 13), secrecy=secrecy)
    assert documents.readable(plan, highest) is may
    assert documents.readable_among(Document.objects.all(), highest).exists() is may


def test_a_correction_is_checked_like_a_new_document(enter: Enter) -> None:
    enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    plan = enter("95-KH/TU", "plan", D(2018, 8, 13))
    wrong: list[tuple[dict[str, object], str]] = [
        ({"number": "95-KL/TU"}, "là của loại “Kết luận”"),
        ({"kind": "Nghị quyết"}, "là của loại “Kế hoạch”"),
        ({"number": "95-KH/TW"}, "là của cơ quan Trung ương"),
        ({"number": "08-ĐA/TU", "kind": "scheme", "issued_on": D(2017, 9, 15)}, "Đã có"),
    ]
    for fields, says in wrong:
        with pytest.raises(Refused, match=says):
            documents.correct(plan, by="lan", at=AT, **fields)
    documents.correct(plan, number="8-DA/TU", kind="Đề án", by="lan", at=AT)
    assert (plan.number, plan.kind) == ("08-ĐA/TU", "scheme")


def test_replaced_before_it_expired_stays_replaced(enter: Enter) -> None:
    rule = enter("01-QĐ/TU", "regulation", D(2018, 1, 10), effective_to=D(2024, 1, 1))
    relate(enter("20-QĐ/TU", "regulation", D(2022, 9, 1)), rule, "replaces", by="lan", at=AT)
    relate(enter("30-QĐ/TU", "regulation", D(2024, 9, 1)), rule, "replaces", by="lan", at=AT)
    assert state_on(rule, D(2025, 1, 1)) == "replaced"
    other = enter("02-QĐ/TU", "regulation", D(2018, 1, 10), effective_to=D(2024, 1, 1))
    relate(enter("31-QĐ/TU", "regulation", D(2024, 9, 1)), other, "replaces", by="lan", at=AT)
    assert (state_on(other, D(2023, 12, 31)), state_on(other, D(2025, 1, 1))) == ("in_force", "expired")


def test_what_is_in_force_takes_as_many_statements_for_one_document_as_for_many(
    enter: Enter, django_assert_num_queries: Any
) -> None:
    for number in range(1, 30):
        enter(f"{number}-QĐ/TU", "regulation", D(2018, 1, 10))
    with django_assert_num_queries(2):
        assert len(in_force(D(2020, 1, 1))) == 29


def test_the_register_by_kind_level_day_and_text_up_to_the_level_of_secrecy(enter: Enter) -> None:
    central = enter("26-NQ/TW", "resolution", D(2018, 5, 19), issuer="Ban Chấp hành Trung ương")
    plan = enter("95-KH/TU", "plan", D(2018, 8, 13), title="Thực hiện Nghị quyết 26")
    hidden = enter("96-KH/TU", "plan", D(2018, 9, 1), secrecy="secret")
    assert list(documents.listed()) == [plan, central]
    assert list(documents.listed(highest="secret")) == [hidden, plan, central]
    assert list(documents.listed(kind="Kế hoạch")) == [plan]
    assert list(documents.listed(issuer_level="central")) == [central]
    assert list(documents.listed(issued_from=D(2018, 5, 19), issued_to=D(2018, 5, 19))) == [central]
    assert list(documents.listed(text="NGHỊ QUYẾT")) == [plan]
    assert list(documents.listed(text="26")) == [plan, central]


def test_two_who_enter_one_document_at_once_are_told_by_the_database(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    monkeypatch.setattr(documents, "_require_new", lambda document: None)
    with pytest.raises(Refused):
        enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    assert Document.objects.count() == 1
