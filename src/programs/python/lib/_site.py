"""What makes MicroPython behave as the python that the image says it is: the first module that runs."""
import js
import builtins
import sys as _native
import ujson as _json
import uio as _uio

_c = js.call
version = _c('version')
folder = '/usr/local/lib/python' + '.'.join(version.split('.')[:2])


class Undefined:
    pass


def _os_error(kind, number, text):
    return kind(number, text)


class _OSError(OSError):
    def __init__(self, number=None, text=None, filename=None, _w=None, filename2=None):
        if text is None:
            super().__init__(*([] if number is None else [number]))
            self.errno = None
        elif filename is None:
            super().__init__(number, text)
            self.errno = number
        else:
            super().__init__(number, text)
            self.errno = number
        self.strerror = text
        self.filename = filename
        self.filename2 = filename2
        self._one = number

    def __str__(self):
        if self.strerror is None:
            return '' if self._one is None else str(self._one)
        text = '[Errno ' + str(self.errno) + '] ' + self.strerror
        if self.filename is not None:
            text += ': ' + repr(self.filename)
            if self.filename2 is not None:
                text += ' -> ' + repr(self.filename2)
        return text


_kinds = {}


def _define(name, base, *numbers):
    made = type(name, (base,), {})
    setattr(builtins, name, made)
    for number in numbers:
        _kinds[number] = made
    return made


FileNotFoundError = _define('FileNotFoundError', _OSError, 2)
_define('PermissionError', _OSError, 1, 13)
_define('FileExistsError', _OSError, 17)
_define('NotADirectoryError', _OSError, 20)
_define('IsADirectoryError', _OSError, 21)
_define('InterruptedError', _OSError, 4)
_define('ProcessLookupError', _OSError, 3)
_define('ChildProcessError', _OSError, 10)
_define('BlockingIOError', _OSError, 11)
TimeoutError = _define('TimeoutError', _OSError, 110)
ConnectionError = _define('ConnectionError', _OSError)
_define('BrokenPipeError', ConnectionError, 32)
_define('ConnectionAbortedError', ConnectionError, 103)
_define('ConnectionResetError', ConnectionError, 104)
_define('ConnectionRefusedError', ConnectionError, 111)
builtins.ModuleNotFoundError = ImportError


class SystemExit(builtins.SystemExit):
    def __init__(self, *args):
        super().__init__(*args)
        self.code = None if not args else args[0] if len(args) == 1 else args


builtins.SystemExit = SystemExit
builtins.vars = lambda value: value.__dict__
builtins.IOError = OSError
builtins.EnvironmentError = OSError


class RecursionError(RuntimeError):
    pass


_known = dir(builtins)
for _name, _base in (
    ('UnboundLocalError', NameError),
    ('FloatingPointError', ArithmeticError),
    ('BufferError', Exception),
    ('ReferenceError', Exception),
    ('Warning', Exception),
):
    try:
        getattr(builtins, _name)
    except AttributeError:
        _define(_name, _base)
for _name in ('UserWarning', 'DeprecationWarning', 'RuntimeWarning', 'FutureWarning', 'SyntaxWarning', 'ResourceWarning', 'ImportWarning', 'PendingDeprecationWarning'):
    if _name not in _known:
        _define(_name, Warning)
builtins.RecursionError = RuntimeError


class ExceptionGroup(Exception):
    def __init__(self, message, exceptions):
        super().__init__(message)
        self.message = message
        self.exceptions = exceptions


builtins.ExceptionGroup = ExceptionGroup

handlers = {}


def check_signals():
    """Runs what signals that came in meanwhile ask for."""
    while True:
        name = _c('signal')
        if not name:
            return
        handler = handlers.get(name)
        if handler is None:
            if name == 'SIGINT':
                raise KeyboardInterrupt
        else:
            handler(name)


def call(name, *args, path=None, path2=None):
    """A system call: waits, raises what it failed by."""
    while True:
        got = _c(name, *args)
        if type(got) is str and got[:1] == '!':
            number, _, text = got[1:].partition(' ')
            number = int(number)
            if number == 4:
                check_signals()
                continue
            if number < 0:
                import socket
                raise socket.gaierror(number, text)
            raise _kinds.get(number, _OSError)(number, text, path, None, path2)
        return got


def call_text(name, *args, path=None):
    return call(name, *args, path=path)[1:]


