"""python -m: finds a module and runs it as __main__."""
import sys
import _site
import js


def find(name):
    path = name.replace('.', '/')
    for folder in sys.path:
        base = (folder + '/' if folder else '') + path
        for file in (base + '/__main__.py', base + '.py'):
            text = js.call('library', file)
            if text is None and js.call('stat', file)[:1] != '!':
                with open(file) as opened:
                    text = opened.read()
            if text is not None:
                return file, text
    return None, None


def main(name, args):
    file, text = find(name)
    if text is None:
        sys.stderr.write(sys.executable + ': No module named ' + name + '\n')
        raise SystemExit(1)
    sys.argv = [file] + args
    _site.namespace['__file__'] = file
    _site.namespace['__package__'] = name if file.endswith('/__main__.py') else name.rpartition('.')[0]
    _site.execute(text, file)


def run_module(name, run_name=None):
    main(name, sys.argv[1:])


def run_path(path, init_globals=None, run_name='<run_path>'):
    with open(path) as opened:
        text = opened.read()
    scope = {'__name__': run_name, '__file__': path}
    exec(compile(text, path, 'exec'), scope)
    return scope
