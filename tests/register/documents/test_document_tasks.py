"""Tasks with deadlines and periodic reviews: what is late on a day, what a review led to."""

from datetime import date

import pytest

from canbo.common.findings import Refused
from canbo.register import document_tasks as tasks
from canbo.register.document_tree import relate
from canbo.register.models import DocumentTask, Unit
from tests.register.documents.conftest import AT, Enter

pytestmark = pytest.mark.django_db
D = date


def test_the_overdue_list_of_a_day(enter: Enter) -> None:
    programme = enter("12-CTr/TU", "programme", D(2016, 5, 9))
    one, other = Unit.objects.create(code="HA"), Unit.objects.create(code="BL")
    late = tasks.give_task(programme, text="Báo cáo", lead=one, due=D(2016, 6, 30), by="lan", at=AT)
    done = tasks.give_task(programme, text="Kế hoạch", lead=other, due=D(2016, 6, 30), by="lan", at=AT)
    free = tasks.give_task(programme, text="Tuyên truyền", lead=other, by="lan", at=AT)
    tasks.finish_task(done, on=D(2016, 7, 5), result="03-KH/HU", by="lan", at=AT)
    assert tasks.overdue_tasks(D(2016, 6, 30)) == []
    assert [(o.item, o.days) for o in tasks.overdue_tasks(D(2016, 7, 4))] == [(late, 4), (done, 4)]
    assert [(o.item, o.days) for o in tasks.overdue_tasks(D(2016, 7, 10))] == [(late, 10)]
    assert tasks.overdue_tasks(D(2016, 7, 10), units=[other]) == []
    assert [tasks.status_on(t, D(2016, 7, 10)) for t in (late, done, free)] == ["overdue", "done_late", "open"]


def test_a_task_without_text_before_its_document_or_done_twice_is_refused(enter: Enter) -> None:
    programme, unit = enter("12-CTr/TU", "programme", D(2016, 5, 9)), Unit.objects.create(code="HA")
    with pytest.raises(Refused, match="chưa có nội dung"):
        tasks.give_task(programme, text=" ", lead=unit, by="lan", at=AT)
    with pytest.raises(Refused, match="trước ngày ban hành"):
        tasks.give_task(programme, text="Báo cáo", lead=unit, due=D(2016, 5, 8), by="lan", at=AT)
    assert not DocumentTask.objects.exists()
    task = tasks.give_task(programme, text="Báo cáo", lead=unit, by="lan", at=AT)
    tasks.finish_task(task, on=D(2016, 6, 1), by="lan", at=AT)
    with pytest.raises(Refused, match="01/06/2016"):
        tasks.finish_task(task, on=D(2016, 7, 1), by="lan", at=AT)


def test_a_review_is_due_comes_to_a_result_and_plans_the_next(enter: Enter) -> None:
    rule = enter("01-QĐ/TU", "regulation", D(2018, 1, 10))
    review = tasks.plan_review(rule, due=D(2020, 1, 10), owner="Ban Tổ chức", by="lan", at=AT)
    assert rule.review_due == D(2020, 1, 10)
    assert [(o.item, o.days) for o in tasks.overdue_reviews(D(2020, 1, 15))] == [(review, 5)]
    with pytest.raises(Refused, match="chọn giữ nguyên"):
        tasks.finish_review(review, on=D(2020, 1, 20), result="good", by="lan", at=AT)
    following = tasks.finish_review(
        review, on=D(2020, 1, 20), result="adjust", next_due=D(2022, 1, 10), by="lan", at=AT
    )
    assert following is not None
    assert rule.review_due == D(2022, 1, 10)
    assert tasks.overdue_reviews(D(2020, 2, 1)) == []
    assert tasks.reviewed_without_action(D(2020, 2, 29)) == [review]
    amending = enter("09-QĐ/TU", "regulation", D(2020, 3, 1))
    relate(amending, rule, "amends", by="lan", at=AT)
    assert tasks.reviewed_without_action(D(2020, 3, 1)) == []
    assert tasks.reviewed_without_action(D(2020, 2, 29)) == [review]
    with pytest.raises(Refused, match="đã xong"):
        tasks.finish_review(review, on=D(2020, 1, 21), result="keep", by="lan", at=AT)
