"""Processes that write and are killed: what they run, and what is asked afterwards."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

DJANGO = """
import os, sys, time, django
from datetime import date, datetime, timedelta, UTC
os.environ["DJANGO_SETTINGS_MODULE"] = "canbo.config.settings"
django.setup()
from canbo.audit.changes import change, note
from canbo.register.models import Person

def person(code):
    Person.objects.create(code=code, full_name="An", name_key="an", name_order="an",
                          birth_date=date(1980, 1, 1), sex="male")

def enter(code):
    with change(by="an", at=datetime.now(UTC), action="enter", subject=code):
        person(code)
"""
ENTER_MANY = (
    DJANGO
    + """
print("ready")
for number in range(int(sys.argv[2])):
    enter(f"{sys.argv[1]}-{number}")
    print(number + 1)
"""
)
VERIFY = (
    DJANGO
    + """
from canbo.audit.verifying import verify
found = verify(at=datetime.now(UTC))
sys.exit("\\n".join(one.message for one in found) or None)
"""
)


def python(code: str, *words: str, home: Path, url: str) -> subprocess.Popen[str]:
    """Run Python code on an installation, its output to be read line by line."""
    environment = {**os.environ, "CANBO_HOME": str(home), "DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def rest(process: subprocess.Popen[str]) -> list[str]:
    """The whole lines that a process still prints until it ends, those read ahead with an earlier line included."""
    assert process.stdout is not None
    text = process.stdout.read()
    process.communicate()
    return text.split("\n")[:-1]


def say(process: subprocess.Popen[str], text: str) -> None:
    """A line for a process."""
    assert process.stdin is not None
    process.stdin.write(text + "\n")
    process.stdin.flush()


def finished(process: subprocess.Popen[str]) -> str:
    """What a process said on its error stream; empty where it ended well."""
    _, errors = process.communicate()
    return "" if process.returncode == 0 else errors or f"ended with {process.returncode}"


def altered(home: Path, url: str) -> str:
    """What `canbo verify` finds; empty: nothing."""
    return finished(python(VERIFY, home=home, url=url))


def count(url: str, table: str) -> int:
    """The rows of a table, once every other connection is gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while (connection.execute(others).fetchone() or (0,))[0]:
            connection.execute("SELECT pg_sleep(0.02)")
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return int(row[0]) if row else -1
