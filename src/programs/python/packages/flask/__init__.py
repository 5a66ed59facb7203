"""A stand-in for Flask by the lab: routing, requests, responses, templates and the development server."""
import json as _json
import os
import sys
import time

from jinja2 import Environment, FileSystemLoader, TemplateNotFound, Markup, escape
from werkzeug import (
    HTTPException, Headers, MultiDict, Response as _Response, STATUS, abort, parse_form, parse_query, quote, run_simple, unquote,
)

__version__ = '3.1.2'


class Response(_Response):
    pass


class _Local:
    """Stands for the object of the request that is being answered."""

    def __init__(self, name):
        object.__setattr__(self, '_name', name)

    def _get(self):
        found = _now.get(self._name)
        if found is None:
            raise RuntimeError('Working outside of request context.\n\nThis typically means that you attempted to use functionality that needed\nan active HTTP request. Consult the documentation on testing for\ninformation about how to avoid this problem.')
        return found

    def __getattr__(self, name):
        return getattr(self._get(), name)

    def __setattr__(self, name, value):
        setattr(self._get(), name, value)

    def __getitem__(self, key):
        return self._get()[key]

    def __setitem__(self, key, value):
        self._get()[key] = value

    def __delitem__(self, key):
        del self._get()[key]

    def __contains__(self, key):
        return key in self._get()

    def __iter__(self):
        return iter(self._get())

    def __bool__(self):
        return bool(self._get())


_now = {}
request = _Local('request')
session = _Local('session')
g = _Local('g')
current_app = _Local('app')


class _Globals:
    def get(self, name, default=None):
        return getattr(self, name, default)

    def __contains__(self, name):
        return hasattr(self, name)


class Request:
    def __init__(self, method, target, headers, body, remote_addr, scheme='http'):
        path, _, query = target.partition('?')
        self.method = method
        self.path = unquote(path)
        self.full_path = target if query else target + '?'
        self.query_string = query.encode()
        self.headers = headers
        self.data = body
        self.remote_addr = remote_addr
        self.scheme = scheme
        self.host = headers.get('Host', 'localhost')
        self.url = scheme + '://' + self.host + target
        self.base_url = scheme + '://' + self.host + path
        self.host_url = self.url_root = scheme + '://' + self.host + '/'
        self.args = MultiDict(parse_query(query))
        kind = headers.get('Content-Type', '')
        self.content_type = kind
        self.mimetype = kind.partition(';')[0].strip()
        self.is_json = self.mimetype == 'application/json' or self.mimetype.endswith('+json')
        form, files = parse_form(kind, body)
        self.form = MultiDict(form)
        self.files = MultiDict(files)
        self.values = MultiDict(list(self.args._items) + list(self.form._items))
        self.cookies = {}
        for part in headers.get('Cookie', '').split(';'):
            name, eq, value = part.strip().partition('=')
            if eq:
                self.cookies[name] = value
        self.user_agent = headers.get('User-Agent', '')
        self.content_length = len(body)
        self.environ = {'REMOTE_ADDR': remote_addr, 'REQUEST_METHOD': method, 'PATH_INFO': self.path, 'QUERY_STRING': query}
        self.view_args = {}
        self.endpoint = None
        self.url_rule = None
        self.access_route = [remote_addr]

    @property
    def json(self):
        return self.get_json()

    def get_json(self, force=False, silent=False, cache=True):
        if not (force or self.is_json):
            if silent:
                return None
            abort(415, "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.")
        try:
            return _json.loads(self.data)
        except ValueError:
            if silent:
                return None
            abort(400, 'The browser (or proxy) sent a request that this server could not understand.')

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        return self.data.decode() if as_text else self.data


class Rule:
    def __init__(self, rule, endpoint, methods, defaults=None):
        self.rule = rule
        self.endpoint = endpoint
        self.methods = methods
        self.defaults = defaults or {}
        self.parts = []
        rest = rule
        while rest:
            before, open_, after = rest.partition('<')
            if before:
                self.parts.append((None, before))
            if not open_:
                break
            inner, _, rest = after.partition('>')
            kind, colon, name = inner.rpartition(':')
            self.parts.append((kind.partition('(')[0] or 'string', name))

    def match(self, path):
        values = dict(self.defaults)
        return values if self._match(self.parts, path, values) else None

    def _match(self, parts, path, values):
        if not parts:
            return path == ''
        kind, text = parts[0]
        if kind is None:
            return path.startswith(text) and self._match(parts[1:], path[len(text):], values)
        end = len(path) if kind == 'path' else path.find('/')
        if end < 0:
            end = len(path)
        while end > 0:
            part = path[:end]
            value = part
            good = True
            if kind == 'int':
                good = part.isdigit()
                value = int(part) if good else None
            elif kind == 'float':
                a, dot, b = part.partition('.')
                good = bool(dot) and a.isdigit() and b.isdigit()
                value = float(part) if good else None
            elif kind == 'uuid':
                good = len(part) == 36
            if good and self._match(parts[1:], path[end:], values):
                values[text] = value
                return True
            end -= 1
        return False

    def __str__(self):
        return self.rule


