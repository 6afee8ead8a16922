"""The container's first process: imports the handler, forks workers, kills them on demand, tells how they ended."""

import gc
import os
import selectors
import signal
import traceback

from .capture import Capture
from .frames import Connection, shorten
from .handler import LoadError, load_handler
from .memory import count_oom_kills, die_first
from .watches import Watches
from .worker import Worker

PROTOCOL = 1


class Zygote:
    def __init__(self, socket_path, directory):
        self._socket_path = socket_path
        self._directory = directory
        self._workers = {}  # pid -> (number, capture)
        self._watches = Watches()
        self._oom_kills = count_oom_kills()
        self._connection = Connection(socket_path)
        self._wake, self._wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector = selectors.DefaultSelector()

    def run(self):
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        actions = {
            'load': self._load,
            'start': self._start,
            'kill': self._kill,
            'watch': self._watch,
            'unwatch': self._unwatch,
        }
        self._selector.register(self._connection.socket, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        gc.collect()
        _share_memory()
        self._connection.send({'type': 'hello', 'protocol': PROTOCOL, 'language': 'python3'})
        while True:
            keys = [key for key, _ in self._selector.select(self._watches.pause_s)]
            ready = [key.fileobj for key in keys]
            for capture in filter(None, (key.data for key in keys)):
                capture.cut(self._limits['logBytes'])
            self._tell_printed()
            if self._wake in ready:
                os.read(self._wake, 4096)
                self._reap()
            if self._connection.socket in ready:
                frames = self._connection.read()
                if frames is None:
                    return  # the server is gone, and with this process the container ends
                for header, _ in frames:
                    actions[header['type']](header)

    def _load(self, header):
        self._limits = header
        try:
            self._handle = load_handler(header['handler'], self._directory)
        except LoadError as error:
            self._connection.send({'type': 'load-failed', 'message': shorten(str(error))})
            return
        _share_memory()
        self._start(header)

    def _start(self, header):
        number, capture = header['worker'], Capture()
        try:
            pid = os.fork()
        except OSError:
            self._report(number, capture, os.EX_OSERR)
            return
        if pid == 0:
            self._become_worker(number, capture)
        _own_group(pid)
        self._workers[pid] = (number, capture)
        if capture.timer is not None:
            self._selector.register(capture.timer, selectors.EVENT_READ, capture)

    def _become_worker(self, number, capture):
        """Never returns."""
        try:
            _own_group(0)
            die_first()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._wake)
            os.close(self._wake_writer)
            self._connection.close()
            for _, other in self._workers.values():
                other.close()
            capture.attach()
            Worker(self._handle, capture, self._limits).serve(self._socket_path, number)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def _kill(self, header):
        for pid, (number, _) in self._workers.items():
            if number == header['worker']:
                _kill_group(pid)

    def _watch(self, header):
        for number, capture in self._workers.values():
            if number == header['worker']:
                self._watches.add(number, header['watch'], capture)

    def _unwatch(self, header):
        self._watches.remove(header['worker'], header['watch'])

    def _tell_printed(self):
        if self._watches.pause_s == 0:
            for number, watch, printed in self._watches.look(self._limits['logBytes']):
                self._connection.send({'type': 'printed', 'worker': number, 'watch': watch}, *printed)

    def _reap(self):
        for pid, (number, capture) in list(self._workers.items()):
            # Not collected yet, so that its group still has its number while the rest of the group is killed.
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                _kill_group(pid)
                _, status = os.waitpid(pid, 0)
                del self._workers[pid]
                if capture.timer is not None:
                    self._selector.unregister(capture.timer)
                self._report(number, capture, os.waitstatus_to_exitcode(status))

    def _report(self, number, capture, code):
        self._watches.remove(number)
        oom_kills = count_oom_kills()
        ended = {'code': code, 'signal': None} if code >= 0 else {'code': None, 'signal': _signal_name(-code)}
        header = {'type': 'exited', 'worker': number, **ended, 'outOfMemory': oom_kills > self._oom_kills}
        self._oom_kills = oom_kills
        self._connection.send(header, *capture.take(self._limits['logBytes']))
        capture.close()


def _share_memory():
    # What is alive now is shared with every worker; a collector that touched it would copy its pages.
    gc.freeze()


def _own_group(pid):
    # Done by parent and child alike, so that it holds for both, whoever comes first.
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass


def _kill_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f'signal {number}'
