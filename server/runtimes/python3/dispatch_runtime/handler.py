"""Finds and imports the function that a revision's handler names."""

import importlib
import inspect
import pathlib
import sys


class LoadError(Exception):
    """The code of the function is at fault; the text is shown as the reason of its ERROR status."""


def load_handler(handler, directory):
    module_name, _, function_name = (handler or _default_handler(directory)).rpartition('.')
    try:
        # What was seen of the directory before the code came is out of date. (importlib.invalidate_caches() would import 80 ms.)
        sys.path_importer_cache.pop(directory, None)
        function = getattr(importlib.import_module(module_name), function_name)
        _check_arguments(function)
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            # Imported once here rather than again in each worker.
            import asyncio  # noqa: F401
    except LoadError:
        raise
    except BaseException as error:  # also SystemExit: importing must not end the zygote
        raise LoadError(f'Invalid function file or handler: {_describe(error, directory)}') from error
    return function


def _check_arguments(function):
    try:
        signature = inspect.signature(function)
    except ValueError:
        return  # what is written in C does not always tell
    try:
        signature.bind(None, None)
    except TypeError as error:
        name = getattr(function, '__name__', 'it')
        raise LoadError(f'Invalid function file or handler: {name}{signature} does not take (context, payload)') from error


def _default_handler(directory):
    files = sorted(pathlib.Path(directory).glob('*.py'))
    if len(files) != 1:
        raise LoadError('Exactly 1 source file needed when HANDLER is empty')
    return f'{files[0].stem}.handle'


def _describe(error, directory):
    place = _place(error, directory)
    return f'{type(error).__name__}: {error}' + (f' ({place})' if place else '')


def _place(error, directory):
    """The last line of the function's own files that it went through, if there is one."""
    place = None
    trace = error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(directory):
            place = f'{path}, line {trace.tb_lineno}'
        trace = trace.tb_next
    return place