def call_json(name, *args, path=None):
    return _json.loads(call(name, *args, path=path))


fromhex = bytes.fromhex


# ---- files -----------------------------------------------------------------------------------------------------------

class UnsupportedOperation(_OSError):
    pass


class RawFile:
    """A binary file with a buffer for reading; writes go through at flush."""

    def __init__(self, fd, name, mode, size=8192, line=False):
        self._fd = fd
        self.name = name
        self.mode = mode
        self.closed = False
        self._in = b''
        self._out = []
        self._held = 0
        self._size = size
        self._reads = 'r' in mode or '+' in mode
        self._writes = mode[0] in 'wax' or '+' in mode

    def _check(self):
        if self.closed:
            raise ValueError('I/O operation on closed file.')

    def fileno(self):
        return self._fd

    def isatty(self):
        return _c('isatty', self._fd)

    def readable(self):
        return self._reads

    def writable(self):
        return self._writes

    def seekable(self):
        return True

    def read(self, size=-1):
        self._check()
        if not self._reads:
            raise UnsupportedOperation('not readable' if 'b' not in self.mode else 'read')
        if self._out:
            self.flush()
        if size is None or size < 0:
            parts = [self._in]
            self._in = b''
            while True:
                more = fromhex(call('read', self._fd, 65536))
                if not more:
                    return b''.join(parts)
                parts.append(more)
        while len(self._in) < size:
            more = fromhex(call('read', self._fd, max(4096, size)))
            if not more:
                break
            self._in += more
        got = self._in[:size]
        self._in = self._in[size:]
        return got

    def read1(self, size=-1):
        if self._in:
            got = self._in
            self._in = b''
            return got
        return fromhex(call('read', self._fd, size if size > 0 else 8192))

    def readinto(self, buffer):
        got = self.read(len(buffer))
        buffer[:len(got)] = got
        return len(got)

    def readline(self, size=-1):
        self._check()
        if not self._reads:
            raise UnsupportedOperation('not readable' if 'b' not in self.mode else 'read')
        while True:
            at = self._in.find(b'\n')
            if at >= 0:
                line = self._in[:at + 1]
                self._in = self._in[at + 1:]
                return line
            more = fromhex(call('read', self._fd, 8192))
            if not more:
                line = self._in
                self._in = b''
                return line
            self._in += more

    def readlines(self, hint=-1):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def write(self, data):
        self._check()
        if not self._writes:
            raise UnsupportedOperation('not writable' if 'b' not in self.mode else 'write')
        if type(data) is str:
            raise TypeError("a bytes-like object is required, not 'str'")
        data = bytes(data)
        self._out.append(data)
        self._held += len(data)
        if self._held >= self._size:
            self.flush()
        return len(data)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self._out:
            data = b''.join(self._out)
            self._out = []
            self._held = 0
            call('writeBytes', self._fd, data.hex())

    def seek(self, offset, whence=0):
        self.flush()
        if whence == 1:
            offset -= len(self._in)
        self._in = b''
        return call('seek', self._fd, offset, whence)

    def tell(self):
        self.flush()
        return call('seek', self._fd, 0, 1) - len(self._in)

    def truncate(self, size=None):
        self.flush()
        return size

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True
            _c('close', self._fd)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def __repr__(self):
        return "<_io.Buffered" + ('Reader' if self._reads else 'Writer') + " name=" + repr(self.name) + ">"


