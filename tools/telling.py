"""What a tool that works step by step says of itself, in both languages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from time import perf_counter

from rich.console import Console
from rich.text import Text

from canbo.common.numbers import print_decimal

INDENT = "      "


class Teller:
    """Says each step in both languages, what came of it and how long it took."""

    def __init__(self, console: Console, *, steps: int) -> None:
        self.console = console
        self.steps = steps
        self.done = 0
        self.started = perf_counter()

    @contextmanager
    def step(self, vi: str, en: str) -> Iterator[Callable[[str], None]]:
        """Say what is done; inside, call what is given with what came of it."""
        self.done += 1
        self.say(f"[{self.done}/{self.steps}] {vi}", style="bold")
        self.say(f"{INDENT}{en}", style="dim")
        begun = perf_counter()
        results: list[str] = []
        yield results.append
        for result in results:
            self.say(f"{INDENT}{result}")
        self.say(f"{INDENT}{_seconds(perf_counter() - begun)}\n", style="dim")

    def spent(self) -> str:
        """How long it has been, in words."""
        return _seconds(perf_counter() - self.started)

    def say(self, text: str, *, style: str = "") -> None:
        """One line, as it is: wrapped by the terminal only, so that commands can be copied."""
        self.console.print(Text(text, style=style), soft_wrap=True)


def _seconds(seconds: float) -> str:
    return f"{print_decimal(Fraction(seconds).limit_denominator(10_000), places=1)} giây (s)"
