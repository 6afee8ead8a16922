"""Catches what one worker and its child processes print: two files in memory behind file descriptors 1 and 2."""

import fcntl
import os


def _memory_file(name):
    fd = os.memfd_create(name)
    # Several processes write to it, and it is emptied between calls: each write goes to the end, wherever that is.
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)
    return fd


class Capture:
    """The zygote keeps it open as well, so that the lines of a worker that was killed are not lost."""

    def __init__(self):
        self.fds = (_memory_file('stdout'), _memory_file('stderr'))

    def attach(self):
        for target, fd in enumerate(self.fds, start=1):
            os.dup2(fd, target)

    def discard(self):
        for fd in self.fds:
            if os.fstat(fd).st_size:
                os.ftruncate(fd, 0)

    def take(self, limit_bytes):
        """What was printed since the last time, one byte more than the limit at most, so that the server sees the excess."""
        return [_take(fd, limit_bytes + 1) for fd in self.fds]

    def close(self):
        for fd in self.fds:
            os.close(fd)


def _take(fd, limit_bytes):
    size = os.fstat(fd).st_size
    if not size:
        return b''
    printed = os.pread(fd, min(size, limit_bytes), 0)
    os.ftruncate(fd, 0)
    return printed
