"""The module re; its expressions are matched by the host's engine."""
import js

A = ASCII = 256
I = IGNORECASE = 2
L = LOCALE = 4
M = MULTILINE = 8
S = DOTALL = 16
U = UNICODE = 32
X = VERBOSE = 64
NOFLAG = 0


class RegexFlag(int):
    pass


class error(Exception):
    def __init__(self, msg, pattern=None, pos=None):
        super().__init__(msg)
        self.msg = msg.rpartition(' at position ')[0] or msg
        self.pattern = pattern
        self.pos = pos


PatternError = error


class Match:
    def __init__(self, pattern, text, spans, pos=0, endpos=None):
        self.re = pattern
        self.string = text
        self.pos = pos
        self.endpos = len(text) if endpos is None else endpos
        self._spans = [tuple([int(part) for part in span.split(',')]) for span in spans.split(';')]
        self.regs = tuple(self._spans)

    def _number(self, group):
        if isinstance(group, str):
            if group not in self.re.groupindex:
                raise IndexError('no such group')
            return self.re.groupindex[group]
        if group < 0 or group >= len(self._spans):
            raise IndexError('no such group')
        return group

    def _text(self, group, default=None):
        start, end = self._spans[self._number(group)]
        return default if start < 0 else self.string[start:end]

    def group(self, *groups):
        if not groups:
            return self._text(0)
        if len(groups) == 1:
            return self._text(groups[0])
        return tuple([self._text(each) for each in groups])

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple([self._text(each, default) for each in range(1, len(self._spans))])

    def groupdict(self, default=None):
        found = {}
        for name in self.re._names:
            found[name] = self._text(name, default)
        return found

    def span(self, group=0):
        return self._spans[self._number(group)]

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    @property
    def lastindex(self):
        last = None
        for number in range(1, len(self._spans)):
            if self._spans[number][0] >= 0 and (last is None or self._spans[number][1] > self._spans[last][1]):
                last = number
        return last

    @property
    def lastgroup(self):
        for name in self.re._names:
            if self.re.groupindex[name] == self.lastindex:
                return name
        return None

    def expand(self, template):
        return _expand(template, self)

    def __repr__(self):
        return '<re.Match object; span=(%d, %d), match=%r>' % (self.start(), self.end(), self.group())


def _expand(template, match):
    """A replacement with \\1, \\g<name> and escapes."""
    if isinstance(template, bytes):
        return _expand(template.decode('latin1'), match).encode('latin1')
    if '\\' not in template:
        return template
    out = []
    at = 0
    while at < len(template):
        char = template[at]
        at += 1
        if char != '\\' or at >= len(template):
            out.append(char)
            continue
        char = template[at]
        at += 1
        if char == 'g' and template[at:at + 1] == '<':
            end = template.find('>', at)
            if end < 0:
                raise error('missing >, unterminated name at position %d' % (at + 1))
            name = template[at + 1:end]
            at = end + 1
            try:
                value = match._text(int(name) if name.isdigit() else name, '')
            except IndexError:
                if name.isdigit():
                    raise error('invalid group reference %s at position %d' % (name, at - len(name) - 1))
                raise IndexError("unknown group name '%s'" % name)
            out.append(value if isinstance(value, str) else value.decode('latin1'))
        elif char.isdigit():
            if char == '0':
                out.append('\0')
                continue
            if template[at:at + 1].isdigit():
                char += template[at]
                at += 1
            try:
                value = match._text(int(char), '')
            except IndexError:
                raise error('invalid group reference %s at position %d' % (char, at - len(char)))
            out.append(value if isinstance(value, str) else value.decode('latin1'))
        elif char in 'nrtfvab':
            out.append({'n': '\n', 'r': '\r', 't': '\t', 'f': '\f', 'v': '\v', 'a': '\a', 'b': '\b'}[char])
        elif char == '\\':
            out.append('\\')
        elif char.isalpha():
            raise error('bad escape \\%s at position %d' % (char, at - 2))
        else:
            out.append('\\' + char)
    return ''.join(out)