class _Scaffold:
    def __init__(self):
        self.rules = []
        self.view_functions = {}
        self.before = []
        self.after = []
        self.teardowns = []
        self.handlers = {}
        self.processors = []

    def route(self, rule, **options):
        def decorate(function):
            self.add_url_rule(rule, options.pop('endpoint', None), function, **options)
            return function
        return decorate

    def get(self, rule, **options):
        return self.route(rule, methods=['GET'], **options)

    def post(self, rule, **options):
        return self.route(rule, methods=['POST'], **options)

    def put(self, rule, **options):
        return self.route(rule, methods=['PUT'], **options)

    def delete(self, rule, **options):
        return self.route(rule, methods=['DELETE'], **options)

    def patch(self, rule, **options):
        return self.route(rule, methods=['PATCH'], **options)

    def add_url_rule(self, rule, endpoint=None, view_func=None, methods=None, defaults=None, **options):
        endpoint = endpoint or getattr(view_func, '__name__', 'view')
        methods = set([m.upper() for m in (methods or ['GET'])])
        if 'GET' in methods:
            methods.add('HEAD')
        methods.add('OPTIONS')
        old = self.view_functions.get(endpoint)
        if old is not None and view_func is not None and old is not view_func:
            raise AssertionError('View function mapping is overwriting an existing endpoint function: ' + endpoint)
        if view_func is not None:
            self.view_functions[endpoint] = view_func
        self.rules.append(Rule(rule, endpoint, methods, defaults))

    def before_request(self, function):
        self.before.append(function)
        return function

    def after_request(self, function):
        self.after.append(function)
        return function

    def teardown_request(self, function):
        self.teardowns.append(function)
        return function

    teardown_appcontext = teardown_request

    def context_processor(self, function):
        self.processors.append(function)
        return function

    def errorhandler(self, code):
        def decorate(function):
            self.handlers[code] = function
            return function
        return decorate

    def register_error_handler(self, code, function):
        self.handlers[code] = function


class Blueprint(_Scaffold):
    def __init__(self, name, import_name, url_prefix=None, **options):
        super().__init__()
        self.name = name
        self.url_prefix = url_prefix


class Config(dict):
    def from_object(self, source):
        for name in dir(source):
            if name.isupper():
                self[name] = getattr(source, name)

    def from_mapping(self, *maps, **values):
        for each in maps:
            self.update(each)
        self.update(values)

    def from_prefixed_env(self, prefix='FLASK'):
        for name, value in os.environ.items():
            if name.startswith(prefix + '_'):
                self[name[len(prefix) + 1:]] = value

    def from_pyfile(self, filename, silent=False):
        pass


