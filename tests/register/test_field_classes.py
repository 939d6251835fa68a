"""Every field of every kept model has one class, so that nothing is shown because nobody thought of it."""

import pytest
from django.apps import apps
from django.db import models

from canbo.accounts.permissions import FIELD_CLASSES
from canbo.register.models import Person, PostHeld, Relative
from canbo.register.scoping import readable_fields

OURS = [
    model
    for label in ("register", "accounts", "snapshot", "web")
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.endswith("Event") and not model._meta.auto_created
]


def _faults(model: type[models.Model]) -> list[str]:
    """What is wrong with a model's ``classes``."""
    declared: dict[str, str] = getattr(model, "classes", {})
    named = [name for names in declared.values() for name in names.split()]
    fields = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    return [
        *(f"unknown class {key}" for key in sorted(set(declared) - set(FIELD_CLASSES))),
        *(f"unclassified {name}" for name in sorted(fields - set(named))),
        *(f"classified twice {name}" for name in sorted({name for name in named if named.count(name) > 1})),
        *(f"no such field {name}" for name in sorted(set(named) - fields)),
    ]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_exactly_one_class(model: type[models.Model]) -> None:
    assert _faults(model) == []


def test_all_models_of_the_register_are_looked_at() -> None:
    assert {Person, PostHeld, Relative} <= set(OURS)


class _Unclassified:
    """A model with each fault once."""

    classes = {"public": "id code", "internal": "code gone", "secret": "name"}

    class _meta:
        concrete_fields = [models.IntegerField(name=name) for name in ("id", "code", "name", "salary")]
        many_to_many: list[models.Field] = []


def test_the_check_finds_each_fault() -> None:
    assert _faults(_Unclassified) == [  # type: ignore[arg-type]
        "unknown class secret",
        "unclassified salary",
        "classified twice code",
        "no such field gone",
    ]


@pytest.mark.parametrize(
    ("field_class", "readable", "hidden"),
    [
        ("public", {"id", "code"}, {"full_name", "birth_date", "national_id", "ethnicity"}),
        ("internal", {"id", "code", "full_name", "birth_date"}, {"national_id", "ethnicity", "health", "address"}),
        ("sensitive", {"id", "code", "full_name", "national_id", "ethnicity", "health", "address"}, set()),
    ],
)
def test_each_class_reads_those_before_it(field_class: str, readable: set[str], hidden: set[str]) -> None:
    fields = set(readable_fields(Person, field_class))
    assert readable <= fields
    assert not hidden & fields


def test_a_field_without_class_is_never_readable() -> None:
    class Open(models.Model):
        classes = {"public": "id"}
        forgotten = models.TextField()

        class Meta:
            app_label = "tests"

    with pytest.raises(LookupError):
        readable_fields(Open, "public")
