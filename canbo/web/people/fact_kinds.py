"""The kinds of facts in a file: under which subject each stands, how it is called, which fields are told beside it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register import models as register
from canbo.register.certificate_kinds import kinds as certificate_kinds
from canbo.register.models.people import ASSESSED
from canbo.register.qualifications import LEVELS
from canbo.register.refusals import field_label
from canbo.web.people.fact_labels import LABELS, SUBJECTS

Values = Mapping[str, Any]
"""The readable fields of a fact, by name; what refers to something holds its number."""
Place = Callable[[Any, date | None], str]
"""The name of a unit, by its number, on a day."""


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of facts. ``start`` is its first day or its only one; ``told`` are the fields beside the title."""

    model: type[models.Model]
    subject: str
    titled: Callable[[Values, Place], str]
    start: str = "valid_from"
    told: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None
    place: str = "unit"

    @property
    def key(self) -> str:
        """The name in addresses: ``post_held``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.model.__name__).lower()

    @property
    def is_period(self) -> bool:
        """Whether it holds from a day on; else it happened on one."""
        return self.start == "valid_from"


def subjects() -> Mapping[str, str]:
    """The subjects of a file in their order, in the language in force."""
    return {
        "posts": pick("Chức vụ và tập thể", "Posts and seats"),
        "service": pick("Quá trình công tác", "Service"),
        "party": pick("Đảng viên", "Party membership"),
        "qualifications": pick("Văn bằng, trình độ", "Qualifications"),
        "certificates": pick("Chứng chỉ", "Certificates"),
        "ranks": pick("Ngạch", "Ranks"),
        "training": pick("Đào tạo, bồi dưỡng", "Training"),
        "rotation": pick("Luân chuyển, điều động, biệt phái", "Rotation, transfer, secondment"),
        "evaluation": pick("Đánh giá, xếp loại", "Evaluation"),
        "merit": pick("Khen thưởng, kỷ luật", "Rewards and discipline"),
        "pool": pick("Quy hoạch", "Succession pool"),
        "relatives": pick("Quan hệ gia đình", "Relatives"),
    }


def coded(name: str, key: Any) -> str:
    """The label of a key in a code list; the key itself where the list does not have it."""
    codes = code_list(name)
    return codes[key].label if key in codes else str(key or "")


def level_words(values: Values) -> str:
    """The level of a qualification by the list of its kind."""
    names = LEVELS.get(str(values.get("kind")))
    return coded(names, values["level"]) if names else str(values["level"])


def certificate_words(values: Values) -> str:
    """“Ngoại ngữ Anh B1”."""
    known = certificate_kinds().get(str(values["kind"]))
    parts = (known.label if known else values["kind"], values.get("language"), values.get("level"))
    return " ".join(str(part) for part in parts if part)


def subject_words(key: str) -> str:
    """What is judged or stated of a person."""
    found = SUBJECTS.get(key)
    return pick(*found) if found else field_label(key)


def _post(values: Values, place: Place) -> str:
    name = str(values.get("post") or coded("post_kind", values.get("post_kind")))
    where = place(values["unit"], values.get("valid_from"))
    return name if where and where in name else f"{name}, {where}"


def _seat(values: Values, place: Place) -> str:
    where = place(values["unit"], values.get("valid_from"))
    return f"{coded('body', values['body'])}, {where} ({coded('body_role', values['role']).lower()})"


def _decision(values: Values, place: Place) -> str:
    what = coded("rank", values.get("rank")) or coded("post_kind", values.get("post_kind"))
    return f"{coded('appointment_kind', values['kind'])}{f': {what}' if what else ''}"


def _qualification(values: Values, place: Place) -> str:
    kind = "" if values["kind"] == "professional" else f"{coded('qualification_kind', values['kind'])}: "
    field = coded("field", values.get("field"))
    return f"{kind}{level_words(values)}{f', {field}' if field else ''}"


def _party(values: Values, place: Place) -> str:
    if "official_on" not in values:
        return pick("Đảng viên", "Party member")
    return pick("Đảng viên chính thức", "Official member") if values["official_on"] else pick(
        "Đảng viên dự bị hoặc chưa rõ ngày chính thức", "On probation, or day of official membership not known"
    )  # fmt: skip


def _rotation(values: Values, place: Place) -> str:
    day = values.get("valid_from")
    return (
        f"{coded('movement', values['movement'])}: {place(values['from_unit'], day)} → {place(values['to_unit'], day)}"
    )


def _pool(values: Values, place: Place) -> str:
    what = coded("post_kind", values.get("post_kind")) or coded("body", values.get("body"))
    return f"{what}, {place(values['unit'], values.get('valid_from'))} ({values['term']})"


def _evaluation(values: Values, place: Place) -> str:
    grade = coded("grade", values.get("grade")) or pick("chưa có mức", "no grade")
    return f"{values['period']}: {grade}"


def _training(values: Values, place: Place) -> str:
    field = coded("field", values.get("field"))
    return f"{coded('program', values['program'])}{f', {field}' if field else ''}"


def _rank(values: Values, place: Place) -> str:
    return f"{coded('rank', values['rank'])}{' ' + values['rank_code'] if values.get('rank_code') else ''}"


def _relative(values: Values, place: Place) -> str:
    if "relation" not in values:
        return pick("Người thân", "Relative")
    return f"{values['relation']}: {values['name'] or pick('có hồ sơ trong hệ thống', 'has a record here')}"


def _discipline(values: Values, place: Place) -> str:
    return str(values.get("form") or pick("Kỷ luật", "Disciplinary measure"))


def _standing(values: Values, place: Place) -> str:
    return pick("Trình độ theo nguồn", "Levels stated by a source")


def _assessment(values: Values, place: Place) -> str:
    met = pick("đạt", "met") if values["met"] else pick("chưa đạt", "not met")
    return f"{subject_words(values['subject'])}: {met}"


_R = register
_STATED_CODES = ("education", "medical_specialist", "political_theory", "state_management", "rank")
KINDS: tuple[Kind, ...] = (
    Kind(_R.PostHeld, "posts", _post, told=(
        "is_main", "is_acting", "is_head", "is_key_leader", "appointed_on", "term_ends_on", "stated_tier", "end_reason",
    ), codes={"post_kind": "post_kind", "stated_tier": "managed_by"}),
    Kind(_R.BodySeat, "posts", _seat, told=("mode", "end_reason"), codes={"body": "body", "role": "body_role"}),
    Kind(_R.AppointmentDecision, "posts", _decision, "decided_on", ("unit", "met_standards", "was_planned"), {
        "kind": "appointment_kind", "post_kind": "post_kind", "rank": "rank",
    }),
    Kind(_R.Employment, "service", lambda v, place: coded("staff_kind", v["staff_kind"]), told=(
        "unit", "recruited_on", "contract_kind", "high_quality_recruit", "retires_on", "exit_kind",
    ), codes={"staff_kind": "staff_kind", "exit_kind": "exit_kind"}),
    Kind(_R.Recruitment, "service", lambda v, place: coded("recruit_kind", v["kind"]), "recruited_on", (
        "unit", "staff_kind", "high_quality",
    ), {"kind": "recruit_kind", "staff_kind": "staff_kind"}),
    Kind(_R.Exit, "service", lambda v, place: coded("exit_kind", v["kind"]), "left_on", ("unit",), {
        "kind": "exit_kind",
    }),
    Kind(_R.PartyMembership, "party", _party, told=("admitted_on", "official_on", "card_number", "unit")),
    Kind(_R.Qualification, "qualifications", _qualification, "awarded_on", (
        "institution", "country", "mode", "number", "revoked_on", "verified_by",
    ), {
        "kind": "qualification_kind", "field": "field",
    }),
    Kind(_R.Standing, "qualifications", _standing, told=(*_STATED_CODES, *ASSESSED), codes={
        one: one for one in _STATED_CODES
    }),
    Kind(_R.Certificate, "certificates", lambda v, place: certificate_words(v), told=("number", "issuer")),
    Kind(_R.RankHeld, "ranks", _rank, codes={"rank": "rank"}),
    Kind(_R.Training, "training", _training, told=("result", "mode", "unit"), codes={
        "program": "program", "field": "field", "mode": "study_mode", "result": "training_result",
    }),
    Kind(_R.Rotation, "rotation", _rotation, told=(
        "kind", "from_post_kind", "to_post_kind", "expected_to",
    ), codes={
        "kind": "rotation_kind", "movement": "movement", "from_level": "level", "to_level": "level",
        "from_post_kind": "post_kind", "to_post_kind": "post_kind", "tier": "managed_by",
    }, place="to_unit"),
    Kind(_R.Evaluation, "evaluation", _evaluation, "evaluated_on", ("unit", "review_suggested", "products"), {
        "grade": "grade", "subject_kind": "subject_kind",
    }),
    Kind(_R.Assessment, "evaluation", _assessment, told=("level", "basis", "assessor", "rule_version")),
    Kind(_R.Reward, "merit", lambda v, place: str(v["form"]), "decided_on", ("authority", "reason")),
    Kind(_R.Discipline, "merit", _discipline, told=("authority", "reason")),
    Kind(_R.PoolEntry, "pool", _pool, told=("met_standards", "removed_why"), codes={
        "body": "body", "post_kind": "post_kind", "level": "level", "tier": "managed_by",
    }),
    Kind(_R.Relative, "relatives", _relative, told=("side", "birth_year", "home", "job", "address")),
)  # fmt: skip
"""In the order of the subjects."""


def kind_of(key: str) -> Kind | None:
    """The kind of a name in addresses."""
    return next((one for one in KINDS if one.key == key), None)


def label_of(kind: Kind, field: str) -> str:
    """What a field of a kind of facts is called."""
    if kind.model is register.Standing and field in SUBJECTS:
        return subject_words(field)
    special = LABELS.get(f"{kind.key}.{field}") or LABELS.get(field)
    return pick(*special) if special else field_label(field)


def say(kind: Kind, field: str, value: Any, place: Place, *, day: date | None = None) -> str:
    """The value of a field as it is read; empty where there is none."""
    if value is None or value == "":
        return ""
    if field in ("unit", "from_unit", "to_unit"):
        return place(value, day)
    if isinstance(value, bool):
        return pick("có", "yes") if value else pick("không", "no")
    if isinstance(value, date):
        return print_day(value - timedelta(days=1) if field == "valid_to" else value)
    if field == "side":
        return pick("bên vợ hoặc chồng", "spouse's side") if value == "spouse" else pick("bản thân", "own side")
    if field == "subject":
        return subject_words(value)
    return coded((kind.codes or {})[field], value) if field in (kind.codes or {}) else str(value)