class Flask(_Scaffold):
    def __init__(self, import_name, static_folder='static', template_folder='templates', static_url_path=None, **options):
        super().__init__()
        self.import_name = import_name
        main = sys.modules['__main__']
        try:
            file = main.__file__ if import_name == '__main__' else sys.modules[import_name].__file__
        except (AttributeError, KeyError):
            file = os.path.join(os.getcwd(), 'app.py')
        self.root_path = os.path.dirname(os.path.abspath(file))
        self.name = os.path.splitext(os.path.basename(file))[0] if import_name == '__main__' else import_name
        self.static_folder = os.path.join(self.root_path, static_folder)
        self.template_folder = template_folder
        self.config = Config(DEBUG=False, TESTING=False, SECRET_KEY=None)
        self.debug = os.environ.get('FLASK_DEBUG', '') not in ('', '0')
        self.secret_key = None
        self.jinja_env = Environment(loader=FileSystemLoader(os.path.join(self.root_path, template_folder)), autoescape=True)
        self.url_map = self.rules
        self.extensions = {}
        self.blueprints = {}
        self.add_url_rule('/static/<path:filename>', 'static', self._static)

    @property
    def logger(self):
        import logging
        found = logging.getLogger(self.name)
        if not logging.getLogger().handlers and not found.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter('[%(asctime)s] %(levelname)s in %(module)s: %(message)s'))
            found.addHandler(handler)
            if self.debug:
                found.setLevel(logging.DEBUG)
        return found

    def _static(self, filename):
        return send_from_directory(self.static_folder, filename)

    def register_blueprint(self, blueprint, url_prefix=None, **options):
        prefix = url_prefix or blueprint.url_prefix or ''
        self.blueprints[blueprint.name] = blueprint
        for rule in blueprint.rules:
            endpoint = blueprint.name + '.' + rule.endpoint
            self.add_url_rule(prefix.rstrip('/') + rule.rule, endpoint, blueprint.view_functions[rule.endpoint], methods=rule.methods)
        self.before.extend(blueprint.before)
        self.after.extend(blueprint.after)
        self.handlers.update(blueprint.handlers)

    def app_context(self):
        return _Context(self)

    test_request_context = app_context

    def make_response(self, value):
        status = None
        headers = None
        if isinstance(value, tuple):
            if len(value) == 3:
                value, status, headers = value
            elif isinstance(value[1], (dict, list)):
                value, headers = value
            else:
                value, status = value
        if value is None:
            raise TypeError("The view function for '%s' did not return a valid response. The function either returned None or ended without a return statement." % request.endpoint)
        if isinstance(value, _Response):
            response = value
        elif isinstance(value, (dict, list)):
            response = jsonify(value)
        elif hasattr(value, '__next__'):
            response = Response(''.join([str(part) for part in value]))
        else:
            response = Response(value)
        if status is not None:
            response.status_code = int(str(status).split()[0])
        if headers:
            for name, text in headers.items() if isinstance(headers, dict) else headers:
                response.headers[name] = text
        return response

    def dispatch(self, req):
        for function in self.before:
            got = function()
            if got is not None:
                return got
        allowed = set()
        for rule in self.rules:
            values = rule.match(req.path)
            if values is None:
                if rule.rule.endswith('/') and rule.match(req.path + '/') is not None:
                    return redirect(req.path + '/', 308)
                continue
            if req.method not in rule.methods:
                allowed = allowed | rule.methods
                continue
            req.endpoint = rule.endpoint
            req.url_rule = rule
            req.view_args = values
            if req.method == 'OPTIONS':
                return Response('', headers={'Allow': ', '.join(sorted(rule.methods))})
            return self.view_functions[rule.endpoint](**values)
        if allowed:
            abort(405)
        abort(404)

    def handle(self, req):
        """The response to one request."""
        _now.update(request=req, session=_Session(req), g=_Globals(), app=self)
        try:
            try:
                response = self.make_response(self.dispatch(req))
            except HTTPException as e:
                handler = self.handlers.get(e.code) or self.handlers.get(HTTPException)
                response = self.make_response(handler(e)) if handler else e.get_response()
                if handler and response.status_code == 200 and False:
                    response.status_code = e.code
            except Exception as e:
                handler = None
                for kind in self.handlers:
                    if not isinstance(kind, int) and isinstance(e, kind):
                        handler = self.handlers[kind]
                if handler is None:
                    self._log_exception(req, e)
                    handler = self.handlers.get(500)
                    if handler is None:
                        response = HTTPException(500).get_response()
                    else:
                        response = self.make_response(handler(e))
                else:
                    response = self.make_response(handler(e))
            for function in reversed(self.after):
                response = function(response) or response
            for function in self.teardowns:
                function(None)
            session = _now['session']
            if session.changed:
                response.headers.add('Set-Cookie', 'session=' + session.dump() + '; HttpOnly; Path=/')
            return response
        finally:
            _now.clear()

    def _log_exception(self, req, e):
        import traceback
        sys.stdout.flush()
        stamp = time.strftime('%Y-%m-%d %H:%M:%S')
        sys.stderr.write('[%s,%03d] ERROR in app: Exception on %s [%s]\n' % (stamp, int(time.time() * 1000) % 1000, req.path, req.method))
        sys.stderr.write(''.join(traceback.format_exception(e)))

    def run(self, host=None, port=None, debug=None, load_dotenv=True, use_reloader=None, **options):
        if debug is not None:
            self.debug = bool(debug)
        show_banner(self.name, self.debug)
        run_simple(host or '127.0.0.1', int(port or 5000), self, debug=self.debug)

    def test_client(self):
        return _Client(self)


def show_banner(name, debug):
    print(" * Serving Flask app '" + name + "'", flush=True)
    print(' * Debug mode: ' + ('on' if debug else 'off'), flush=True)


