"""Reads off what watched workers print while their call is under way, so that the workers themselves do nothing for it."""

import os
import time

INTERVAL_S = 0.05
# Of each stream at a time: a flood reaches the server in portions.
CHUNK_BYTES = 1 << 16


class Watch:
    def __init__(self, number, capture):
        self.number = number
        self._capture = capture
        self._told = [0, 0]  # bytes of each stream
        # Not at once: until then the worker has taken its call up and emptied the files of what is no part of it.
        self.due = time.monotonic() + INTERVAL_S

    def look(self, limit_bytes):
        """Returns what was printed since the last time as [stdout, stderr]; None when the call is over."""
        self.due = time.monotonic() + INTERVAL_S
        streams = list(zip(self._capture.fds, self._told))
        if any(os.fstat(fd).st_size < told for fd, told in streams):
            return None  # emptied: the result of the call holds the rest
        pieces = [os.pread(fd, max(0, min(CHUNK_BYTES, limit_bytes - told)), told) for fd, told in streams]
        self._told = [told + len(piece) for told, piece in zip(self._told, pieces)]
        return pieces


class Watches:
    def __init__(self):
        self._watches = {}  # number of a worker -> Watch

    @property
    def pause_s(self):
        """How long to wait for the next look; None when nobody watches."""
        if not self._watches:
            return None
        return max(0, min(watch.due for watch in self._watches.values()) - time.monotonic())

    def add(self, worker, number, capture):
        self._watches[worker] = Watch(number, capture)

    def remove(self, worker, number=None):
        """Only the watch of that number, if one is given: a later one may have begun."""
        watch = self._watches.get(worker)
        if watch and number in (None, watch.number):
            del self._watches[worker]

    def look(self, limit_bytes):
        """Returns (worker, number, [stdout, stderr]) of those that are due and have something to tell."""
        now = time.monotonic()
        news = []
        for worker, watch in list(self._watches.items()):
            if watch.due > now:
                continue
            pieces = watch.look(limit_bytes)
            if pieces is None:
                del self._watches[worker]
            elif any(pieces):
                news.append((worker, watch.number, pieces))
        return news
