"""Documents to choose from, as a form lists them."""

from canbo.register.models import Document

_MOST = 200


def documents_listed() -> list[tuple[int, str]]:
    """The documents issued last, with their number, issuer and day."""
    rows = Document.objects.filter(state="issued").exclude(issued_on=None).order_by("-issued_on", "-id")
    return [(one.pk, document_named(one)) for one in rows[:_MOST]]


def document_named(one: Document) -> str:
    """A document in a sentence."""
    day = f"{one.issued_on:%d/%m/%Y}" if one.issued_on else ""
    return ", ".join(part for part in (one.number or one.title, one.issuer, day) if part)
