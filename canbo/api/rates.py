"""How often one caller may ask: a bucket in memory that refills, for one process with threads."""

import os
import threading
import time
from collections.abc import Callable

MOST_KEYS = 50_000


class Buckets:
    """``rate`` requests a minute for each key, and as many at once after a pause."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> int | None:
        """Count one request; the seconds to wait where there were too many, else None."""
        with self._lock:
            now = self._clock()
            left, seen = self._left.pop(key, (float(self.rate), now))
            left = min(float(self.rate), left + (now - seen) * self.rate / 60)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
            if len(self._left) > MOST_KEYS:
                del self._left[next(iter(self._left))]  # the one that asked longest ago
            return None if allowed else int((1 - left) * 60 / self.rate) + 1

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._left.clear()


CALLERS = Buckets(int(os.environ.get("CANBO_API_RATE", "600")))
"""By token or account."""
ADDRESSES = Buckets(int(os.environ.get("CANBO_API_ADDRESS_RATE", "1200")))
"""By address, whoever asks."""
STRANGERS = Buckets(60)
"""By address, of requests whose token is not known."""
