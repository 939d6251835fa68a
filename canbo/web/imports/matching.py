"""What the officer says about sheets and columns, checked and kept in the draft."""

from collections.abc import Mapping
from datetime import date

from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary
from canbo.web.imports.drafts import Draft, changing
from canbo.web.imports.held_sheets import sheets_of
from canbo.web.imports.meanings import SheetMeaning, meanings


def begin(draft: Draft) -> bool:
    """Take sheets of other names for what they probably are; whether nothing has to be asked of the officer."""
    found = meanings(draft, sheets_of(draft))
    said = {one.dataset.name for one in found if one.dataset is not None}
    guessed = {one.sheet.name: one.suggested.name for one in found if one.suggested and one.suggested.name not in said}
    filled = [one for one in found if one.sheet.rows or one.dataset is not None]
    with changing(draft) as changed:
        changed.datasets.update(guessed)
        changed.is_matched = bool(filled) and not guessed and all(one.is_clear for one in filled)
    return draft.is_matched


def set_dataset(draft: Draft, sheet: SheetMeaning, name: str) -> None:
    """A sheet holds the dataset ("": is not used); its columns are to be matched anew."""
    if name and name not in dictionary():
        return
    with changing(draft) as changed:
        changed.columns.pop(sheet.sheet.name, None)
        said = sheet.said.name if sheet.said is not None else ""
        if name == said:
            changed.datasets.pop(sheet.sheet.name, None)
        else:
            changed.datasets[sheet.sheet.name] = name
        changed.is_matched = False


def set_columns(draft: Draft, given: Mapping[str, str], day: date | None) -> dict[str, str]:
    """Each column is what its field says; gives what is wrong by field, and then changes nothing."""
    found = [one for one in meanings(draft, sheets_of(draft)) if one.dataset is not None]
    faults: dict[str, str] = {}
    chosen: dict[str, dict[str, str]] = {}
    for meaning in found:
        told = _told(meaning, given)
        faults |= _doubled(meaning, told)
        if any((told.get(one.place) or None) != one.said for one in meaning.columns if one.head):
            chosen[meaning.sheet.name] = {str(place): name for place, name in told.items()}
    if not faults:
        with changing(draft) as changed:
            changed.columns = chosen
            changed.as_of = day.isoformat() if day else None
            changed.is_matched = True
    return faults


def _told(meaning: SheetMeaning, given: Mapping[str, str]) -> dict[int, str]:
    known = {name for name, _ in meaning.options}
    told = {}
    for one in meaning.columns:
        name = given.get(field_of(meaning, one.place), one.used or "")
        if one.head:
            told[one.place] = name if name in known else ""
    return told


def _doubled(meaning: SheetMeaning, told: Mapping[int, str]) -> dict[str, str]:
    faults: dict[str, str] = {}
    first: dict[str, int] = {}
    heads = {one.place: one.head for one in meaning.columns}
    for place, name in told.items():
        if name and name in first:
            faults[field_of(meaning, place)] = pick(
                f"Cột “{heads[first[name]]}” đã là “{meaning.head_of(name)}”. Chọn loại khác, hoặc không dùng cột này.",
                f"“{heads[first[name]]}” is “{meaning.head_of(name)}” already. Choose another, or do not use it.",
            )
        first.setdefault(name, place)
    return faults


def field_of(meaning: SheetMeaning, place: int) -> str:
    """The name of the field for a column."""
    return f"column-{meaning.sheet.number}-{place}"
