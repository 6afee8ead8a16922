"""What handlers return and yield, as bytes; and the one JSON value that all pieces of a call make together."""

import binascii
import json

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(',', ':')).encode
_encode_ascii = json.JSONEncoder(allow_nan=False, separators=(',', ':')).encode


class PayloadError(Exception):
    """What was returned or yielded cannot be sent: the function's fault, whatever it raised."""


def too_large(what, limit_bytes):
    return PayloadError(f'Unable to return response payload: {what} exceed the limit of {limit_bytes} bytes')


def to_json(value):
    try:
        try:
            return _encode(value).encode()
        except UnicodeEncodeError:  # half a surrogate pair has no UTF-8, but it has an escape
            return _encode_ascii(value).encode()
    except BaseException as error:
        raise PayloadError(f'Unable to serialize response payload: {error}') from error


def to_piece(value, limit_bytes):
    """Returns (kind, bytes)."""
    if isinstance(value, str):
        kind, data = 'text', value.encode(errors='replace')
    elif isinstance(value, (bytes, bytearray, memoryview)):
        kind, data = 'bytes', bytes(value)
    else:
        kind, data = 'json', to_json(value)
    if len(data) > limit_bytes:
        excess = f'a piece of {len(data)} bytes exceeds the limit of {limit_bytes} bytes'
        raise PayloadError(f'Unable to return response payload: {excess}')
    return kind, data


class Record:
    """The output of a caller who did not ask for pieces, and of the run's record."""

    def __init__(self, limit_bytes):
        self._limit_bytes = limit_bytes
        self._pieces = []
        self._bytes = 0
        self._is_cut = False

    def add(self, kind, data):
        """False: there was no room for it, and there will be none for any other."""
        self._is_cut = self._is_cut or self._bytes + len(data) > self._limit_bytes
        if self._is_cut:
            return False
        self._bytes += len(data)
        self._pieces.append((kind, data))
        return True

    def to_json(self):
        """Texts alone are one text, bytes among them make it base64, and other values make it an array. Nothing at all is null.
        What there was no room for is told at its end."""
        mark = [f'[truncated after {self._bytes} bytes]'] if self._is_cut else []
        kinds = {kind for kind, _ in self._pieces}
        if 'json' in kinds:
            members = [data if kind == 'json' else to_json(_text(kind, data)) for kind, data in self._pieces]
            return b'[' + b','.join(members + [to_json(text) for text in mark]) + b']'
        if not self._pieces and not mark:
            return b'null'
        joined = b''.join(data for _, data in self._pieces)
        return to_json(_text('bytes' if 'bytes' in kinds else 'text', joined) + ''.join(mark))


def _text(kind, data):
    return data.decode() if kind == 'text' else binascii.b2a_base64(data, newline=False).decode()
