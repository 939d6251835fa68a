"""Numbers of documents: forms of the Party and of the State, kind and issuer that fit or do not."""

import pytest

from canbo.register import numbering

READ = [
    ("05-QĐ/TU", "05-QĐ/TU", "party", "Số 05-QĐ/TU"),
    ("Số 05-QĐ/TU", "05-QĐ/TU", "party", "Số 05-QĐ/TU"),
    ("8-ĐA/TU", "08-ĐA/TU", "party", "Số 08-ĐA/TU"),
    ("08-DA/TU", "08-ĐA/TU", "party", "Số 08-ĐA/TU"),
    ("114-QĐ/TƯ", "114-QĐ/TW", "party", "Số 114-QĐ/TW"),
    ("12-ctr/TU", "12-CTr/TU", "party", "Số 12-CTr/TU"),
    ("Số: 15/QĐ-UBND", "15/QĐ-UBND", "state", "Số: 15/QĐ-UBND"),
    ("30/2020/NĐ-CP", "30/2020/NĐ-CP", "state", "Số: 30/2020/NĐ-CP"),
    ("202/2025/QH15", "202/2025/QH15", "assembly", "Số: 202/2025/QH15"),
    ("25-HD/BTCTW", "25-HD/BTCTW", "party", "Số 25-HD/BTCTW"),
]


@pytest.mark.parametrize(("text", "number", "family", "written"), READ)
def test_numbers_are_read_and_written_as_officials_do(text: str, number: str, family: str, written: str) -> None:
    found = numbering.parse(text)
    assert found is not None
    assert (str(found), found.family, found.written) == (number, family, written)


@pytest.mark.parametrize("text", ["Đề án 08", "08", "QĐ/TU", "", "15:QĐ-UBND"])
def test_what_follows_no_form_is_not_read(text: str) -> None:
    assert numbering.parse(text) is None


FITS = [  # number, kind, issuer, level stated, codes of the findings
    ("08-ĐA/TU", "scheme", "Ban Thường vụ Tỉnh ủy", None, []),
    ("128-KL/TU", "conclusion", "Ban Thường vụ Tỉnh ủy", "province", []),
    ("128-KL/TU", "resolution", "Ban Thường vụ Tỉnh ủy", None, ["document_kind_and_number"]),
    ("114-QĐ/TW", "regulation", "Bộ Chính trị", None, []),
    ("114-QĐ/TW", "decision", "Bộ Chính trị", None, []),
    ("114-QĐ/TU", "regulation", "Bộ Chính trị", None, ["document_issuer_level"]),
    ("114-QĐ/TW", "regulation", "Ban Thường vụ Tỉnh ủy", None, ["document_issuer_level"]),
    ("114-QĐ/TU", "regulation", "BTV", "central", ["document_issuer_level"]),
    ("15/QĐ-UBND", "decision", "UBND huyện Phú Bình", "district", []),
    ("15/QĐ-UBND", "decision", "UBND tỉnh", "province", []),
    ("202/2025/QH15", "resolution", "Quốc hội", None, []),
    ("202/2025/QH15", "plan", "Quốc hội", None, ["document_kind_and_number"]),
    ("123/UBND-NC", "letter", "UBND tỉnh", None, []),
    ("05-XY/TU", "plan", "Tỉnh ủy", None, ["document_symbol_unknown"]),
    ("không rõ", "plan", "Tỉnh ủy", None, ["document_number_form"]),
    ("", "plan", "Tỉnh ủy", None, []),
]


@pytest.mark.parametrize(("text", "kind", "issuer", "level", "codes"), FITS)
def test_number_kind_and_issuer_fit_or_are_found(
    text: str, kind: str, issuer: str, level: str | None, codes: list[str]
) -> None:
    found = numbering.faults(numbering.parse(text), text=text, kind=kind, issuer=issuer, level=level)
    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Nghị quyết", "resolution"), ("QĐ", "decision"), ("quy định", "regulation"), ("ĐA", "scheme"), ("thơ", None)],
)
def test_kinds_are_known_by_name_and_symbol(text: str, kind: str | None) -> None:
    assert numbering.kind_of(text) == kind
