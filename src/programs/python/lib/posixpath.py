"""The module os.path."""
import js

sep = '/'
curdir = '.'
pardir = '..'


def _p(path):
    return path.__fspath__() if hasattr(path, '__fspath__') else path


def join(first, *rest):
    path = _p(first)
    for part in rest:
        part = _p(part)
        if part.startswith('/'):
            path = part
        elif not path or path.endswith('/'):
            path += part
        else:
            path += '/' + part
    return path


def split(path):
    path = _p(path)
    at = path.rfind('/') + 1
    head = path[:at]
    if head and head != '/' * len(head):
        head = head.rstrip('/')
    return head, path[at:]


def basename(path):
    return split(path)[1]


def dirname(path):
    return split(path)[0]


def splitext(path):
    path = _p(path)
    dot = path.rfind('.')
    base = path.rfind('/') + 1
    if dot <= base or not path[base:dot].strip('.'):
        return path, ''
    return path[:dot], path[dot:]


def splitdrive(path):
    return '', path


def normpath(path):
    path = _p(path)
    if not path:
        return '.'
    root = '/' if path.startswith('/') else ''
    out = []
    for part in path.split('/'):
        if part in ('', '.'):
            continue
        if part != '..' or (not root and not out) or (out and out[-1] == '..'):
            out.append(part)
        elif out:
            out.pop()
    return root + '/'.join(out) or '.'


def isabs(path):
    return _p(path).startswith('/')


def abspath(path):
    path = _p(path)
    return normpath(path if path.startswith('/') else join(js.call('getcwd'), path))


def realpath(path, strict=False):
    got = js.call('realpath', _p(path))
    return got[1:] if got[:1] == '=' else abspath(path)


def _mode(path, how='stat'):
    got = js.call(how, _p(path))
    return 0 if got[:1] == '!' else int(got[1:got.index(',')]) & 0o170000


def exists(path):
    return _mode(path) != 0


def lexists(path):
    return _mode(path, 'lstat') != 0


def isfile(path):
    return _mode(path) == 0o100000


def isdir(path):
    return _mode(path) == 0o040000


def islink(path):
    return _mode(path, 'lstat') == 0o120000


def ismount(path):
    return path == '/'


def getsize(path):
    import os
    return os.stat(path).st_size


def getmtime(path):
    import os
    return float(os.stat(path).st_mtime)


getctime = getatime = getmtime


def samefile(a, b):
    return realpath(a) == realpath(b)


def expanduser(path):
    import os
    path = _p(path)
    if path == '~' or path.startswith('~/'):
        return os.environ.get('HOME', '/root') + path[1:]
    return path


def expandvars(path):
    import re
    import os
    return re.sub(r'\$(\w+|\{[^}]*\})', lambda m: os.environ.get(m.group(1).strip('{}'), m.group(0)), path)


def commonprefix(paths):
    if not paths:
        return ''
    low, high = min(paths), max(paths)
    for at in range(len(low)):
        if low[at] != high[at]:
            return low[:at]
    return low


def commonpath(paths):
    parts = [path.split('/') for path in paths]
    return '/'.join(commonprefix(parts)) or '/'


def relpath(path, start='.'):
    here = [part for part in abspath(start).split('/') if part]
    there = [part for part in abspath(path).split('/') if part]
    same = 0
    while same < min(len(here), len(there)) and here[same] == there[same]:
        same += 1
    return '/'.join(['..'] * (len(here) - same) + there[same:]) or '.'
