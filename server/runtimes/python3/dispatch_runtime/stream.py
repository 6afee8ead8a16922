"""Goes through what a handler gives piece by piece, and sends each piece when the server has asked for it."""

import os

from .payload import Record, to_piece, too_large


def is_stream(value):
    """Whatever can be gone through only once: generators and other iterators, plain or asynchronous."""
    kind = type(value)
    return hasattr(kind, '__next__') or is_async(value)


def is_async(value):
    return hasattr(type(value), '__anext__')


class Stream:
    def __init__(self, value, limits, sender):
        """`sender` is None when nobody asked for pieces."""
        self._value = value
        self._limits = limits
        self._sender = sender
        self._record = Record(limits['recordedBytes' if sender else 'outputBytes'])

    def go_through(self):
        """Whatever ends it early, the handler's `finally` is run. Returns the output as JSON."""
        try:
            for value in self._value:
                self._give(value)
                if self._sender and not self._sender.is_more_wanted():
                    break
        finally:
            if hasattr(self._value, 'close'):
                self._value.close()
        return self._record.to_json()

    async def go_through_async(self):
        try:
            async for value in self._value:
                self._give(value)
                if self._sender and not await self._sender.is_more_wanted_async():
                    break
        finally:
            if hasattr(self._value, 'aclose'):
                await self._value.aclose()
        return self._record.to_json()

    def _give(self, value):
        kind, data = to_piece(value, self._limits['pieceBytes'])
        is_kept = self._record.add(kind, data)
        if self._sender:
            self._sender.send(kind, data)
        elif not is_kept:
            raise too_large('its pieces', self._limits['outputBytes'])


class Sender:
    """Of one call."""

    def __init__(self, connection, call_id):
        self._connection = connection
        self._call_id = call_id
        self._pid = os.getpid()

    def send(self, kind, data):
        if os.getpid() != self._pid:  # a fork of the handler that came back from it: the call is not its to answer
            os._exit(0)
        self._connection.send({'type': 'piece', 'id': self._call_id, 'kind': kind}, data)

    def is_more_wanted(self):
        frames = []
        while not frames:
            frames = self._connection.read()
            if frames is None:
                os._exit(0)  # the server is gone
        return frames[0][0]['type'] == 'next'

    async def is_more_wanted_async(self):
        """What the function does beside goes on meanwhile."""
        import asyncio

        loop, readable = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._connection.socket, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._connection.socket)
        return self.is_more_wanted()
