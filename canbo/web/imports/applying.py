"""The import of a draft: only what was looked at, as one change; what it found stays beside the import."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.installation.home import home
from canbo.register.importing import run
from canbo.register.importing.limits import Within
from canbo.register.importing.run import Progress
from canbo.register.models import ImportBatch
from canbo.web.imports import checks
from canbo.web.imports.drafts import Draft, read_json, write_json


@dataclass(frozen=True)
class Applying:
    """Who imports a draft, when, within what, and the hash of what was looked at."""

    draft: Draft
    within: Within
    by: str
    at: datetime
    confirm: str

    def __call__(self, progress: Progress) -> int:
        """Import; gives the number of the import.

        :raises Refused: the file or the register is no longer as it was looked at, or refuses; nothing is written.
        """
        looked_at = checks.last_check(self.draft)
        preview = checks.prepare(self.draft, self.within, progress)
        if looked_at is None or checks.confirm(preview) != self.confirm:
            raise Refused(
                pick(
                    "Tệp hoặc cơ sở dữ liệu đã thay đổi sau khi xem trước. Chưa nhập gì. Hãy xem trước lại.",
                    "The file or the register has changed since the preview. Nothing was imported. Preview again.",
                )
            )
        batch = run.apply(preview, by=self.by, at=self.at, progress=progress)
        if batch is None:
            raise Refused(
                pick("Không có gì phải thay đổi, nên chưa nhập gì.", "Nothing to change; nothing was imported.")
            )
        _keep_findings(batch, [one.finding for one in looked_at.faults])
        for kept in ("source", "sheets", "copy"):
            shutil.rmtree(self.draft.folder / kept, ignore_errors=True)
        (self.draft.folder / checks.CHECK).unlink(missing_ok=True)
        return batch.pk


def findings_of(batch: ImportBatch) -> list[Finding] | None:
    """What the import found; None where it was not made through the pages."""
    kept = read_json(home() / "files" / "imports" / f"{batch.pk}.json")
    return [Finding(**one) for one in kept["findings"]] if kept and kept["content"] == batch.content else None


def _keep_findings(batch: ImportBatch, findings: list[Finding]) -> None:
    folder = home() / "files" / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_json(folder / f"{batch.pk}.json", {"content": batch.content, "findings": [one.as_json() for one in findings]})
