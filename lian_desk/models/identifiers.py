"""Keys made on the workstation: 64-bit integers that sort by time (docs/decisions/0017-time-sorted-keys.md).

42 bits of milliseconds since 2020, 9 bits of node, 12 bits of counter: 63 bits, so the sign stays free.
"""

from datetime import UTC, datetime
from threading import Lock

_NODE_BITS = 9
_COUNTER_BITS = 12
_MILLISECOND_BITS = 42
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

#: Nodes are numbered 0 to ``MAXIMUM_NODE``.
MAXIMUM_NODE = (1 << _NODE_BITS) - 1


class IdentifierFactory:
    """Makes keys that never repeat on one node and never go backwards, even if the clock does."""

    def __init__(self, node: int, *, last: int = 0) -> None:
        """Start for ``node``; ``last`` is the greatest key known so far, so that a clock set back does no harm."""
        if not 0 <= node <= MAXIMUM_NODE:
            message = "node out of range"
            raise ValueError(message)
        self._node = node
        self._last_millisecond = last >> (_NODE_BITS + _COUNTER_BITS)
        self._counter = (1 << _COUNTER_BITS) - 1 if last else 0
        self._lock = Lock()

    def next(self, now: datetime) -> int:
        """Return a new key for the aware moment ``now``."""
        millisecond = int((now - _EPOCH).total_seconds() * 1000)
        with self._lock:
            if millisecond > self._last_millisecond:
                self._last_millisecond, self._counter = millisecond, 0
            else:
                self._counter += 1
                if self._counter >> _COUNTER_BITS:
                    self._last_millisecond, self._counter = self._last_millisecond + 1, 0
            if not 0 <= self._last_millisecond < 1 << _MILLISECOND_BITS:
                message = "clock outside the range of keys"
                raise ValueError(message)
            return (
                (self._last_millisecond << (_NODE_BITS + _COUNTER_BITS)) | (self._node << _COUNTER_BITS) | self._counter
            )