class TextFile:
    """A text file over a binary one; UTF-8."""

    def __init__(self, buffer, encoding='utf-8', errors='strict', newline=None, write_through=False, line_buffering=False):
        self.buffer = buffer
        self.name = buffer.name
        self.mode = buffer.mode
        self.encoding = encoding or 'utf-8'
        self.errors = errors or 'strict'
        self.line_buffering = line_buffering
        self._through = write_through
        self._newline = newline

    @property
    def closed(self):
        return self.buffer.closed

    def _text(self, data):
        try:
            text = str(data, 'utf-8')
        except UnicodeError:
            if self.errors == 'strict' and self.encoding.lower().replace('_', '-') in ('utf-8', 'utf8'):
                for at in range(len(data)):
                    if data[at] >= 0x80:
                        break
                raise UnicodeDecodeError("'utf-8' codec can't decode byte 0x%02x in position %d: invalid start byte" % (data[at], at))
            text = ''.join([chr(b) if b < 128 else '�' for b in data])
        if self._newline is None and '\r' in text:
            text = text.replace('\r\n', '\n').replace('\r', '\n')
        return text

    def read(self, size=-1):
        if size is None or size < 0:
            return self._text(self.buffer.read())
        data = self.buffer.read(size)
        count = sum([1 for b in data if b & 0xC0 != 0x80])
        if count == len(data):
            return self._text(data)
        while True:
            more = self.buffer.read(1)
            if not more:
                break
            if more[0] & 0xC0 != 0x80:
                if count >= size:
                    self.buffer._in = more + self.buffer._in
                    break
                count += 1
            data += more
        return self._text(data)

    def readline(self, size=-1):
        return self._text(self.buffer.readline())

    def readlines(self, hint=-1):
        return list(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def write(self, text):
        if type(text) is not str and not isinstance(text, str):
            raise TypeError('write() argument must be str, not ' + type(text).__name__)
        buffer = self.buffer
        buffer.write(text.encode())
        if self._through or (self.line_buffering and '\n' in text):
            buffer.flush()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self.buffer.flush()

    def fileno(self):
        return self.buffer._fd

    def isatty(self):
        return self.buffer.isatty()

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        return self.buffer.seek(offset, whence)

    def tell(self):
        return self.buffer.tell()

    def truncate(self, size=None):
        return self.buffer.truncate(size)

    def reconfigure(self, **options):
        if 'line_buffering' in options:
            self.line_buffering = options['line_buffering']

    def close(self):
        self.buffer.close()

    def __enter__(self):
        if self.closed:
            raise ValueError('I/O operation on closed file.')
        return self

    def __exit__(self, *exc):
        self.close()

    def __repr__(self):
        return '<_io.TextIOWrapper name=' + repr(self.name) + ' mode=' + repr(self.mode) + " encoding='UTF-8'>"


def open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if isinstance(file, int):
        raw = RawFile(file, file, mode)
    else:
        if hasattr(file, '__fspath__'):
            file = file.__fspath__()
        if isinstance(file, bytes):
            file = file.decode()
        kind = mode.replace('b', '').replace('t', '')
        if kind not in ('r', 'w', 'a', 'x', 'r+', 'w+', 'a+', 'x+'):
            raise ValueError("invalid mode: " + repr(mode))
        # CPython has written what nobody holds any more; who reads now is to find it.
        if kind == 'r':
            for other in opened_files:
                if not other.closed and other._out:
                    other.flush()
        raw = RawFile(call('open', file, kind, path=file), file, mode)
    opened_files.append(raw)
    if 'b' in mode:
        return raw
    return TextFile(raw, encoding, errors, newline, False, buffering == 1)


opened_files = []
builtins.open = open

_turns = [0, 0]


def _turn(condition):
    """loops.ts puts it about the condition of each `while`: now and then the world gets its turn."""
    _turns[0] += 1
    if _turns[0] == 20000:
        _turns[0] = 0
        _turns[1] = min(_turns[1] + 1, 3000)
        js.call('spend', _turns[1] / 1000)
        check_signals()
    return condition


builtins._turn = _turn

argv = _json.loads(_c('command'))
environment = _json.loads(_c('environment'))
options = {'u': bool(environment.get('PYTHONUNBUFFERED')), 'inspect': False, 'quiet': False, 'dont_write': False}

stdin = TextFile(RawFile(0, '<stdin>', 'r'))
stdout = TextFile(RawFile(1, '<stdout>', 'w'), line_buffering=_c('isatty', 1))
stderr = TextFile(RawFile(2, '<stderr>', 'w'), line_buffering=True, write_through=True)


class Sys:
    """The module sys."""

    __name__ = 'sys'

    def __repr__(self):
        return "<module 'sys' (built-in)>"


sys = Sys()


def print(*args, sep=' ', end='\n', file=None, flush=False):
    out = sys.stdout if file is None else file
    if out is None:
        return
    text = (' ' if sep is None else sep).join([a if type(a) is str else text_of(a) for a in args]) + ('\n' if end is None else end)
    out.write(text)
    if flush:
        out.flush()


def text_of(value):
    if isinstance(value, BaseException):
        return message_of(value)
    return str(value)


builtins.print = print


def input(prompt=''):
    sys.stdout.write(str(prompt))
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError('EOF when reading a line')
    return line[:-1] if line[-1:] == '\n' else line


builtins.input = input


class Hook:
    def __init__(self, text):
        self._text = text

    def __repr__(self):
        return self._text

    def __call__(self, code=None):
        raise SystemExit(code)


builtins.exit = Hook('Use exit() or Ctrl-D (i.e. EOF) to exit')
builtins.quit = Hook('Use quit() or Ctrl-D (i.e. EOF) to exit')


# ---- exceptions ------------------------------------------------------------------------------------------------------

_operators = {
    '__add__': '+', '__sub__': '-', '__mul__': '*', '__truediv__': '/', '__floordiv__': '//', '__mod__': '%',
    '__pow__': '** or pow()', '__lshift__': '<<', '__rshift__': '>>', '__and__': '&', '__or__': '|', '__xor__': '^',
    '__matmul__': '@', '__iadd__': '+=', '__isub__': '-=', '__imul__': '*=', '__itruediv__': '/=',
    '__lt__': '<', '__gt__': '>', '__le__': '<=', '__ge__': '>=',
}


def message_of(e):
    """str(e), in CPython's words where the interpreter has others."""
    text = str(e)
    kind = type(e)
    if kind is KeyError:
        return repr(e.args[0]) if len(e.args) == 1 else text
    if kind is ZeroDivisionError and text == 'divide by zero':
        return 'division by zero'
    if kind is ImportError and text[:16] == 'no module named ':
        return 'N' + text[1:]
    if kind is NameError and text[-13:] == " isn't defined":
        return text[:-13] + ' is not defined'
    if kind is NameError and text.endswith("isn't defined"):
        return text[:-13] + 'is not defined'
    if kind is TypeError:
        if text[:22] == 'unsupported types for ':
            name, _, types = text[22:].partition(': ')
            left, _, right = types.partition(', ')
            sign = _operators.get(name, name)
            if sign in ('<', '>', '<=', '>='):
                return "'" + sign + "' not supported between instances of " + left + ' and ' + right
            if sign == '+' and left == "'str'":
                return 'can only concatenate str (not "' + right.strip("'") + '") to str'
            return 'unsupported operand type(s) for ' + sign + ': ' + left + ' and ' + right
        if text == "can't convert 'int' object to str implicitly":
            return 'can only concatenate str (not "int") to str'
        if text[:15] == "can't convert '" and text.endswith("' object to str implicitly"):
            return 'can only concatenate str (not "' + text[15:-26] + '") to str'
        if text[:11] == "object of type" :
            return text
        if text.endswith("object isn't iterable"):
            return text[:-len("object isn't iterable")] + 'object is not iterable'
        if text.endswith("object isn't callable"):
            return text[:-len("object isn't callable")] + 'object is not callable'
        if text.endswith("object isn't subscriptable"):
            return text[:-len("object isn't subscriptable")] + 'object is not subscriptable'
    if kind is ValueError and text.startswith('invalid syntax for integer with base'):
        base, _, value = text[len('invalid syntax for integer with base '):].partition(': ')
        return 'invalid literal for int() with base ' + base + ': ' + value
    if kind is ValueError and text.startswith('need more than '):
        return text.replace('need more than', 'not enough values to unpack (expected more, got') + ')'
    if kind is IndexError and text in ('list index out of range', 'index out of range'):
        return 'list index out of range'
    if kind is RuntimeError and text == 'maximum recursion depth exceeded':
        return 'maximum recursion depth exceeded'
    return text


def name_of(e):
    kind = type(e)
    if kind is ImportError and str(e)[:16] == 'no module named ':
        return 'ModuleNotFoundError'
    if kind is RuntimeError and str(e) == 'maximum recursion depth exceeded':
        return 'RecursionError'
    name = kind.__name__
    if name == '_OSError':
        return 'OSError'
    try:
        module = kind.__module__
    except AttributeError:
        module = None
    return name


sources = {}


def source_line(file, number):
    lines = sources.get(file)
    if lines is None:
        try:
            with open(file) as opened:
                lines = opened.read().split('\n')
        except OSError:
            lines = []
        sources[file] = lines
    return lines[number - 1].strip() if 0 < number <= len(lines) else ''


def frames_of(e):
    """(file, line, function) of each frame, the outermost first; without our own."""
    out = _uio.StringIO()
    _native.print_exception(e, out)
    found = []
    for line in out.getvalue().split('\n'):
        if line[:8] == '  File "':
            file, _, rest = line[8:].partition('", line ')
            number, _, name = rest.partition(', in ')
            if file.endswith('/_site.py') or name == '' and file == '<stdin>' and False:
                found.append(None)
            else:
                found.append((file, int(number), name or '<module>'))
    # What started the program is not part of it.
    for at in range(len(found)):
        if found[at] is None:
            found = found[at:]
            break
    return [frame for frame in found if frame is not None and not frame[0].endswith(('/runpy.py', '/_setup.py'))]


def describe(e):
    name = name_of(e)
    text = message_of(e)
    return name + ': ' + text if text else name


def format_exception(e):
    lines = []
    cause = getattr(e, '__cause__', None)
    if cause is not None:
        lines.extend(format_exception(cause))
        lines.append('\nThe above exception was the direct cause of the following exception:\n\n')
    if isinstance(e, SyntaxError):
        frames = frames_of(e)
        if frames:
            file, number, _ = frames[-1]
            lines.append('  File "' + file + '", line ' + str(number) + '\n')
            text = source_line(file, number)
            if text:
                lines.append('    ' + text + '\n')
        lines.append(describe(e) + '\n')
        return lines
    frames = frames_of(e)
    if frames:
        lines.append('Traceback (most recent call last):\n')
        last = None
        times = 0
        for frame in frames:
            if frame == last:
                times += 1
                if times >= 3:
                    continue
            else:
                if times > 3:
                    lines.append('  [Previous line repeated ' + str(times - 2) + ' more times]\n')
                last = frame
                times = 0
            file, number, name = frame
            lines.append('  File "' + file + '", line ' + str(number) + ', in ' + name + '\n')
            text = source_line(file, number)
            if text:
                lines.append('    ' + text + '\n')
        if times >= 3:
            lines.append('  [Previous line repeated ' + str(times - 2) + ' more times]\n')
    lines.append(describe(e) + '\n')
    return lines


def print_exception(e):
    try:
        sys.stdout.flush()
    except Exception:
        pass
    sys.stderr.write(''.join(format_exception(e)))


# ---- the program -----------------------------------------------------------------------------------------------------

exit_handlers = []
namespace = {'__name__': '__main__', '__builtins__': builtins, '__doc__': None}


class Main:
    """The module __main__, by its namespace."""

    __name__ = '__main__'

    def __getattr__(self, name):
        try:
            return namespace[name]
        except KeyError:
            raise AttributeError("module '__main__' has no attribute '" + name + "'")

    def __setattr__(self, name, value):
        namespace[name] = value


def execute(text, file):
    sources[file] = text.split('\n') if file[:1] != '<' else []
    exec(compile(js.call('annotated', text), file, 'exec'), namespace)


def finish(run):
    """Runs the program and what is to be done at its end; its exit status."""
    status = 0
    try:
        run()
    except SystemExit as e:
        status = exit_status(e)
    except KeyboardInterrupt as e:
        print_exception(e)
        status = 'SIGINT'
    except BaseException as e:
        hook = getattr(sys, 'excepthook', None)
        if hook is not None and hook is not default_hook:
            hook(type(e), e, None)
        else:
            print_exception(e)
        status = 1
    try:
        threading = _native.modules.get('threading')
        if threading is not None and status == 0:
            threading._finish()
        while exit_handlers:
            function, args, kwargs = exit_handlers.pop()
            function(*args, **kwargs)
    except SystemExit as e:
        status = exit_status(e)
    except BaseException as e:
        print_exception(e)
        status = 1
    try:
        for file in opened_files:
            if not file.closed and file._out:
                file.flush()
        sys.stdout.flush()
    except OSError:
        status = 120
    return status


def exit_status(e):
    code = e.args[0] if e.args else None
    if code is None:
        return 0
    if isinstance(code, bool):
        return int(code)
    if isinstance(code, int):
        return code & 255
    sys.stdout.flush()
    sys.stderr.write(str(code) + '\n')
    return 1


def default_hook(kind, e, traceback):
    print_exception(e)


def main():
    import _setup
    status = finish(_setup.program)
    if status == 'SIGINT':
        _c('die', 'SIGINT')
    _c('exit', status)
