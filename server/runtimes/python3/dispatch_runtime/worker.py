"""One worker: answers one call at a time over its own connection, until the server hangs up."""

import inspect
import json
import os
import sys
import traceback

from .frames import Connection, shorten
from .payload import PayloadError, to_json, too_large
from .stream import Sender, Stream, is_async, is_stream

_DIRECTORY = os.path.dirname(__file__)


class Worker:
    def __init__(self, handle, capture, limits):
        self._handle = handle
        self._capture = capture
        self._limits = limits
        self._runner = None

    def serve(self, socket_path, number):
        # Lines of a call that is killed half-way must be in the file already: a buffer would die with the process.
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding='utf-8', errors='backslashreplace', line_buffering=True)
        connection = Connection(socket_path)
        own_pid = os.getpid()
        connection.send({'type': 'ready', 'worker': number})
        while (frames := connection.read()) is not None:
            for header, (context, payload) in frames:
                # What background threads printed between two calls belongs to neither.
                self._capture.begin()
                sender = Sender(connection, header['id']) if 'stream' in header else None
                result, output = self._call(context, payload, sender)
                _flush()
                if os.getpid() != own_pid:  # a fork of the handler that came back from it: the call is not its to answer
                    os._exit(0)
                logs = self._capture.end(self._limits['logBytes'])
                connection.send({'type': 'result', 'id': header['id'], **result}, output, *logs)

    def _call(self, context, payload, sender):
        try:
            arguments = json.loads(context.decode()), json.loads(payload.decode())
        except ValueError as error:
            return _failure('SystemError', f'The request body is invalid: {error}'), b''
        try:
            value = self._handle(*arguments)
            if inspect.isawaitable(value):
                value = self._wait(value)
            output = self._output(value, sender)
        except PayloadError as error:
            return _failure('FunctionError', str(error)), b''
        except (ValueError, TypeError) as error:
            return _failure('InputError', error), b''
        except BaseException as error:  # also SystemExit: the worker outlives what its handler raises
            return _failure('FunctionError', error), b''
        return {'ok': True}, output

    def _output(self, value, sender):
        if not is_stream(value):
            output = to_json(value)
        elif is_async(value):
            output = self._wait(Stream(value, self._limits, sender).go_through_async())
        else:
            output = Stream(value, self._limits, sender).go_through()
        limit = self._limits['outputBytes']
        if len(output) > limit:
            raise too_large(f'{len(output)} bytes', limit)
        return output

    def _wait(self, awaitable):
        import asyncio

        async def finish():
            return await awaitable

        # One event loop for all calls: what a function keeps between calls stays bound to it.
        self._runner = self._runner or asyncio.Runner()
        return self._runner.run(finish())


def _failure(kind, cause):
    if isinstance(cause, str):
        return {'ok': False, 'error': {'type': kind, 'message': shorten(cause), 'stacktrace': None}}
    # The first frames are the runtime's own.
    trace = cause.__traceback__
    while trace and trace.tb_frame.f_code.co_filename.startswith(_DIRECTORY):
        trace = trace.tb_next
    lines = shorten(''.join(traceback.format_exception(type(cause), cause, trace))).splitlines()
    return {'ok': False, 'error': {'type': kind, 'message': shorten(_text(cause)), 'stacktrace': lines}}


def _text(error):
    try:
        return str(error)
    except Exception:
        return type(error).__name__


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # the function closed or replaced it
            pass
