"""The module argparse: what command lines of scripts need."""
import os
import sys

SUPPRESS = '==SUPPRESS=='
OPTIONAL = '?'
ZERO_OR_MORE = '*'
ONE_OR_MORE = '+'
REMAINDER = '...'


class ArgumentTypeError(Exception):
    pass


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = argument.shown() if argument else None
        self.message = message
        super().__init__(message if argument is None else 'argument %s: %s' % (self.argument_name, message))


class HelpFormatter:
    pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class Namespace:
    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    def __repr__(self):
        return 'Namespace(%s)' % ', '.join(['%s=%r' % pair for pair in self.__dict__.items()])

    def __eq__(self, other):
        return isinstance(other, Namespace) and self.__dict__ == other.__dict__

    def __contains__(self, name):
        return name in self.__dict__


class Action:
    def __init__(self, flags, dest, action='store', nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None, version=None):
        self.option_strings = flags
        self.dest = dest
        self.action = action
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.required = required
        self.help = help
        self.metavar = metavar
        self.version = version

    def shown(self):
        if self.option_strings:
            return '/'.join(self.option_strings)
        return str(self.metavar or self.dest)

    def takes(self):
        return self.action in ('store', 'append', 'extend')

    def name(self):
        if isinstance(self.metavar, str):
            return self.metavar
        if self.choices is not None:
            return '{%s}' % ','.join([str(each) for each in self.choices])
        return self.dest.upper() if self.option_strings else self.dest

    def values(self):
        """How its values stand in the usage."""
        name = self.name()
        names = list(self.metavar) if isinstance(self.metavar, tuple) else None
        if self.nargs is None:
            return name
        if self.nargs == '?':
            return '[%s]' % name
        if self.nargs == '*':
            return '[%s ...]' % name
        if self.nargs == '+':
            return '%s [%s ...]' % (name, name)
        if self.nargs == REMAINDER:
            return '...'
        if self.nargs == 'A...':
            return '%s ...' % name
        return ' '.join(names or [name] * self.nargs)


class _Group:
    def __init__(self, parser, title=None, description=None, exclusive=False, required=False):
        self.parser = parser
        self.title = title
        self.description = description
        self.exclusive = exclusive
        self.required = required
        self.actions = []

    def add_argument(self, *flags, **options):
        action = self.parser._add(flags, options)
        self.actions.append(action)
        if not self.exclusive and self.title:
            self.parser._grouped.append(action)
        return action

    def add_mutually_exclusive_group(self, required=False):
        return self.parser.add_mutually_exclusive_group(required=required)


class _Subparsers:
    def __init__(self, parser, action, options):
        self.parser = parser
        self.action = action
        self.options = options
        self.parsers = {}
        self.helps = []

    def add_parser(self, name, help=None, aliases=(), **options):
        before = [action.values() for action in self.parser._actions if not action.option_strings and action is not self.action]
        options.setdefault('prog', ' '.join([self.parser.prog] + before + [name]))
        made = ArgumentParser(**options)
        for each in (name,) + tuple(aliases):
            self.parsers[each] = made
        if help is not None:
            self.helps.append((name + (' (%s)' % ', '.join(aliases) if aliases else ''), help))
        self.action.choices = list(self.parsers)
        return made


