"""A stand-in for Jinja by the lab: expressions, filters, if, for, set, block, extends, include."""
import os

__version__ = '3.1.6'


class TemplateNotFound(Exception):
    pass


class TemplateSyntaxError(Exception):
    pass


class Markup(str):
    pass


def escape(value):
    if isinstance(value, Markup):
        return value
    text = str(value)
    for a, b in (('&', '&amp;'), ('<', '&lt;'), ('>', '&gt;'), ('"', '&#34;'), ("'", '&#39;')):
        text = text.replace(a, b)
    return Markup(text)


class Undefined:
    def __str__(self):
        return ''

    def __bool__(self):
        return False

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


_undefined = Undefined()


class Loop:
    def __init__(self, length):
        self.index = 0
        self.length = length

    @property
    def index0(self):
        return self.index - 1

    @property
    def first(self):
        return self.index == 1

    @property
    def last(self):
        return self.index == self.length

    def cycle(self, *items):
        return items[(self.index - 1) % len(items)]


class _Bag:
    """A value whose members may be asked for by a dot."""


def _tokens(source):
    out = []
    at = 0
    while True:
        starts = [(source.find(mark, at), mark) for mark in ('{{', '{%', '{#')]
        starts = [pair for pair in starts if pair[0] >= 0]
        if not starts:
            out.append(('text', source[at:]))
            return out
        start, mark = min(starts)
        end = source.find({'{{': '}}', '{%': '%}', '{#': '#}'}[mark], start)
        if end < 0:
            raise TemplateSyntaxError('unexpected end of template')
        inner = source[start + 2:end]
        before = source[at:start]
        if inner[:1] == '-':
            before = before.rstrip()
            inner = inner[1:]
        at = end + 2
        trim = inner[-1:] == '-'
        if trim:
            inner = inner[:-1]
        out.append(('text', before))
        if mark != '{#':
            out.append(('value' if mark == '{{' else 'tag', inner.strip()))
        if trim:
            while at < len(source) and source[at] in ' \n\t\r':
                at += 1


def _parse(tokens, at, ends):
    nodes = []
    while at < len(tokens):
        kind, text = tokens[at]
        if kind != 'tag':
            if text:
                nodes.append((kind, text))
            at += 1
            continue
        word = text.split(None, 1)[0] if text else ''
        if word in ends:
            return nodes, at
        rest = text[len(word):].strip()
        at += 1
        if word == 'if':
            branches = []
            test = rest
            while True:
                body, at = _parse(tokens, at, ('elif', 'else', 'endif'))
                branches.append((test, body))
                text = tokens[at][1]
                at += 1
                if text.startswith('elif'):
                    test = text[4:].strip()
                elif text.startswith('else'):
                    test = 'True'
                else:
                    break
            nodes.append(('if', branches))
        elif word == 'for':
            names, _, over = rest.partition(' in ')
            body, at = _parse(tokens, at, ('else', 'endfor'))
            other = []
            if tokens[at][1].startswith('else'):
                other, at = _parse(tokens, at + 1, ('endfor',))
            at += 1
            nodes.append(('for', [name.strip() for name in names.split(',')], over, body, other))
        elif word == 'block':
            body, at = _parse(tokens, at, ('endblock',))
            at += 1
            nodes.append(('block', rest.split()[0], body))
        elif word == 'set':
            name, _, value = rest.partition('=')
            nodes.append(('set', name.strip(), value.strip()))
        elif word in ('extends', 'include'):
            nodes.append((word, rest))
        elif word == 'with':
            body, at = _parse(tokens, at, ('endwith',))
            at += 1
            name, _, value = rest.partition('=')
            nodes.append(('set', name.strip(), value.strip()))
            nodes.extend(body)
        else:
            raise TemplateSyntaxError("Encountered unknown tag '" + word + "'.")
    return nodes, at


def _split(text, mark):
    """Parts between marks that stand in no brackets or quotes."""
    parts = []
    depth = 0
    quote = None
    last = 0
    for at in range(len(text)):
        c = text[at]
        if quote:
            if c == quote:
                quote = None
        elif c in '"\'':
            quote = c
        elif c in '([{':
            depth += 1
        elif c in ')]}':
            depth -= 1
        elif c == mark and not depth:
            parts.append(text[last:at])
            last = at + 1
    parts.append(text[last:])
    return parts


def _wrap(value):
    if isinstance(value, dict):
        return _Dotted(value)
    return value


class _Dotted(dict):
    def __init__(self, values):
        super().__init__()
        for key in values:
            self[key] = values[key]

    def __getattr__(self, name):
        try:
            return _wrap(self[name])
        except KeyError:
            return _undefined


class _Scope(dict):
    pass


