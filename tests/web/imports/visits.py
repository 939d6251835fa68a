"""An account that works on the import's pages: signed in, sending files, reading fields as a browser would."""

import html
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canbo.accounts import sign_ins
from canbo.accounts.models import Mandate, User


class Visit:
    """A browser without script, of one account."""

    def __init__(self, name: str, role: str, *, unit: str = "") -> None:
        self.user = User.objects.create(username=name)
        Mandate.objects.create(user=self.user, role=role, unit_code=unit, tiers=None, valid_from=date(2020, 1, 1))
        if not Authenticator.objects.filter(user=self.user).exists():
            TOTP.activate(self.user, generate_totp_secret())
        self.client = Client()
        self.client.force_login(self.user, backend="canbo.accounts.sign_ins.Backend")
        session = self.client.session
        session[sign_ins.BEGAN] = time.time()
        session.save()
        self.draft = ""

    def send(self, path: Path, *, name: str = "Sổ cơ quan.xlsx", as_of: str = "") -> Any:
        """Bring in a file; the draft is remembered."""
        got = self.client.post("/imports", {"file": SimpleUploadedFile(name, path.read_bytes()), "as_of": as_of})
        if got.status_code == 303:
            self.draft = got["Location"]
        return got

    def text(self, path: str = "", *, status: int = 200) -> str:
        """What a page of the draft says, without its marks."""
        return words(self.page(path, status=status))

    def page(self, path: str = "", *, status: int = 200) -> str:
        """A page of the draft."""
        got = self.client.get(self.draft + path)
        assert got.status_code == status, (got.status_code, got.headers.get("Location"))
        return got.content.decode()

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form of the draft."""
        return self.client.post(f"{self.draft}/{path}", fields)

    def confirm_columns(self) -> Any:
        """Send the form of the columns as it stands."""
        return self.post("columns", **fields_of(self.page("?step=columns"), "columns"))

    def correct(self, **cells: str) -> None:
        """Correct cells of the grid, by head and row of the file: ``{"Ngày sinh 3": "…"}``."""
        page = self.page("?step=faults")
        fields = fields_of(page, "cells")
        for key, value in cells.items():
            head, _, line = key.rpartition(" ")
            number, row, place = re.findall(rf'<label for="cell-(\d+)-({int(line) - 1})-(\d+)">{head}', page)[0]
            fields[f"cell-{number}-{row}-{place}"] = value
        assert self.post("cells", **fields).status_code == 303


def words(page: str) -> str:
    """The text of a page in one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def fields_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form that is sent to an action, as they stand."""
    form = re.search(rf'<form[^>]*action="[^"]*/{action}"[^>]*>(.*?)</form>', page, re.S)
    assert form is not None, action
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form[1]):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in given:
            fields[given["name"]] = html.unescape(given.get("value", ""))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[1], re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else ""
    return fields
