"""Methods that CPython's built-in types have and the interpreter's do not: put into their tables."""
import builtins
import js


def capitalize(s):
    return s[:1].upper() + s[1:].lower()


def title(s):
    out = []
    before = False
    for c in s:
        out.append((c.lower() if before else c.upper()) if c.isalpha() else c)
        before = c.isalpha()
    return ''.join(out)


def swapcase(s):
    return ''.join([c.lower() if c.isupper() else c.upper() for c in s])


def ljust(s, width, fill=' '):
    return s + fill * (width - len(s))


def rjust(s, width, fill=' '):
    return fill * (width - len(s)) + s


def zfill(s, width):
    if s[:1] in ('+', '-') and s:
        return s[0] + '0' * (width - len(s)) + s[1:]
    return '0' * (width - len(s)) + s


def expandtabs(s, tabsize=8):
    out = ''
    column = 0
    for c in s:
        if c == '\t':
            pad = tabsize - column % tabsize
            out += ' ' * pad
            column += pad
        else:
            out += c
            column = 0 if c in '\r\n' else column + 1
    return out


def removeprefix(s, prefix):
    return s[len(prefix):] if prefix and s.startswith(prefix) else s


def removesuffix(s, suffix):
    return s[:-len(suffix)] if suffix and s.endswith(suffix) else s


def isalnum(s):
    return bool(s) and all([c.isalpha() or c.isdigit() for c in s])


def isdecimal(s):
    return s.isdigit()


def isascii(s):
    return all([ord(c) < 128 for c in s])


def isidentifier(s):
    return bool(s) and not s[0].isdigit() and all([c == '_' or c.isalpha() or c.isdigit() for c in s])


def isprintable(s):
    return all([ord(c) >= 32 and ord(c) != 127 for c in s])


def istitle(s):
    return bool(s) and s == s.title() and s != s.lower()


def casefold(s):
    return s.lower()


def translate(s, table):
    out = []
    for c in s:
        to = table.get(ord(c), c)
        if to is not None:
            out.append(chr(to) if isinstance(to, int) else to)
    return ''.join(out)


def maketrans(x, y=None, z=None):
    if y is None:
        return {(ord(k) if isinstance(k, str) else k): v for k, v in x.items()}
    table = {ord(a): ord(b) for a, b in zip(x, y)}
    for c in z or '':
        table[ord(c)] = None
    return table


native_format = str.format


def format(s, *args, **named):
    """str.format and f-strings, for values that have a __format__ of their own too."""
    own = False
    for value in args:
        own = own or hasattr(value, '__format__')
    for value in named.values():
        own = own or hasattr(value, '__format__')
    if not own:
        return native_format(s, *args, **named)
    out = []
    at = 0
    number = 0
    while at < len(s):
        char = s[at]
        at += 1
        if char in '{}' and s[at:at + 1] == char:
            at += 1
        elif char == '{':
            depth = 1
            begin = at
            while depth:
                depth += {'{': 1, '}': -1}.get(s[at], 0)
                at += 1
            name, colon, spec = s[begin:at - 1].partition(':')
            name, mark, conversion = name.partition('!')
            if name == '':
                name = str(number)
                number += 1
            value = args[int(name)] if name.isdigit() else named.get(name)
            simple = name.isdigit() or name in named
            if simple and not mark and hasattr(value, '__format__'):
                out.append(value.__format__(spec))
            elif simple:
                out.append(native_format('{0' + mark + conversion + colon + spec + '}', value))
            else:
                out.append(native_format('{' + name + mark + conversion + colon + spec + '}', *args, **named))
            continue
        out.append(char)
    return ''.join(out)


def format_map(s, mapping):
    return s.format(**mapping)


def is_integer(f):
    return f == f and f not in (float('inf'), float('-inf')) and f == int(f)


def bit_length(n):
    return len(bin(abs(n))) - 2 if n else 0


def bit_count(n):
    return bin(abs(n)).count('1')


def add_note(e, note):
    pass


def with_traceback(e, traceback):
    return e


def extend_type(kind, instead=(), **methods):
    held.append(methods)
    own = kind.__dict__
    for name in list(own.keys()):
        if name not in instead:
            methods[name] = own[name]
    js.call('replaceMap', id(own), id(methods))


held = []
extend_type(
    str, capitalize=capitalize, title=title, swapcase=swapcase, ljust=ljust, rjust=rjust, zfill=zfill,
    expandtabs=expandtabs, removeprefix=removeprefix, removesuffix=removesuffix, isalnum=isalnum, isdecimal=isdecimal,
    isnumeric=isdecimal, isascii=isascii, isidentifier=isidentifier, isprintable=isprintable, istitle=istitle,
    casefold=casefold, translate=translate, maketrans=staticmethod(maketrans), format_map=format_map,
    format=format, instead=('format',),
)
extend_type(bytes, ljust=lambda s, w, f=b' ': s + f * (w - len(s)), rjust=lambda s, w, f=b' ': f * (w - len(s)) + s, removeprefix=removeprefix, removesuffix=removesuffix)
extend_type(int, bit_length=bit_length, bit_count=bit_count, is_integer=lambda n: True, conjugate=lambda n: n)
builtins.format = lambda value, spec='': format('{:' + spec + '}', value)
