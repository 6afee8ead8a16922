"""Finds and imports the function that a revision's handler names."""

import importlib
import inspect
import pathlib


class LoadError(Exception):
    """The code of the function is at fault; the text is shown as the reason of its ERROR status."""


def load_handler(handler, directory):
    module_name, _, function_name = (handler or _default_handler(directory)).rpartition('.')
    try:
        importlib.invalidate_caches()
        function = getattr(importlib.import_module(module_name), function_name)
        # Raises TypeError unless it can be called with (context, payload).
        inspect.signature(function).bind(None, None)
        if inspect.iscoroutinefunction(function):
            # Imported once here rather than again in each worker.
            import asyncio  # noqa: F401
    except BaseException as error:  # also SystemExit: importing must not end the zygote
        raise LoadError(f'Invalid function file or handler: {_describe(error)}') from error
    return function


def _default_handler(directory):
    files = sorted(pathlib.Path(directory).glob('*.py'))
    if len(files) != 1:
        raise LoadError('Exactly 1 source file needed when HANDLER is empty')
    return f'{files[0].stem}.handle'


def _describe(error):
    place = _place(error)
    return f'{type(error).__name__}: {error}' + (f' ({place})' if place else '')


def _place(error):
    """Where in the function's own files it happened, as far as it did."""
    if isinstance(error, SyntaxError):
        return None  # its text names the place already
    last = None
    trace = error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith('<') and name != __file__ and not name.startswith(importlib.__path__[0]):
            last = f'{name}, line {trace.tb_lineno}'
        trace = trace.tb_next
    return last
