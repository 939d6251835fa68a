"""The terms of Party committees and councils around the data day. Knows no people."""

from dataclasses import dataclass

import numpy as np

from canbo.sample.definitions import code
from canbo.sample.draws import Array, day_of

CONGRESS_MONTHS = {"commune": (6, 5), "district": (8, 5), "province": (10, 14)}
"""Month and day by which the congresses of a level have met in a congress year (2015, 2020, 2025)."""
ELECTION = (6, 1)
"""Councils are elected a year later."""


@dataclass(frozen=True)
class Terms:
    """The Party term in force at each level on the data day, and its neighbours."""

    data_day: int
    first_year: int

    @property
    def now(self) -> str:
        """The name of the Party term in force, such as 2020-2025."""
        return f"{self.first_year}-{self.first_year + 5}"

    @property
    def next(self) -> str:
        """The name of the next Party term."""
        return f"{self.first_year + 5}-{self.first_year + 10}"

    @property
    def council_now(self) -> str:
        """The name of the council's term that goes with the Party term in force."""
        return f"{self.first_year + 1}-{self.first_year + 6}"

    @property
    def council_next(self) -> str:
        """The name of the council's next term."""
        return f"{self.first_year + 6}-{self.first_year + 11}"

    def congress(self, level: Array, terms_ago: int = 0) -> Array:
        """The day of the congress of each level, that many terms ago."""
        year = self.first_year - 5 * terms_ago
        days = np.full(8, day_of(year, *CONGRESS_MONTHS["district"]), np.int32)
        for name, month_day in CONGRESS_MONTHS.items():
            days[code("level", name)] = day_of(year, *month_day)
        return np.asarray(days[level])

    def election(self, terms_ago: int = 0) -> int:
        """The day on which the councils of a term met first."""
        return day_of(self.first_year + 1 - 5 * terms_ago, *ELECTION)


def terms_on(data_day: int, year: int) -> Terms:
    """The terms on a day of a year from 2021 to June 2025: those of the congresses of 2020."""
    return Terms(data_day, year - year % 5 if year % 5 else year - 5)
