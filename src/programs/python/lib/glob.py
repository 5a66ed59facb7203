"""The module glob."""
import os


def _match(name, pattern):
    import re
    source = ''
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == '*':
            source += '.*'
        elif char == '?':
            source += '.'
        elif char == '[' and ']' in pattern[at + 1:]:
            end = pattern.index(']', at + 1)
            source += '[' + pattern[at:end].replace('!', '^', 1) + ']'
            at = end + 1
        else:
            source += re.escape(char)
    return re.fullmatch(source, name, re.S) is not None


def _below(folder):
    yield folder
    try:
        names = sorted(os.listdir(folder or '.'))
    except OSError:
        return
    for name in names:
        path = folder + name + '/'
        if not name.startswith('.') and os.path.isdir(path):
            for each in _below(path):
                yield each


def _found(folder, parts, recursive):
    if not parts:
        yield folder[:-1] if folder.endswith('/') and len(folder) > 1 else folder
        return
    part, rest = parts[0], parts[1:]
    if part == '**' and recursive:
        for each in _below(folder):
            if rest:
                for found in _found(each, rest, recursive):
                    yield found
            else:
                yield each
        return
    if not any([char in part for char in '*?[']):
        if os.path.lexists(folder + part) if hasattr(os.path, 'lexists') else os.path.exists(folder + part):
            for found in _found(folder + part + '/', rest, recursive):
                yield found
        return
    try:
        names = os.listdir(folder or '.')
    except OSError:
        return
    for name in names:
        if (part.startswith('.') or not name.startswith('.')) and _match(name, part):
            if not rest or os.path.isdir(folder + name):
                for found in _found(folder + name + '/', rest, recursive):
                    yield found


def iglob(pathname, recursive=False, **options):
    begin = '/' if pathname.startswith('/') else ''
    return _found(begin, [part for part in pathname.split('/') if part], recursive)


def glob(pathname, recursive=False, **options):
    return list(iglob(pathname, recursive))


def escape(pathname):
    return ''.join(['[' + char + ']' if char in '*?[' else char for char in pathname])
