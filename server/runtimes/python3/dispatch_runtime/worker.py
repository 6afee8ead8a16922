"""One worker: answers one call at a time over its own connection, until the server hangs up."""

import inspect
import json
import os
import sys
import traceback

from .frames import Connection

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(',', ':')).encode
_encode_ascii = json.JSONEncoder(allow_nan=False, separators=(',', ':')).encode


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
                result, output = self._call(context, payload)
                _flush()
                if os.getpid() != own_pid:  # a fork of the handler that came back from it: the call is not its to answer
                    os._exit(0)
                logs = self._capture.end(self._limits['logBytes'])
                connection.send({'type': 'result', 'id': header['id'], **result}, output, *logs)

    def _call(self, context, payload):
        try:
            arguments = json.loads(context), json.loads(payload)
        except ValueError as error:
            return _failure('SystemError', f'The request body is invalid: {error}'), b''
        try:
            value = self._handle(*arguments)
            if inspect.isawaitable(value):
                value = self._wait(value)
        except (ValueError, TypeError) as error:
            return _failure('InputError', error), b''
        except BaseException as error:  # also SystemExit: the worker outlives what its handler raises
            return _failure('FunctionError', error), b''
        return self._serialize(value)

    def _wait(self, awaitable):
        import asyncio

        async def finish():
            return await awaitable

        # One event loop for all calls: what a function keeps between calls stays bound to it.
        self._runner = self._runner or asyncio.Runner()
        return self._runner.run(finish())

    def _serialize(self, value):
        try:
            try:
                output = _encode(value).encode()
            except UnicodeEncodeError:  # half a surrogate pair has no UTF-8, but it has an escape
                output = _encode_ascii(value).encode()
        except BaseException as error:
            return _failure('FunctionError', f'Unable to serialize response payload: {error}'), b''
        limit = self._limits['outputBytes']
        if len(output) > limit:
            text = f'Unable to return response payload: {len(output)} bytes exceed the limit of {limit} bytes'
            return _failure('FunctionError', text), b''
        return {'ok': True}, output


def _failure(kind, cause):
    if isinstance(cause, str):
        return {'ok': False, 'error': {'type': kind, 'message': cause, 'stacktrace': None}}
    # The first frame is the runtime's own.
    trace = cause.__traceback__ and cause.__traceback__.tb_next
    lines = ''.join(traceback.format_exception(type(cause), cause, trace)).splitlines()
    return {'ok': False, 'error': {'type': kind, 'message': _text(cause), 'stacktrace': lines}}


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
