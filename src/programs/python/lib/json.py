"""The module json."""
import ujson as _native


class JSONDecodeError(ValueError):
    pass


def _string(text, ascii):
    out = ['"']
    for c in text:
        if c == '"':
            out.append('\\"')
        elif c == '\\':
            out.append('\\\\')
        elif c == '\n':
            out.append('\\n')
        elif c == '\r':
            out.append('\\r')
        elif c == '\t':
            out.append('\\t')
        elif c == '\b':
            out.append('\\b')
        elif c == '\f':
            out.append('\\f')
        else:
            n = ord(c)
            if n < 32 or (ascii and 126 < n < 65536):
                out.append('\\u%04x' % n)
            elif ascii and n >= 65536:
                n -= 65536
                out.append('\\u%04x\\u%04x' % (0xD800 | n >> 10, 0xDC00 | n & 1023))
            else:
                out.append(c)
    out.append('"')
    return ''.join(out)


def _float(value):
    if value != value:
        return 'NaN'
    if value in (float('inf'), float('-inf')):
        return 'Infinity' if value > 0 else '-Infinity'
    return repr(value)


def _key(key):
    if isinstance(key, str):
        return key
    if key is True:
        return 'true'
    if key is False:
        return 'false'
    if key is None:
        return 'null'
    if isinstance(key, (int, float)):
        return repr(key)
    raise TypeError('keys must be str, int, float, bool or None, not ' + type(key).__name__)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    if cls is not None:
        default = cls(**kw).default
    comma, colon = separators or ((', ', ': ') if indent is None else (',', ': '))
    if isinstance(indent, int):
        indent = ' ' * indent

    def write(value, level):
        if isinstance(value, str):
            return _string(value, ensure_ascii)
        if value is None:
            return 'null'
        if value is True:
            return 'true'
        if value is False:
            return 'false'
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, float):
            return _float(value)
        if isinstance(value, (list, tuple)):
            return wrap('[', [write(item, level + 1) for item in value], ']', level)
        if isinstance(value, dict):
            items = value.items()
            if sort_keys:
                items = sorted(items, key=lambda pair: pair[0])
            return wrap('{', [_string(_key(k), ensure_ascii) + colon + write(v, level + 1) for k, v in items], '}', level)
        if default is not None:
            return write(default(value), level)
        raise TypeError('Object of type ' + type(value).__name__ + ' is not JSON serializable')

    def wrap(left, parts, right, level):
        if not parts:
            return left + right
        if indent is None:
            return left + comma.join(parts) + right
        pad = '\n' + indent * (level + 1)
        return left + pad + (comma.rstrip() + pad if separators is None else comma + pad).join(parts) + '\n' + indent * level + right

    return write(obj, 0)


def dump(obj, fp, **options):
    fp.write(dumps(obj, **options))


def loads(s, *, cls=None, object_hook=None, **kw):
    if isinstance(s, (bytes, bytearray)):
        s = bytes(s).decode()
    if not isinstance(s, str):
        raise TypeError('the JSON object must be str, bytes or bytearray, not ' + type(s).__name__)
    if not s.strip():
        raise JSONDecodeError('Expecting value: line 1 column 1 (char 0)')
    try:
        value = _native.loads(s)
    except ValueError:
        raise JSONDecodeError('Expecting value: line 1 column 1 (char 0)')
    return value if object_hook is None else _hook(value, object_hook)


def _hook(value, hook):
    if isinstance(value, dict):
        return hook({k: _hook(v, hook) for k, v in value.items()})
    if isinstance(value, list):
        return [_hook(v, hook) for v in value]
    return value


def load(fp, **options):
    return loads(fp.read(), **options)


class JSONEncoder:
    def __init__(self, **options):
        self.options = options

    def default(self, o):
        raise TypeError('Object of type ' + type(o).__name__ + ' is not JSON serializable')

    def encode(self, o):
        return dumps(o, default=self.default, **self.options)


class JSONDecoder:
    def decode(self, s):
        return loads(s)
