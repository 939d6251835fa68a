"""What rests on what: no circle, the way up and down, outdated bases, who has not issued theirs, rules made."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from canbo.common.findings import Refused
from canbo.register import document_tree as tree
from canbo.register.models import (
    DelegationRule,
    Document,
    DocumentRelation,
    DocumentTask,
    JobPosition,
    Title,
    TitleStandard,
    Unit,
)
from tests.register.documents.conftest import AT, Enter

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def chain(enter: Enter) -> list[Document]:
    """A central resolution, the programme that carries it out, a scheme detailing that, a plan detailing the scheme."""
    congress = enter("", "resolution", D(2016, 1, 28), issuer="Đại hội đại biểu toàn quốc", title="Nghị quyết Đại hội")
    programme = enter("12-CTr/TU", "programme", D(2016, 5, 9), issuer="Tỉnh ủy")
    scheme = enter("08-ĐA/TU", "scheme", D(2017, 9, 15))
    plan = enter("03-KH/HU", "plan", D(2018, 2, 1), issuer="Huyện ủy Hòa An")
    tree.relate(programme, congress, "carries_out", by="lan", at=AT)
    tree.relate(scheme, programme, "details", by="lan", at=AT)
    tree.relate(plan, scheme, "details", by="lan", at=AT)
    return [congress, programme, scheme, plan]


def test_up_and_down_with_the_number_of_steps(chain: list[Document]) -> None:
    congress, programme, scheme, plan = chain
    assert [(s.document, s.kind, s.depth) for s in tree.above(plan)] == [
        (scheme, "details", 1),
        (programme, "details", 2),
        (congress, "carries_out", 3),
    ]
    assert [(s.document, s.depth) for s in tree.below(congress)] == [(programme, 1), (scheme, 2), (plan, 3)]


def test_no_circle_not_itself_not_the_earlier_on_the_later_not_twice(enter: Enter, chain: list[Document]) -> None:
    programme, scheme = chain[1], chain[2]
    same_day = enter("09-ĐA/TU", "scheme", D(2017, 9, 15))
    tree.relate(same_day, scheme, "basis", by="lan", at=AT)
    refused = [
        (scheme, scheme, "basis", "chính nó"),
        (programme, scheme, "basis", "ban hành trước"),
        (scheme, same_day, "amends", "Tạo thành vòng"),
        (same_day, scheme, "basis", "đã được ghi"),
        (same_day, scheme, "likes", "Không có quan hệ"),
    ]
    for source, target, kind, says in refused:
        with pytest.raises(Refused, match=says):
            tree.relate(source, target, kind, by="lan", at=AT)
    assert DocumentRelation.objects.count() == 4


def test_the_database_too_refuses_a_document_on_itself(chain: list[Document]) -> None:
    with pytest.raises(IntegrityError, match="relation_not_itself"), transaction.atomic():
        DocumentRelation.objects.create(source=chain[0], target=chain[0], kind="replaces")


def test_documents_resting_on_a_replaced_one_with_what_stands_instead(enter: Enter, chain: list[Document]) -> None:
    scheme, plan = chain[2], chain[3]
    newer = enter("08-ĐA/TU", "scheme", D(2021, 7, 15))
    tree.relate(newer, scheme, "replaces", by="lan", at=AT)
    assert tree.outdated(D(2021, 7, 14)) == []
    (found,) = tree.outdated(D(2021, 7, 15))
    assert (found.document, found.rests_on, found.state, found.instead) == (plan, scheme, "replaced", newer)


def test_the_tree_of_a_programme_and_the_units_that_have_not_issued_theirs(enter: Enter, chain: list[Document]) -> None:
    programme, plan = chain[1], chain[3]
    branch = tree.concretising(programme)
    assert branch.children[0].document == chain[2]
    assert branch.children[0].children[0].document == plan
    units = [Unit.objects.create(code=code) for code in ("HA", "BL", "TA")]
    Document.objects.filter(id=plan.id).update(issuer_unit=units[0])
    assert [u.code for u in tree.not_issued(programme, D(2018, 2, 1), units)] == ["BL", "TA"]
    assert [u.code for u in tree.not_issued(programme, D(2018, 1, 31), units)] == ["BL", "HA", "TA"]
    for unit in units[:2]:
        DocumentTask.objects.create(document=programme, text="Ban hành kế hoạch", lead=unit)
    assert [u.code for u in tree.not_issued(programme, D(2018, 2, 1))] == ["BL"]


def test_an_amendment_shows_the_rule_versions_made_from_it_and_rules_without_document(enter: Enter) -> None:
    old, new = enter("01-QĐ/TU", "regulation", D(2018, 1, 10)), enter("09-QĐ/TU", "regulation", D(2020, 3, 1))
    relation = tree.relate(new, old, "amends", affects="phân cấp quản lý cán bộ", by="lan", at=AT)
    assert tree.amendments_without_rules() == [relation]
    rule = DelegationRule.objects.create(tier="provincial_committee", valid_from=D(2020, 3, 1), document=new)
    title = Title.objects.create(code="GD", name="Giám đốc sở", post_kind="agency_head")
    standard = TitleStandard.objects.create(title=title, requirements={}, valid_from=D(2020, 3, 1), document=new)
    bare = JobPosition.objects.create(unit=Unit.objects.create(code="S"), name="Chuyên viên", valid_from=D(2020, 1, 1))
    assert tree.rule_versions(new) == [rule, standard]
    assert tree.amendments_without_rules() == []
    assert tree.rules_without_document() == [bare]
