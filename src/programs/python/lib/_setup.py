"""Fills the module sys and finds out what to run."""
import _site
import js
import sys as native
from _site import sys, argv, options, namespace, folder, version

numbers = [int(part) for part in version.split('.')]
paths = native.path
modules = native.modules


class version_info(tuple):
    major, minor, micro = numbers
    releaselevel = 'final'
    serial = 0

    def __repr__(self):
        return "sys.version_info(major=%d, minor=%d, micro=%d, releaselevel='final', serial=0)" % tuple(numbers)


class Namespace:
    def __init__(self, **values):
        self.__dict__.update(values) if False else None
        for name, value in values.items():
            setattr(self, name, value)


sys.argv = argv[1:]
sys.path = paths
sys.modules = modules
sys.version = version + ' (main, Nov 18 2025, 05:56:04) [GCC 14.2.0]'
sys.version_info = version_info(numbers + ['final', 0])
sys.hexversion = numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | 0xF0
sys.platform = 'linux'
sys.byteorder = 'little'
sys.maxsize = 9223372036854775807
sys.maxunicode = 1114111
sys.executable = '/usr/local/bin/python' + version.rsplit('.', 1)[0]
sys.prefix = sys.base_prefix = sys.exec_prefix = sys.base_exec_prefix = '/usr/local'
sys.implementation = Namespace(name='cpython', version=sys.version_info, cache_tag='cpython-%d%d' % (numbers[0], numbers[1]))
sys.flags = Namespace(debug=0, inspect=0, interactive=0, optimize=0, dont_write_bytecode=0, verbose=0, utf8_mode=0)
sys.float_info = Namespace(max=1.7976931348623157e308, min=2.2250738585072014e-308, epsilon=2.220446049250313e-16, dig=15)
sys.stdin = sys.__stdin__ = _site.stdin
sys.stdout = sys.__stdout__ = _site.stdout
sys.stderr = sys.__stderr__ = _site.stderr
sys.exit = lambda code=None: _exit(code)
sys.exc_info = lambda: (None, None, None)
sys.getrecursionlimit = lambda: 1000
sys.setrecursionlimit = lambda limit: None
sys.getsizeof = lambda value, default=0: 56
sys.getdefaultencoding = lambda: 'utf-8'
sys.getfilesystemencoding = lambda: 'utf-8'
sys.getrefcount = lambda value: 2
sys.intern = lambda text: text
sys.settrace = lambda function: None
sys.gettrace = lambda: None
sys.excepthook = sys.__excepthook__ = _site.default_hook
sys.builtin_module_names = ('builtins', 'sys', 'time')
sys.stdlib_module_names = frozenset()
sys.meta_path = []
sys.dont_write_bytecode = False
sys.ps1 = '>>> '
sys.ps2 = '... '
sys.copyright = 'Copyright (c) 2001 Python Software Foundation.'
sys.api_version = 1013
sys.displayhook = lambda value: None if value is None else _site.print(repr(value))


def _exit(code=None):
    if code is None:
        raise SystemExit
    raise SystemExit(code)


modules['sys'] = sys
modules['__main__'] = _site.Main()
import _types

usage = 'usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h\' for more information.\n'


def program():
    site = folder + '/site-packages'
    words = argv[1:]
    name = argv[0]
    while words and words[0][:1] == '-' and words[0] != '-':
        word = words.pop(0)
        if word == '--':
            break
        if word in ('-V', '--version'):
            _site.print('Python ' + version)
            return
        if word in ('-h', '--help', '-?'):
            _site.print(usage.split('\n')[0] % name)
            return
        letters = word[1:]
        while letters:
            letter = letters[0]
            letters = letters[1:]
            if letter == 'c':
                if not letters and not words:
                    sys.stderr.write('Argument expected for the -c option\n' + usage % name)
                    raise SystemExit(2)
                text = letters or words.pop(0)
                sys.argv = ['-c'] + words
                paths[:] = [''] + [folder, site, '.frozen']
                _site.execute(text + '\n', '<string>')
                return
            if letter == 'm':
                if not letters and not words:
                    sys.stderr.write('Argument expected for the -m option\n' + usage % name)
                    raise SystemExit(2)
                module = letters or words.pop(0)
                sys.argv = ['-m'] + words
                paths[:] = [js.call('getcwd'), folder, site, '.frozen']
                import runpy
                runpy.main(module, words)
                return
            if letter == 'u':
                options['u'] = True
                sys.stdout._through = True
            elif letter in 'BEIOPSsvbdqRxt':
                pass
            elif letter == 'i':
                options['inspect'] = True
            elif letter in 'WX':
                if not letters and words:
                    words.pop(0)
                letters = ''
            elif letter == 'V':
                _site.print('Python ' + version)
                return
            else:
                sys.stderr.write('Unknown option: -' + letter + '\n' + usage % name)
                raise SystemExit(2)
    if options['u']:
        sys.stdout._through = True
    if words and words[0] != '-':
        file = words[0]
        sys.argv = words
        try:
            if js.call('listdir', file)[:1] != '!':
                main = file.rstrip('/') + '/__main__.py'
                if js.call('stat', main)[:1] == '!':
                    sys.stderr.write(sys.executable + ": can't find '__main__' module in " + repr(js.call('realpath', file)[1:]) + '\n')
                    raise SystemExit(1)
                file = main
            with open(file) as opened:
                text = opened.read()
        except OSError as e:
            where = file if file[:1] == '/' else js.call('getcwd').rstrip('/') + '/' + file
            sys.stderr.write("%s: can't open file %r: [Errno %d] %s\n" % (name if '/' in name else sys.executable.rsplit('/', 1)[0] + '/' + name, where, e.errno, e.strerror))
            raise SystemExit(2)
        real = js.call('realpath', file)[1:]
        paths[:] = [real.rsplit('/', 1)[0] or '/', folder, site, '.frozen']
        namespace['__file__'] = real if file[:1] == '/' else js.call('getcwd').rstrip('/') + '/' + file
        _site.execute(text, namespace['__file__'])
        return
    sys.argv = words or ['']
    paths[:] = ['', folder, site, '.frozen']
    if sys.stdin.isatty():
        import code
        code.interact()
        return
    _site.execute(sys.stdin.read(), '<stdin>')
