"""Speaks the frame format (described in the server's engine/frames.ts) over one connection to the server's socket."""

import json
import select
import socket

# recv() allocates so much before it knows how little there is: a megabyte costs 15 microseconds.
CHUNK_BYTES = 1 << 16
MAX_CHARACTERS = 1 << 15


def pack(header, *parts):
    """u32 length of what follows, u32 length of the header, the header as JSON, then the parts as they are."""
    text = json.dumps({**header, 'parts': [len(part) for part in parts]}).encode()
    length = 4 + len(text) + sum(map(len, parts))
    return b''.join((length.to_bytes(4, 'big'), len(text).to_bytes(4, 'big'), text, *parts))


def shorten(text):
    """How much of an error's text is told: a header has its bound, which would cost the container."""
    return text if len(text) <= MAX_CHARACTERS else f'{text[:MAX_CHARACTERS]} [truncated after {MAX_CHARACTERS} characters]'


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self._buffer = bytearray()
        # A process that waits in recv() is also woken when the other side has read what was sent; one in epoll is not.
        self._readable = select.epoll()
        self._readable.register(self.socket, select.EPOLLIN)

    def send(self, header, *parts):
        self.socket.sendall(pack(header, *parts))

    def read(self):
        """Waits for bytes; returns the frames that are complete by now, or None when the server has hung up."""
        self._readable.poll()
        chunk = self.socket.recv(CHUNK_BYTES)
        if not chunk:
            return None
        self._buffer += chunk
        frames = []
        while frame := self._take():
            frames.append(frame)
        return frames

    def _take(self):
        buffer = self._buffer
        end = 4 + int.from_bytes(buffer[:4], 'big')
        if len(buffer) < max(end, 8):
            return None
        start = 8 + int.from_bytes(buffer[4:8], 'big')
        # As text: of bytes loads() would find out the encoding first.
        header = json.loads(buffer[8:start].decode())
        parts = []
        for size in header['parts']:
            parts.append(bytes(buffer[start : start + size]))
            start += size
        del buffer[:end]
        return header, parts

    def close(self):
        self._readable.close()
        self.socket.close()
