"""`canbo migrate` and `canbo verify` from outside: their sentences and exit statuses."""

import json
from pathlib import Path

import psycopg
import pytest

from tests.installation.support import canbo, copied

pytestmark = pytest.mark.usefixtures("django_db_setup")


def test_a_disabled_trigger_is_found_and_installed_again(tmp_path: Path) -> None:
    with copied("commands") as url:
        assert canbo("verify", home=tmp_path, url=url).returncode == 0
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER TABLE register_person DISABLE TRIGGER USER")
        found = canbo("verify", home=tmp_path, url=url)
        assert found.returncode == 1
        assert found.stdout.count("Bảng “register_person”: bộ kích hoạt") == 4  # insert, update, delete, truncate
        done = canbo("migrate", home=tmp_path, url=url)
        assert (done.returncode, done.stdout) == (0, "Cơ sở dữ liệu đã đúng bản của chương trình.\n")
        assert canbo("verify", home=tmp_path, url=url).returncode == 0


def test_a_row_changed_past_the_program_is_told_as_json_and_in_english(tmp_path: Path) -> None:
    with copied("commands") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO audit_entry VALUES (1, now(), gen_random_uuid(), 'an', 'x', '', '{}', 0, '', '', 'forged')"
            )
        done = canbo("verify", "--json", "--lang", "en", home=tmp_path, url=url)
        assert done.returncode == 1
        (finding,) = json.loads(done.stdout)["findings"]
        assert finding["code"] == "log-altered"
        assert finding["message"] == "Log, entry 1: its content does not fit its hash: it was altered."
        assert not (tmp_path / "anchor").exists()  # what is wrong is not anchored


def test_a_head_noted_on_paper_must_be_in_the_log(tmp_path: Path) -> None:
    with copied("commands") as url:
        done = canbo("verify", "--head", "ab" * 32, home=tmp_path, url=url)
        assert done.returncode == 1 and "đã ghi trên giấy" in done.stdout


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    for words in (("verify",), ("migrate",), ("backup", str(tmp_path / "x"))):
        done = canbo(*words, home=tmp_path, url="postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
        assert done.returncode == 2, done.stderr[-300:]
        assert "Traceback" not in done.stderr
