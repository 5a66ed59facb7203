"""The command flask: run, routes."""
import os
import sys

usage = 'Usage: flask [OPTIONS] COMMAND [ARGS]...\n'


def find_app(name):
    name = name or os.environ.get('FLASK_APP')
    if name is None:
        for each in ('wsgi.py', 'app.py'):
            if os.path.isfile(each):
                name = each
                break
        else:
            sys.stderr.write(usage + "Try 'flask run --help' for help.\n\nError: Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable, or a 'wsgi.py' or 'app.py' file in the current directory.\n")
            raise SystemExit(2)
    module, _, variable = name.partition(':')
    if module.endswith('.py'):
        module = module[:-3]
    module = module.replace('/', '.')
    sys.path.insert(0, os.getcwd())
    try:
        found = __import__(module)
    except ImportError as e:
        if module in str(e):
            sys.stderr.write(usage + "Try 'flask run --help' for help.\n\nError: Could not import " + repr(module) + '.\n')
            raise SystemExit(2)
        raise
    for part in module.split('.')[1:]:
        found = getattr(found, part)
    for each in [variable] if variable else ['app', 'application']:
        if hasattr(found, each):
            app = getattr(found, each)
            return (app if hasattr(app, 'dispatch') else app()), name
    for each in ('create_app', 'make_app'):
        if hasattr(found, each):
            return getattr(found, each)(), name
    sys.stderr.write(usage + "Try 'flask run --help' for help.\n\nError: Failed to find Flask application or factory in module " + repr(module) + ". Use '" + module + ":name' to specify one.\n")
    raise SystemExit(2)


def main():
    words = sys.argv[1:]
    name = None
    host = os.environ.get('FLASK_RUN_HOST', '127.0.0.1')
    port = int(os.environ.get('FLASK_RUN_PORT', '5000'))
    debug = os.environ.get('FLASK_DEBUG', '') not in ('', '0')
    command = None
    while words:
        word, eq, value = words.pop(0).partition('=')
        if word in ('--app', '-A', '--host', '-h', '--port', '-p', '--env-file', '-e'):
            value = value if eq else words.pop(0)
            if word in ('--app', '-A'):
                name = value
            elif word in ('--host', '-h'):
                host = value
            elif word in ('--port', '-p'):
                port = int(value)
        elif word == '--debug':
            debug = True
        elif word == '--no-debug':
            debug = False
        elif word == '--version':
            import flask
            import platform
            print('Python ' + platform.python_version() + '\nFlask ' + flask.__version__ + '\nWerkzeug 3.1.3')
            return
        elif word[:1] != '-':
            command = word
    if command == 'run':
        import flask
        from werkzeug import run_simple
        app, said = find_app(name)
        app.debug = debug
        flask.show_banner(said, debug)
        run_simple(host, port, app, debug=debug)
    elif command == 'routes':
        app, _ = find_app(name)
        rows = [(r.endpoint, ', '.join(sorted(r.methods - {'HEAD', 'OPTIONS'})), r.rule) for r in app.rules]
        rows = [('Endpoint', 'Methods', 'Rule')] + sorted(rows)
        wide = [max([len(row[at]) for row in rows]) for at in range(3)]
        rows.insert(1, tuple(['-' * size for size in wide]))
        for row in rows:
            print('  '.join([cell + ' ' * (size - len(cell)) for cell, size in zip(row, wide)]).rstrip())
    else:
        sys.stderr.write(usage + "Try 'flask --help' for help.\n\nError: " + ("No such command '" + command + "'." if command else 'Missing command.') + '\n')
        raise SystemExit(2)