_filters = {
    'upper': lambda v: str(v).upper(), 'lower': lambda v: str(v).lower(), 'title': lambda v: str(v).title(),
    'capitalize': lambda v: str(v).capitalize(), 'trim': lambda v: str(v).strip(), 'length': len, 'count': len,
    'safe': lambda v: Markup(str(v)), 'e': escape, 'escape': escape, 'int': lambda v, d=0: int(v), 'float': float, 'string': str,
    'join': lambda v, sep='': sep.join([str(each) for each in v]), 'default': lambda v, d='', b=False: d if isinstance(v, Undefined) or (b and not v) else v,
    'first': lambda v: list(v)[0], 'last': lambda v: list(v)[-1], 'sort': lambda v: sorted(v), 'reverse': lambda v: list(reversed(list(v))),
    'list': list, 'replace': lambda v, a, b: str(v).replace(a, b), 'round': lambda v, n=0: round(v, n), 'abs': abs, 'sum': sum,
    'max': max, 'min': min, 'unique': lambda v: list(set(v)), 'items': lambda v: list(v.items()),
}
_filters['d'] = _filters['default']


def _tojson(value, indent=None):
    import json
    return Markup(json.dumps(value, indent=indent))


_filters['tojson'] = _tojson


class Template:
    def __init__(self, source, environment):
        self.environment = environment
        self.nodes, _ = _parse(_tokens(source), 0, ())

    def evaluate(self, text, scope):
        parts = _split(text, '|')
        source = parts[0].strip()
        for old, new in ((' is not defined', ' is _undefined'), (' is defined', ' is not _undefined'), (' is none', ' is None')):
            source = source.replace(old, new)
        for old, new in ((' true', ' True'), (' false', ' False')):
            source = (' ' + source).replace(old, new).strip()
        try:
            value = eval(source, scope)
        except (NameError, KeyError, AttributeError):
            name = source.split(' ')[0]
            if ' is ' in source or ' not ' in source or ' and ' in source or ' or ' in source or source.startswith('not '):
                words = source.replace('(', ' ').replace(')', ' ').split()
                for word in words:
                    base = word.split('.')[0]
                    if base.isidentifier() and base not in scope and base not in ('is', 'not', 'and', 'or', 'None', 'True', 'False', 'in', 'if', 'else'):
                        scope[base] = _undefined
                value = eval(source, scope)
            else:
                value = _undefined
        for part in parts[1:]:
            name, paren, args = part.strip().partition('(')
            if paren:
                value = eval('_filters[' + repr(name) + '](_value, ' + args, dict(scope, _filters=self.environment.filters, _value=value))
            else:
                value = self.environment.filters[name](value)
        return value

    def render(self, *args, **context):
        for each in args:
            context = dict(each, **context)
        scope = {'_undefined': _undefined, 'range': range, 'dict': dict}
        for name, value in self.environment.globals.items():
            scope[name] = _wrap(value)
        for name, value in context.items():
            scope[name] = _wrap(value)
        return self._render(scope, {})

    def _render(self, scope, blocks):
        for node in self.nodes:
            if node[0] == 'extends':
                for each in self.nodes:
                    if each[0] == 'block' and each[1] not in blocks:
                        blocks[each[1]] = each[2]
                    elif each[0] == 'set':
                        self._write([each], scope, blocks, [])
                return self.environment.get_template(self.evaluate(node[1], scope))._render(scope, blocks)
        out = []
        self._write(self.nodes, scope, blocks, out)
        text = ''.join(out)
        return text[:-1] if text.endswith('\n') else text

    def _write(self, nodes, scope, blocks, out):
        for node in nodes:
            kind = node[0]
            if kind == 'text':
                out.append(node[1])
            elif kind == 'value':
                value = self.evaluate(node[1], scope)
                out.append(str(escape(value)) if self.environment.autoescape else str(value))
            elif kind == 'if':
                for test, body in node[1]:
                    if self.evaluate(test, scope):
                        self._write(body, scope, blocks, out)
                        break
            elif kind == 'for':
                items = list(self.evaluate(node[2], scope))
                inner = dict(scope)
                loop = inner['loop'] = Loop(len(items))
                for item in items:
                    loop.index += 1
                    if len(node[1]) == 1:
                        inner[node[1][0]] = _wrap(item)
                    else:
                        for name, value in zip(node[1], item):
                            inner[name] = _wrap(value)
                    self._write(node[3], inner, blocks, out)
                if not items:
                    self._write(node[4], scope, blocks, out)
            elif kind == 'set':
                scope[node[1]] = _wrap(self.evaluate(node[2], scope))
            elif kind == 'block':
                self._write(blocks.get(node[1], node[2]), scope, blocks, out)
            elif kind == 'include':
                out.append(self.environment.get_template(self.evaluate(node[1], scope))._render(scope, {}))


class FileSystemLoader:
    def __init__(self, path):
        self.paths = [path] if isinstance(path, str) else path

    def load(self, name):
        for path in self.paths:
            full = os.path.join(path, name)
            if os.path.isfile(full):
                with open(full) as file:
                    return file.read()
        raise TemplateNotFound(name)


class Environment:
    def __init__(self, loader=None, autoescape=False, **options):
        self.loader = loader
        self.autoescape = autoescape
        self.filters = dict(_filters)
        self.globals = {}

    def get_template(self, name):
        return Template(self.loader.load(name), self)

    def from_string(self, source):
        return Template(source, self)


def select_autoescape(*args, **options):
    return True
