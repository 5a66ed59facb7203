"""The module http.server."""
import os
import socket
import sys
import time
from urllib.parse import unquote

_reasons = {200: 'OK', 201: 'Created', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 304: 'Not Modified', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 500: 'Internal Server Error', 501: 'Unsupported method'}


class HTTPServer:
    address_family = socket.AF_INET

    def __init__(self, address, handler):
        self.RequestHandlerClass = handler
        self.socket = socket.socket()
        self.socket.bind(address)
        self.socket.listen()
        self.server_address = self.socket.getsockname()
        self.server_name = address[0]
        self.server_port = self.server_address[1]
        self._stopped = False

    def handle_request(self):
        connection, address = self.socket.accept()
        try:
            self.RequestHandlerClass(connection, address, self)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            connection.close()

    def serve_forever(self, poll_interval=0.5):
        while not self._stopped:
            self.handle_request()

    def shutdown(self):
        self._stopped = True

    def server_close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.server_close()


ThreadingHTTPServer = HTTPServer


class _Headers(dict):
    def get(self, name, default=None):
        low = name.lower()
        for key in self:
            if key.lower() == low:
                return self[key]
        return default

    def __getitem__(self, name):
        return self.get(name)


class BaseHTTPRequestHandler:
    server_version = 'BaseHTTP/0.6'
    protocol_version = 'HTTP/1.0'

    def __init__(self, request, client_address, server):
        self.request = self.connection = request
        self.client_address = client_address
        self.server = server
        self.rfile = request.makefile('rb')
        self.wfile = request.makefile('wb')
        self._out = []
        self.handle()
        self.wfile.flush()

    def handle(self):
        line = self.rfile.readline().decode().rstrip('\r\n')
        if not line:
            return
        self.requestline = line
        self.command, self.path, self.request_version = (line.split() + ['', '', ''])[:3]
        self.headers = _Headers()
        while True:
            line = self.rfile.readline().decode().rstrip('\r\n')
            if not line:
                break
            name, _, value = line.partition(':')
            self.headers[name] = value.strip()
        method = getattr(self, 'do_' + self.command, None)
        if method is None:
            self.send_error(501, "Unsupported method ('%s')" % self.command)
            return
        method()

    def version_string(self):
        return self.server_version + ' Python/' + sys.version.split()[0]

    def date_time_string(self, timestamp=None):
        return time.strftime('%a, %d %b %Y %H:%M:%S GMT', time.gmtime(timestamp))

    def log_date_time_string(self):
        return time.strftime('%d/%b/%Y %H:%M:%S')

    def address_string(self):
        return self.client_address[0]

    def log_message(self, format, *args):
        sys.stderr.write('%s - - [%s] %s\n' % (self.address_string(), self.log_date_time_string(), format % args))

    def log_request(self, code='-', size='-'):
        self.log_message('"%s" %s %s', self.requestline, str(code), str(size))

    def log_error(self, format, *args):
        self.log_message(format, *args)

    def send_response_only(self, code, message=None):
        self._out.append('%s %d %s\r\n' % (self.protocol_version, code, message or _reasons.get(code, '')))

    def send_response(self, code, message=None):
        self.log_request(code)
        self.send_response_only(code, message)
        self.send_header('Server', self.version_string())
        self.send_header('Date', self.date_time_string())

    def send_header(self, name, value):
        self._out.append('%s: %s\r\n' % (name, value))

    def end_headers(self):
        self.wfile.write((''.join(self._out) + '\r\n').encode())
        self._out = []

    def send_error(self, code, message=None, explain=None):
        reason = message or _reasons.get(code, '')
        self.log_error('code %d, message %s', code, reason)
        body = '<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n        <meta charset="utf-8">\n        <title>Error response</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: %d</p>\n        <p>Message: %s.</p>\n    </body>\n</html>\n' % (code, reason)
        self.send_response(code, reason)
        self.send_header('Connection', 'close')
        self.send_header('Content-Type', 'text/html;charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body.encode())


_types = {'.html': 'text/html', '.htm': 'text/html', '.txt': 'text/plain', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.py': 'text/x-python', '.png': 'image/png', '.md': 'text/markdown'}


class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    server_version = 'SimpleHTTP/0.6'
    directory = '.'

    def do_GET(self):
        path = unquote(self.path.partition('?')[0].partition('#')[0])
        full = os.path.join(self.directory, *[part for part in path.split('/') if part not in ('', '.', '..')])
        if os.path.isdir(full):
            if not path.endswith('/'):
                self.send_response(301)
                self.send_header('Location', path + '/')
                self.send_header('Content-Length', '0')
                self.end_headers()
                return
            if os.path.isfile(os.path.join(full, 'index.html')):
                full = os.path.join(full, 'index.html')
            else:
                names = sorted(os.listdir(full), key=lambda name: name.lower())
                items = ''.join(['<li><a href="%s">%s</a></li>\n' % (name, name) for name in [n + '/' if os.path.isdir(os.path.join(full, n)) else n for n in names]])
                title = 'Directory listing for ' + path
                self.reply('text/html; charset=utf-8', ('<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n<hr>\n<ul>\n%s</ul>\n<hr>\n</body>\n</html>\n' % (title, title, items)).encode())
                return
        try:
            with open(full, 'rb') as file:
                data = file.read()
        except OSError:
            self.send_error(404, 'File not found')
            return
        self.reply(_types.get(os.path.splitext(full)[1], 'application/octet-stream'), data)

    do_HEAD = do_GET

    def reply(self, kind, data):
        self.send_response(200)
        self.send_header('Content-type', kind)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(data)


def main():
    port = 8000
    host = '0.0.0.0'
    words = sys.argv[1:]
    while words:
        word = words.pop(0)
        if word in ('-b', '--bind'):
            host = words.pop(0)
        elif word in ('-d', '--directory'):
            SimpleHTTPRequestHandler.directory = words.pop(0)
        elif word.isdigit():
            port = int(word)
    server = HTTPServer((host, port), SimpleHTTPRequestHandler)
    print('Serving HTTP on %s port %d (http://%s:%d/) ...' % (host, server.server_port, host, server.server_port), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print('\nKeyboard interrupt received, exiting.')
        sys.exit(0)


if __name__ == '__main__':
    main()