class Pattern:
    def __init__(self, pattern, flags=0):
        self.pattern = pattern
        self._bytes = isinstance(pattern, bytes)
        self._source = pattern.decode('latin1') if self._bytes else pattern
        said = js.call('regexCompile', self._source, int(flags) | (256 if self._bytes else 0))
        if said[:1] == '!':
            message = said[1:]
            position = message.rpartition(' ')[2]
            raise error(message, pattern, int(position) if position.isdigit() else None)
        parts = said.split(' ')
        self._flags = int(parts[0])
        self.flags = self._flags if self._bytes else self._flags | 32
        self.groups = int(parts[1])
        self._names = [part.split('=')[0] for part in parts[2:]]
        self.groupindex = {}
        for part in parts[2:]:
            name, number = part.split('=')
            self.groupindex[name] = int(number)

    def _run(self, text, pos, endpos, mode):
        if isinstance(text, str) == self._bytes:
            raise TypeError('cannot use a %s pattern on a %s-like object' % (('bytes', 'string') if self._bytes else ('string', 'bytes')))
        if endpos is not None:
            text = text[:endpos]
        return js.call('regexRun', self._source, self._flags, text.decode('latin1') if self._bytes else text, pos, mode)

    def _one(self, text, pos, endpos, mode):
        spans = self._run(text, pos, endpos, mode)
        return Match(self, text, spans, pos, endpos) if spans else None

    def match(self, string, pos=0, endpos=None):
        return self._one(string, pos, endpos, 'match')

    def fullmatch(self, string, pos=0, endpos=None):
        return self._one(string, pos, endpos, 'fullmatch')

    def search(self, string, pos=0, endpos=None):
        return self._one(string, pos, endpos, 'search')

    def _all(self, text, pos=0, endpos=None):
        spans = self._run(text, pos, endpos, 'all')
        return [Match(self, text, each, pos, endpos) for each in spans.split('|')] if spans else []

    def finditer(self, string, pos=0, endpos=None):
        return iter(self._all(string, pos, endpos))

    def findall(self, string, pos=0, endpos=None):
        empty = b'' if self._bytes else ''
        found = []
        for match in self._all(string, pos, endpos):
            found.append(match.group() if self.groups == 0 else match._text(1, empty) if self.groups == 1 else match.groups(empty))
        return found

    def subn(self, repl, string, count=0):
        parts = []
        at = 0
        made = 0
        for match in self._all(string):
            if count and made >= count:
                break
            parts.append(string[at:match.start()])
            parts.append(repl(match) if callable(repl) else _expand(repl, match))
            at = match.end()
            made += 1
        parts.append(string[at:])
        return (b'' if self._bytes else '').join(parts), made

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def split(self, string, maxsplit=0):
        parts = []
        at = 0
        for match in self._all(string):
            if maxsplit and len(parts) >= maxsplit * (1 + self.groups):
                break
            parts.append(string[at:match.start()])
            parts.extend(match.groups())
            at = match.end()
        parts.append(string[at:])
        return parts

    def __repr__(self):
        names = [name for name, bit in (('re.IGNORECASE', 2), ('re.MULTILINE', 8), ('re.DOTALL', 16), ('re.VERBOSE', 64), ('re.ASCII', 256)) if self._flags & bit]
        return 're.compile(%r%s)' % (self.pattern, ', ' + '|'.join(names) if names else '')

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self._flags) == (other.pattern, other._flags)

    def __hash__(self):
        return hash((self.pattern, self._flags))


_cache = {}


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        return pattern
    key = (pattern, int(flags))
    if key not in _cache:
        _cache[key] = Pattern(pattern, flags)
    return _cache[key]


def purge():
    _cache.clear()


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def escape(pattern):
    special = '()[]{}?*+-|^$\\.&~# \t\n\r\v\f'
    if isinstance(pattern, bytes):
        return escape(pattern.decode('latin1')).encode('latin1')
    return ''.join(['\\' + char if char in special else char for char in pattern])
