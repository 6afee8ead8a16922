"""Catches what one worker and its child processes print: two files in memory behind file descriptors 1 and 2."""

import fcntl
import mmap
import os
import time

# print() writes 300 MB a second, so 15 MB wait to be thrown away (50 MB with large writes past it). Looking costs a call that
# lasts 0.3 % of a core.
LOOK_NS = 50_000_000


def _memory_file(name):
    fd = os.memfd_create(name)
    # Several processes write to it, and it is emptied between calls: each write goes to the end, wherever that is.
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)
    return fd


class Capture:
    """The zygote keeps it open as well, so that the lines of a worker that was killed are not lost."""

    def __init__(self):
        self.fds = (_memory_file('stdout'), _memory_file('stderr'))
        # Shared with the zygote, which it wakes while a call lasts: calls that are shorter, and idle workers, wake nobody.
        self.timer = _timer()

    def attach(self):
        for target, fd in enumerate(self.fds, start=1):
            os.dup2(fd, target)

    def begin(self):
        self._set_timer(LOOK_NS)
        self._discard()

    def _set_timer(self, every_ns):
        if self.timer is not None:
            os.timerfd_settime_ns(self.timer, initial=every_ns, interval=every_ns)

    def _discard(self):
        for fd in self.fds:
            if _size(fd):
                os.ftruncate(fd, 0)

    def cut(self, limit_bytes):
        """To be called when the timer goes off: gives the memory of what is beyond the limit back; the size stays as it is."""
        try:
            os.read(self.timer, 8)
        except BlockingIOError:
            return  # the call has ended in between
        for fd in self.fds:
            _punch(fd, limit_bytes + 1)

    def end(self, limit_bytes):
        """The call is over: what it printed."""
        self._set_timer(0)
        return self.take(limit_bytes)

    def take(self, limit_bytes):
        """What was printed since the last time, one byte more than the limit at most, so that the server sees the excess."""
        return [_take(fd, limit_bytes + 1) for fd in self.fds]

    def close(self):
        for fd in self.fds:
            os.close(fd)
        if self.timer is not None:
            os.close(self.timer)


def _timer():
    # Python has them from 3.13 on. Without one, only the memory of the container bounds what a call prints.
    if not hasattr(os, 'timerfd_create'):
        return None
    return os.timerfd_create(time.CLOCK_MONOTONIC, flags=os.TFD_NONBLOCK | os.TFD_CLOEXEC)


def _size(fd):
    # Half the time of fstat(), of which each call would pay four. Where the file's offset is does not matter: what is written is appended.
    return os.lseek(fd, 0, os.SEEK_END)


def _punch(fd, kept_bytes):
    start = -(-kept_bytes // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
    excess = _size(fd) - start
    if excess <= 0:
        return
    try:
        # A hole, and not a shorter file: were the file emptied in between, that would make it long again.
        with mmap.mmap(fd, excess, offset=start) as rest:
            rest.madvise(mmap.MADV_REMOVE)
    except ValueError:
        pass  # it was emptied in between


def _take(fd, limit_bytes):
    size = _size(fd)
    if not size:
        return b''
    printed = os.pread(fd, min(size, limit_bytes), 0)
    os.ftruncate(fd, 0)
    return printed
