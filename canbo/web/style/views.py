"""Every component on one page, in both themes, with the contrast of its colours."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.style import examples, tokens
from canbo.web.visitors import page


@dataclass(frozen=True)
class Colour:
    """A token with its value in both themes and the least contrast that it has where it is read or seen."""

    name: str
    light: str
    dark: str
    least: str


@page()
def style(request: HttpRequest) -> HttpResponse:
    """The components, with made-up figures."""
    return show(
        request,
        "style/style.html",
        targets=examples.targets(),
        people=examples.people(),
        findings=examples.faults(),
        colours=_colours(),
        day=date(2025, 12, 31),
        dense=request.GET.get("density") == "dense",
    )


def themes(request: HttpRequest) -> HttpResponse:
    """The tokens bound to two classes, so that the page shows both themes beside each other."""
    made = [
        f".as-{name} {{ color-scheme: {name}; "
        + " ".join(f"--{token}: {value};" for token, value in tokens.themes()[name].items())
        + " }"
        for name in ("light", "dark")
    ]
    return HttpResponse("\n".join(made), content_type="text/css; charset=utf-8")


def _colours() -> list[Colour]:
    light, dark = tokens.themes()["light"], tokens.themes()["dark"]
    least: dict[str, float] = {}
    for front, back, _ in tokens.pairs():
        for theme in (light, dark):
            least[front] = min(least.get(front, 21.0), tokens.contrast(theme[front], theme[back]))
    return [
        Colour(name, light[name], dark[name], f"{least[name]:.1f}".replace(".", ",") if name in least else "")
        for name in light
    ]