class _Context:
    def __init__(self, app):
        self.app = app

    def __enter__(self):
        _now.update(app=self.app, g=_Globals())
        return self

    def __exit__(self, *exc):
        _now.clear()

    push = __enter__


class _Session(dict):
    def __init__(self, req):
        super().__init__()
        self.changed = False
        text = req.cookies.get('session')
        if text:
            try:
                self.update(_json.loads(bytes.fromhex(text.partition('.')[0])))
            except ValueError:
                pass

    def __setitem__(self, key, value):
        if not (_now['app'].secret_key or _now['app'].config.get('SECRET_KEY')):
            raise RuntimeError('The session is unavailable because no secret key was set.  Set the secret_key on the application to something unique and secret.')
        self.changed = True
        super().__setitem__(key, value)

    def __delitem__(self, key):
        self.changed = True
        super().__delitem__(key)

    def pop(self, key, *default):
        self.changed = True
        return super().pop(key, *default)

    def dump(self):
        return _json.dumps(dict(self)).encode().hex() + '.lab'


class _Client:
    def __init__(self, app):
        self.app = app

    def open(self, path, method='GET', data=b'', json=None, headers=None):
        fields = Headers(list((headers or {}).items()))
        if json is not None:
            data = _json.dumps(json)
            fields['Content-Type'] = 'application/json'
        return self.app.handle(Request(method, path, fields, data.encode() if isinstance(data, str) else data, '127.0.0.1'))

    def get(self, path, **options):
        return self.open(path, 'GET', **options)

    def post(self, path, **options):
        return self.open(path, 'POST', **options)


def jsonify(*args, **kwargs):
    value = args[0] if len(args) == 1 else list(args) if args else kwargs
    if _now.get('app') is not None and _now['app'].debug:
        text = _json.dumps(value, sort_keys=True, indent=2, default=str)
    else:
        text = _json.dumps(value, sort_keys=True, separators=(',', ':'), default=str)
    return Response(text + '\n', mimetype='application/json')


def make_response(*args):
    return _now['app'].make_response(args[0] if len(args) == 1 else args)


def redirect(location, code=302, Response=None):
    shown = escape(location)
    return _Response(
        '<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be redirected automatically to the target URL: <a href="' + str(shown) + '">' + str(shown) + '</a>. If not, click the link.\n',
        status=code, headers={'Location': location},
    )


def url_for(endpoint, **values):
    external = values.pop('_external', False)
    app = _now['app']
    for rule in app.rules:
        if rule.endpoint == endpoint:
            names = [name for kind, name in rule.parts if kind]
            path = ''.join([name if kind is None else quote(str(values[name])) for kind, name in rule.parts])
            rest = '&'.join([k + '=' + quote(str(v)) for k, v in values.items() if k not in names])
            path = path + ('?' + rest if rest else '')
            return _now['request'].host_url.rstrip('/') + path if external else path
    raise RuntimeError('Could not build url for endpoint ' + repr(endpoint) + '.')


def _values(context):
    values = {'request': _now.get('request'), 'session': _now.get('session'), 'g': _now.get('g'), 'config': _now['app'].config, 'url_for': url_for, 'get_flashed_messages': get_flashed_messages}
    for function in _now['app'].processors:
        values.update(function())
    values.update(context)
    return values


def render_template(name, **context):
    return _now['app'].jinja_env.get_template(name).render(**_values(context))


def render_template_string(source, **context):
    return _now['app'].jinja_env.from_string(source).render(**_values(context))


def flash(message, category='message'):
    held = list(_now['session'].get('_flashes', []))
    held.append([category, message])
    _now['session']['_flashes'] = held


def get_flashed_messages(with_categories=False, category_filter=()):
    held = _now['session'].pop('_flashes', []) if '_flashes' in _now['session'] else []
    return [tuple(each) for each in held] if with_categories else [text for _, text in held]


_types = {'.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.json': 'application/json', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png', '.jpg': 'image/jpeg', '.svg': 'image/svg+xml; charset=utf-8', '.ico': 'image/vnd.microsoft.icon'}


def send_file(path, mimetype=None, as_attachment=False, download_name=None):
    with open(path, 'rb') as file:
        data = file.read()
    response = _Response(data, content_type=mimetype or _types.get(os.path.splitext(path)[1], 'application/octet-stream'))
    if as_attachment:
        response.headers['Content-Disposition'] = 'attachment; filename=' + (download_name or os.path.basename(path))
    return response


def send_from_directory(directory, path, **options):
    full = os.path.join(directory, path)
    if '..' in path.split('/') or not os.path.isfile(full):
        abort(404)
    return send_file(full, **options)
