"""What a request for an indicator asks: which one, over which choice. Measures nothing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from canbo.measure.scheme import Indicator
from canbo.web.overview.choices import Chosen
from canbo.web.overview.sight import Sight


@dataclass(frozen=True)
class Asked:
    """An indicator, the choice of the page, and who asks."""

    request: HttpRequest
    chosen: Chosen
    indicator: Indicator
    sight: Sight

    @property
    def path(self) -> str:
        """Where the indicator stands."""
        return reverse("indicator", args=[self.chosen.scheme.id, self.indicator.id])

    def link(self, tab: str = "", **more: Any) -> str:
        """A tab of it, of the same day and split."""
        return self.chosen.address(self.path, tab=tab, **more)

    def given(self, name: str) -> str:
        """What the address says under a name."""
        return self.request.GET.get(name, "").strip()[:200]
