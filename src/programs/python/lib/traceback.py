"""The module traceback."""
import sys
import _site


def format_exception(exc, value=None, tb=None, **options):
    return _site.format_exception(value if value is not None else exc)


def print_exception(exc, value=None, tb=None, limit=None, file=None, **options):
    (file or sys.stderr).write(''.join(format_exception(exc, value)))


def format_exc(limit=None):
    return ''


def print_exc(limit=None, file=None):
    pass


def format_exception_only(exc, value=None):
    return [_site.describe(value if value is not None else exc) + '\n']
