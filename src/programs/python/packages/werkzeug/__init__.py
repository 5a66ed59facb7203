"""A stand-in for Werkzeug by the lab: messages and the development server."""
import os
import socket
import sys
import time

__version__ = '3.1.3'

STATUS = {
    200: 'OK', 201: 'CREATED', 202: 'ACCEPTED', 204: 'NO CONTENT', 301: 'MOVED PERMANENTLY', 302: 'FOUND', 303: 'SEE OTHER',
    304: 'NOT MODIFIED', 307: 'TEMPORARY REDIRECT', 308: 'PERMANENT REDIRECT', 400: 'BAD REQUEST', 401: 'UNAUTHORIZED',
    403: 'FORBIDDEN', 404: 'NOT FOUND', 405: 'METHOD NOT ALLOWED', 409: 'CONFLICT', 410: 'GONE', 415: 'UNSUPPORTED MEDIA TYPE',
    418: "I'M A TEAPOT", 422: 'UNPROCESSABLE ENTITY', 429: 'TOO MANY REQUESTS', 500: 'INTERNAL SERVER ERROR',
    501: 'NOT IMPLEMENTED', 502: 'BAD GATEWAY', 503: 'SERVICE UNAVAILABLE', 504: 'GATEWAY TIMEOUT',
}
_names = {404: 'Not Found', 405: 'Method Not Allowed', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal Server Error', 418: "I'm a teapot"}
_descriptions = {
    400: 'The browser (or proxy) sent a request that this server could not understand.',
    401: 'The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials (e.g. a bad password), or your browser doesn&#39;t understand how to supply the credentials required.',
    403: 'You don&#39;t have the permission to access the requested resource. It is either read-protected or not readable by the server.',
    404: 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
    405: 'The method is not allowed for the requested URL.',
    500: 'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
}


class HTTPException(Exception):
    def __init__(self, code=500, description=None):
        super().__init__(str(code))
        self.code = code
        self.description = description or _descriptions.get(code, '')
        self.name = _names.get(code) or STATUS.get(code, 'Unknown').title()

    def get_response(self):
        return Response('<!doctype html>\n<html lang=en>\n<title>%d %s</title>\n<h1>%s</h1>\n<p>%s</p>\n' % (self.code, self.name, self.name, self.description), status=self.code)

    def __str__(self):
        return '%d %s: %s' % (self.code, self.name, self.description)


def abort(code, description=None):
    raise HTTPException(code, description)


class Headers:
    def __init__(self, items=()):
        self._items = [(k, v) for k, v in items]

    def get(self, name, default=None):
        low = name.lower()
        for k, v in self._items:
            if k.lower() == low:
                return v
        return default

    def __getitem__(self, name):
        got = self.get(name)
        if got is None:
            raise KeyError(name)
        return got

    def __setitem__(self, name, value):
        low = name.lower()
        for at in range(len(self._items)):
            if self._items[at][0].lower() == low:
                self._items[at] = (name, str(value))
                return
        self._items.append((name, str(value)))

    def add(self, name, value):
        self._items.append((name, str(value)))

    def __contains__(self, name):
        return self.get(name) is not None

    def __iter__(self):
        return iter(self._items)

    def items(self):
        return list(self._items)

    def keys(self):
        return [k for k, _ in self._items]

    def __str__(self):
        return ''.join([k + ': ' + v + '\r\n' for k, v in self._items]) + '\r\n'


class MultiDict(dict):
    def __init__(self, items=()):
        super().__init__()
        self._items = list(items)
        for key, value in self._items:
            if key not in self:
                self[key] = value

    def get(self, key, default=None, type=None):
        if key not in self:
            return default
        if type is None:
            return self[key]
        try:
            return type(self[key])
        except ValueError:
            return default

    def getlist(self, key):
        return [v for k, v in self._items if k == key]

    def to_dict(self, flat=True):
        return dict(self) if flat else {k: self.getlist(k) for k in self}


def unquote(text, plus=False):
    if plus:
        text = text.replace('+', ' ')
    if '%' not in text:
        return text
    out = b''
    rest = text.encode()
    while True:
        before, percent, rest = rest.partition(b'%')
        out += before
        if not percent:
            return out.decode()
        try:
            out += bytes([int(rest[:2], 16)])
            rest = rest[2:]
        except ValueError:
            out += b'%'


def quote(text):
    return ''.join([c if c.isalpha() or c.isdigit() or c in '-._~/' else ''.join(['%%%02X' % b for b in c.encode()]) for c in text])


def parse_query(query):
    out = []
    for part in query.split('&'):
        if part:
            name, _, value = part.partition('=')
            out.append((unquote(name, True), unquote(value, True)))
    return out


class FileStorage:
    def __init__(self, filename, data):
        self.filename = filename
        self.data = data

    def read(self):
        return self.data

    def save(self, path):
        with open(path, 'wb') as file:
            file.write(self.data)


def parse_form(kind, body):
    if kind.startswith('application/x-www-form-urlencoded'):
        return parse_query(body.decode()), []
    form, files = [], []
    if kind.startswith('multipart/form-data'):
        mark = b'--' + kind.partition('boundary=')[2].strip('"').encode()
        for part in body.split(mark)[1:-1]:
            head, _, data = part.partition(b'\r\n\r\n')
            head = head.decode()
            name = head.partition('name="')[2].partition('"')[0]
            file = head.partition('filename="')[2].partition('"')[0]
            if 'filename="' in head:
                files.append((name, FileStorage(file, data[:-2])))
            else:
                form.append((name, data[:-2].decode()))
    return form, files


class Response:
    default_mimetype = 'text/html'

    def __init__(self, response='', status=200, headers=None, mimetype=None, content_type=None):
        self.data = response if isinstance(response, bytes) else str(response).encode()
        self.status_code = int(str(status).split()[0])
        self.headers = Headers(headers.items() if isinstance(headers, dict) else headers or ())
        if content_type is None and self.headers.get('Content-Type') is None:
            mimetype = mimetype or self.default_mimetype
            content_type = mimetype + '; charset=utf-8' if mimetype.startswith('text/') else mimetype
        if content_type is not None:
            self.headers._items.insert(0, ('Content-Type', content_type))

    @property
    def status(self):
        return '%d %s' % (self.status_code, STATUS.get(self.status_code, 'UNKNOWN'))

    @property
    def content_type(self):
        return self.headers.get('Content-Type')

    @property
    def mimetype(self):
        return self.content_type.partition(';')[0]

    @property
    def json(self):
        return self.get_json()

    def get_json(self):
        import json
        return json.loads(self.data)

    def get_data(self, as_text=False):
        return self.data.decode() if as_text else self.data

    def set_data(self, data):
        self.data = data.encode() if isinstance(data, str) else data

    def set_cookie(self, key, value='', max_age=None, path='/', **options):
        self.headers.add('Set-Cookie', key + '=' + value + ('; Max-Age=' + str(max_age) if max_age is not None else '') + '; Path=' + path)

    def delete_cookie(self, key, path='/'):
        self.headers.add('Set-Cookie', key + '=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=' + path)


def read_request(connection, held=b''):
    """(method, target, protocol, headers, body, rest) of the next request, or None at the end."""
    data = held
    while b'\r\n\r\n' not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, rest = data.partition(b'\r\n\r\n')
    lines = head.decode().split('\r\n')
    method, target, protocol = (lines[0].split(' ') + ['', ''])[:3]
    headers = Headers()
    for line in lines[1:]:
        name, _, value = line.partition(':')
        headers.add('-'.join([part[:1].upper() + part[1:].lower() for part in name.split('-')]), value.strip())
    length = int(headers.get('Content-Length', '0') or 0)
    if headers.get('Expect', '').lower() == '100-continue':
        connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
    while len(rest) < length:
        more = connection.recv(65536)
        if not more:
            break
        rest += more
    return method, target, protocol, headers, rest[:length], rest[length:]


def write_response(connection, method, response, server, close=True):
    data = response.data
    lines = ['HTTP/1.1 ' + response.status, 'Server: ' + server, 'Date: ' + time.strftime('%a, %d %b %Y %H:%M:%S GMT')]
    lines.extend([k + ': ' + v for k, v in response.headers.items() if k.lower() != 'content-length'])
    if response.status_code not in (204, 304):
        lines.append('Content-Length: ' + str(len(data)))
    else:
        data = b''
    if close:
        lines.append('Connection: close')
    connection.sendall(('\r\n'.join(lines) + '\r\n\r\n').encode() + (b'' if method == 'HEAD' else data))


def _style(text, *codes):
    return ''.join(['\x1b[%dm' % code for code in codes]) + text + '\x1b[0m'


def _access(address, line, code):
    shown = line
    if code == 304:
        shown = _style(line, 36)
    elif 300 <= code < 400:
        shown = _style(line, 32)
    elif code == 404:
        shown = _style(line, 33)
    elif 400 <= code < 500:
        shown = _style(line, 31, 1)
    elif code >= 500:
        shown = _style(line, 35, 1)
    elif code < 200:
        shown = _style(line, 1)
    sys.stderr.write('%s - - [%s] "%s" %d -\n' % (address, time.strftime('%d/%b/%Y %H:%M:%S'), shown, code))


def run_simple(host, port, app, debug=False, **options):
    from flask import Request
    listener = socket.socket()
    listener.bind((host, port))
    try:
        listener.listen()
    except OSError as e:
        if e.errno == 98:
            sys.stderr.write('Address already in use\nPort %d is in use by another program. Either identify and stop that program, or start the server with a different port.\n' % port)
            raise SystemExit(1)
        raise
    out = sys.stderr
    out.write(_style('WARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI server instead.', 31, 1) + '\n')
    port = listener.getsockname()[1]
    if host == '0.0.0.0':
        import _site
        out.write(' * Running on all addresses (0.0.0.0)\n * Running on http://127.0.0.1:%d\n' % port)
        addresses = _site.call_json('addresses')
        if addresses:
            out.write(' * Running on http://%s:%d\n' % (addresses[0], port))
    else:
        out.write(' * Running on http://%s:%d\n' % (host, port))
    out.write(_style('Press CTRL+C to quit', 33) + '\n')
    if debug:
        out.write(' * Restarting with stat\n * Debugger is active!\n * Debugger PIN: 142-857-%03d\n' % (port % 1000))
    server = 'Werkzeug/3.1.3 Python/' + sys.version.split()[0]
    try:
        while True:
            connection, address = listener.accept()
            try:
                got = read_request(connection)
                if got is not None:
                    method, target, protocol, headers, body, _ = got
                    response = app.handle(Request(method, target, headers, body, address[0]))
                    write_response(connection, method, response, server)
                    _access(address[0], method + ' ' + target + ' ' + protocol, response.status_code)
            except (ConnectionError, TimeoutError):
                pass
            finally:
                connection.close()
    except KeyboardInterrupt:
        listener.close()