def _wrap(text, width):
    lines = []
    line = ''
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = line + ' ' + word if line else word
    if line:
        lines.append(line)
    return lines or ['']


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars='-', add_help=True, allow_abbrev=True, exit_on_error=True, argument_default=None, **ignored):
        self.prog = prog or os.path.basename(sys.argv[0] if sys.argv else '')
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self.formatter_class = formatter_class
        self.allow_abbrev = allow_abbrev
        self.exit_on_error = exit_on_error
        self._actions = []
        self._groups = []
        self._exclusive = []
        self._grouped = []
        self._defaults = {}
        self._subparsers = None
        if add_help:
            self.add_argument('-h', '--help', action='help', help='show this help message and exit', default=SUPPRESS)
        for parent in parents:
            self._actions.extend([each for each in parent._actions if each.action != 'help'])

    def add_argument(self, *flags, **options):
        return self._add(flags, options)

    def _add(self, flags, options):
        action = options.get('action', 'store')
        optional = bool(flags) and flags[0][:1] == '-'
        dest = options.pop('dest', None)
        if not optional:
            dest = flags[0] if flags else dest
            flags = ()
        elif dest is None:
            long = [flag for flag in flags if flag[:2] == '--']
            dest = (long or list(flags))[0].lstrip('-').replace('-', '_')
        if not isinstance(action, str) and getattr(action, '__name__', '') == 'BooleanOptionalAction':
            options['action'] = 'boolean'
            flags = tuple(flags) + tuple(['--no-' + flag[2:] for flag in flags if flag[:2] == '--'])
        if action == 'store_true':
            options.setdefault('default', False)
        elif action == 'store_false':
            options.setdefault('default', True)
        elif action == 'version':
            options.setdefault('default', SUPPRESS)
            options.setdefault('help', "show program's version number and exit")
        made = Action(list(flags), dest, **options)
        if not optional and made.nargs not in ('?', '*'):
            made.required = True
        self._actions.append(made)
        return made

    def add_argument_group(self, title=None, description=None):
        group = _Group(self, title, description)
        self._groups.append(group)
        return group

    def add_mutually_exclusive_group(self, required=False):
        group = _Group(self, exclusive=True, required=required)
        self._exclusive.append(group)
        return group

    def add_subparsers(self, dest=None, required=False, help=None, metavar=None, title=None, description=None, **options):
        action = Action([], dest, 'subparser', nargs='A...', required=required, help=help, metavar=metavar)
        self._actions.append(action)
        self._subparsers = _Subparsers(self, action, {'title': title, 'description': description})
        if title:
            self._grouped.append(action)
        return self._subparsers

    def set_defaults(self, **values):
        self._defaults.update(values)

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest)

    # usage and help

    def _usage(self):
        if self.usage:
            return 'usage: ' + self.usage.replace('%(prog)s', self.prog) + '\n'
        parts = []
        done = []
        for action in [each for each in self._actions if each.option_strings]:
            if action.help == SUPPRESS or action in done:
                continue
            group = [each for each in self._exclusive if action in each.actions]
            if group:
                members = group[0].actions
                done.extend(members)
                text = ' | '.join([self._optional(each) for each in members])
                parts.append('(%s)' % text if group[0].required else '[%s]' % text)
            else:
                text = self._optional(action)
                parts.append(text if action.required else '[%s]' % text)
        positional = [each.values() for each in self._actions if not each.option_strings and each.help != SUPPRESS]
        width = int(os.environ.get('COLUMNS', 80)) - 2
        begin = 'usage: %s ' % self.prog
        one = begin + ' '.join(parts + positional)
        if len(one) <= width:
            return one.rstrip() + '\n'
        pad = ' ' * len(begin)
        lines = []
        for group in (parts, positional):
            line = pad
            for part in group:
                if len(line) + len(part) > width and line.strip():
                    lines.append(line.rstrip())
                    line = pad
                line += part + ' '
            if line.strip():
                lines.append(line.rstrip())
        return begin + lines[0][len(begin):] + '\n' + ''.join([line + '\n' for line in lines[1:]])

    def _optional(self, action):
        flag = ' | '.join(action.option_strings) if action.action == 'boolean' else action.option_strings[0]
        return flag + ' ' + action.values() if action.takes() else flag

    def format_usage(self):
        return self._usage()

    def _left(self, action):
        if not action.option_strings:
            return action.name()
        if not action.takes():
            return ', '.join(action.option_strings)
        if sys.version_info >= (3, 13):
            return ', '.join(action.option_strings) + ' ' + action.values()
        return ', '.join([flag + ' ' + action.values() for flag in action.option_strings])

    def _rows(self, title, actions, text=None):
        rows = []
        for action in actions:
            if action.help == SUPPRESS:
                continue
            rows.append((2, self._left(action), self._expanded(action)))
            if action.action == 'subparser':
                rows.extend([(4, name, help) for name, help in self._subparsers.helps])
        return (title, text, rows)

    def _expanded(self, action):
        if action.help is None:
            return ''
        text = action.help
        if self.formatter_class is ArgumentDefaultsHelpFormatter and '%(default)' not in text and action.default not in (SUPPRESS, None) and (action.option_strings or action.nargs in ('?', '*')):
            text += ' (default: %(default)s)'
        for name, value in (('default', action.default), ('prog', self.prog), ('type', getattr(action.type, '__name__', action.type)), ('metavar', action.metavar), ('dest', action.dest), ('const', action.const), ('choices', ', '.join([str(each) for each in action.choices or []]))):
            for kind in 'sdr':
                text = text.replace('%%(%s)%s' % (name, kind), repr(value) if kind == 'r' else str(value))
        return text.replace('%%', '%')

    def format_help(self):
        width = int(os.environ.get('COLUMNS', 80)) - 2
        raw = self.formatter_class in (RawDescriptionHelpFormatter, RawTextHelpFormatter)
        out = [self._usage()]
        if self.description:
            text = self.description.replace('%(prog)s', self.prog)
            out.append('\n' + (text.rstrip('\n') if raw else '\n'.join(_wrap(text, width))) + '\n')
        rest = [each for each in self._actions if each not in self._grouped]
        sections = [self._rows('positional arguments', [each for each in rest if not each.option_strings])]
        sections.append(self._rows('options', [each for each in rest if each.option_strings]))
        if self._subparsers and self._subparsers.options['title']:
            sections.append(self._rows(self._subparsers.options['title'], [self._subparsers.action], self._subparsers.options['description']))
        for group in self._groups:
            if group.title:
                sections.append(self._rows(group.title, group.actions, group.description))
        longest = max([indent + len(left) for _, _, rows in sections for indent, left, _ in rows] or [0])
        column = min(longest + 2, 24)
        for title, text, rows in sections:
            if not rows and not text:
                continue
            out.append('\n%s:\n' % title)
            if text:
                out.append('  ' + text + '\n\n')
            for indent, left, help in rows:
                lines = help.split('\n') if self.formatter_class is RawTextHelpFormatter else _wrap(help, width - column)
                if not help:
                    out.append(' ' * indent + left + '\n')
                elif indent + len(left) <= column - 2:
                    out.append((' ' * indent + left + ' ' * column)[:column] + lines[0] + '\n')
                    lines = lines[1:]
                else:
                    out.append(' ' * indent + left + '\n')
                if help:
                    out.extend([' ' * column + line + '\n' for line in lines])
        if self.epilog:
            out.append('\n' + (self.epilog if raw else '\n'.join(_wrap(self.epilog.replace('%(prog)s', self.prog), width))) + '\n')
        return ''.join(out)

    def print_usage(self, file=None):
        (file or sys.stdout).write(self.format_usage())

    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())

    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, '%s: error: %s\n' % (self.prog, message))

    # reading a command line

    def parse_args(self, args=None, namespace=None):
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error('unrecognized arguments: ' + ' '.join(rest))
        return found

    def parse_known_args(self, args=None, namespace=None):
        try:
            return self._parse(list(sys.argv[1:] if args is None else args), namespace or Namespace())
        except ArgumentError as error:
            if not self.exit_on_error:
                raise
            self.error(str(error))

    def _value(self, action, text):
        value = text
        if action.type is not None:
            try:
                value = action.type(text)
            except ArgumentTypeError as error:
                raise ArgumentError(action, str(error))
            except (TypeError, ValueError):
                raise ArgumentError(action, 'invalid %s value: %r' % (getattr(action.type, '__name__', repr(action.type)), text))
        if action.choices is not None and value not in action.choices:
            shown = repr if sys.version_info < (3, 12) or True else str
            raise ArgumentError(action, 'invalid choice: %r (choose from %s)' % (value, ', '.join([shown(each) for each in action.choices])))
        return value

    def _find(self, flag):
        for action in self._actions:
            if flag in action.option_strings:
                return action
        if self.allow_abbrev and flag[:2] == '--':
            near = [(name, action) for action in self._actions for name in action.option_strings if name.startswith(flag)]
            if len(near) > 1:
                raise ArgumentError(None, 'ambiguous option: %s could match %s' % (flag, ', '.join([name for name, _ in near])))
            if near:
                return near[0][1]
        return None

    def _numeric(self, text):
        try:
            float(text)
            return not any([flag[1:2].isdigit() for action in self._actions for flag in action.option_strings])
        except ValueError:
            return False

    def _flag(self, text):
        return len(text) > 1 and text[0] == '-' and not self._numeric(text) and ' ' not in text

    def _take(self, action, given, values, seen, attached=None):
        kind = action.action
        seen.append(action)
        for group in self._exclusive:
            if action in group.actions:
                others = [each for each in group.actions if each in seen and each is not action]
                if others:
                    raise ArgumentError(action, 'not allowed with argument ' + others[0].shown())
        if not isinstance(kind, str):
            return given
        if kind in ('store', 'append', 'extend'):
            available = [attached] if attached is not None else []
            if attached is None:
                while available is not None and given and not self._flag(given[0]) or given and action.nargs == REMAINDER:
                    if action.nargs in (None, '?') and len(available) == 1 or isinstance(action.nargs, int) and len(available) == action.nargs:
                        break
                    available.append(given.pop(0))
            if action.nargs is None:
                if not available:
                    raise ArgumentError(action, 'expected one argument')
                value = self._value(action, available[0])
            elif action.nargs == '?':
                value = self._value(action, available[0]) if available else action.const
            else:
                if action.nargs == '+' and not available:
                    raise ArgumentError(action, 'expected at least one argument')
                if isinstance(action.nargs, int) and len(available) != action.nargs:
                    raise ArgumentError(action, 'expected %d argument%s' % (action.nargs, '' if action.nargs == 1 else 's'))
                value = [self._value(action, each) for each in available]
            if kind == 'store':
                values[action.dest] = value
            else:
                before = list(values.get(action.dest) or [])
                values[action.dest] = before + (list(value) if kind == 'extend' else [value])
            return given
        if attached is not None:
            raise ArgumentError(action, 'ignored explicit argument %r' % attached)
        if kind == 'store_true' or kind == 'store_false':
            values[action.dest] = kind == 'store_true'
        elif kind == 'store_const':
            values[action.dest] = action.const
        elif kind == 'append_const':
            values[action.dest] = list(values.get(action.dest) or []) + [action.const]
        elif kind == 'count':
            values[action.dest] = (values.get(action.dest) or 0) + 1
        elif kind == 'help':
            self.print_help()
            self.exit()
        elif kind == 'version':
            sys.stdout.write((action.version or '').replace('%(prog)s', self.prog) + '\n')
            self.exit()
        return given

    def _parse(self, given, namespace):
        values = {}
        for action in self._actions:
            if action.dest and action.default is not SUPPRESS and action.action != 'help' and action.dest not in values and not hasattr(namespace, action.dest):
                values[action.dest] = action.default
        for name, value in self._defaults.items():
            values[name] = value
        waiting = [each for each in self._actions if not each.option_strings]
        seen = []
        extra = []
        free = []
        ended = False

        def settle(last):
            """Gives what came without a flag to the positional arguments."""
            while waiting:
                action = waiting[0]
                least = sum([1 if each.nargs in (None, '+', 'A...') else each.nargs if isinstance(each.nargs, int) else 0 for each in waiting[1:]])
                have = len(free) - (least if last or len(free) > least else 0)
                need = 1 if action.nargs in (None, '+', 'A...') else action.nargs if isinstance(action.nargs, int) else 0
                if len(free) < need or not free and not last:
                    if last and not need:
                        pass
                    else:
                        return
                many = need if isinstance(action.nargs, int) or action.nargs is None else min(1, max(have, 0)) if action.nargs == '?' else max(have, need)
                taken = free[:many]
                del free[:many]
                waiting.pop(0)
                if action.nargs is None:
                    values[action.dest] = self._value(action, taken[0])
                elif action.nargs == '?':
                    if taken:
                        values[action.dest] = self._value(action, taken[0])
                elif taken or action.default is None:
                    values[action.dest] = [self._value(action, each) for each in taken]
                seen.append(action)

        while given:
            text = given.pop(0)
            if not ended and text == '--':
                ended = True
                continue
            if ended or not self._flag(text):
                free.append(text)
                if waiting and waiting[0].action == 'subparser':
                    action = waiting.pop(0)
                    name = free.pop()
                    chosen = self._subparsers.parsers.get(name)
                    if chosen is None:
                        raise ArgumentError(action, 'invalid choice: %r (choose from %s)' % (name, ', '.join([repr(each) for each in self._subparsers.parsers])))
                    seen.append(action)
                    if action.dest:
                        values[action.dest] = name
                    inner, more = chosen._parse(given, Namespace())
                    values.update(inner.__dict__)
                    extra.extend(more)
                    given = []
                elif waiting and waiting[0].nargs == REMAINDER:
                    values[waiting.pop(0).dest] = free + given
                    free = []
                    given = []
                elif not given or self._flag(given[0]) or waiting and len(waiting) > 1 and waiting[1].action == 'subparser':
                    settle(False)
                    extra.extend(free)
                    free = []
                continue
            flag, mark, attached = text.partition('=')
            action = self._find(text) or (self._find(flag) if mark else None)
            if action is not None:
                if action.action == 'boolean':
                    values[action.dest] = text[:5] != '--no-'
                    continue
                given = self._take(action, given, values, seen, attached if mark and text not in action.option_strings else None)
                continue
            if text[:2] != '--':
                action = self._find(text[:2])
                if action is not None:
                    if action.takes():
                        given = self._take(action, given, values, seen, text[2:].lstrip('=') if text[2:3] == '=' else text[2:])
                    else:
                        given = self._take(action, given, values, seen)
                        given.insert(0, '-' + text[2:])
                    continue
            extra.append(text)
        settle(True)
        extra.extend(free)
        missing = [each.shown() if each.dest or each.metavar else '{%s}' % ','.join(each.choices or []) for each in self._actions if each.required and each not in seen]
        if missing:
            raise ArgumentError(None, 'the following arguments are required: ' + ', '.join(missing))
        for group in self._exclusive:
            if group.required and not [each for each in group.actions if each in seen]:
                raise ArgumentError(None, 'one of the arguments %s is required' % ' '.join([each.shown() for each in group.actions]))
        for action in self._actions:
            value = values.get(action.dest)
            if isinstance(value, str) and value is action.default and action not in seen and action.type is not None:
                values[action.dest] = self._value(action, value)
        for name, value in values.items():
            setattr(namespace, name, value)
        return namespace, extra


class BooleanOptionalAction:
    pass


class FileType:
    def __init__(self, mode='r', bufsize=-1, encoding=None, errors=None):
        self.mode = mode

    def __call__(self, name):
        if name == '-':
            return sys.stdin if 'r' in self.mode else sys.stdout
        try:
            return open(name, self.mode)
        except OSError as error:
            raise ArgumentTypeError("can't open '%s': %s" % (name, error))
