"""A stand-in for Requests by the lab: HTTP by the machine's own client."""
import json as _json
import _site

__version__ = '2.32.5'


class RequestException(OSError):
    pass


class ConnectionError(RequestException):
    pass


class Timeout(RequestException):
    pass


class HTTPError(RequestException):
    pass


class exceptions:
    RequestException = RequestException
    ConnectionError = ConnectionError
    Timeout = Timeout
    HTTPError = HTTPError


class Response:
    def __init__(self, url, status, reason, headers, content):
        self.url = url
        self.status_code = status
        self.reason = reason
        self.headers = _Headers(headers)
        self.content = content
        self.encoding = 'utf-8'

    @property
    def ok(self):
        return self.status_code < 400

    @property
    def text(self):
        return self.content.decode()

    def json(self):
        return _json.loads(self.content)

    def raise_for_status(self):
        if self.status_code >= 400:
            kind = 'Client' if self.status_code < 500 else 'Server'
            raise HTTPError('%d %s Error: %s for url: %s' % (self.status_code, kind, self.reason, self.url))

    def __bool__(self):
        return self.ok

    def __repr__(self):
        return '<Response [%d]>' % self.status_code


class _Headers(dict):
    def __init__(self, items):
        super().__init__()
        for name, value in items:
            self[name] = value

    def get(self, name, default=None):
        for key in self:
            if key.lower() == name.lower():
                return self[key]
        return default


def request(method, url, params=None, data=None, json=None, headers=None, timeout=None, auth=None, **options):
    if params:
        from urllib.parse import urlencode
        url += ('&' if '?' in url else '?') + urlencode(params)
    if '://' not in url:
        raise RequestException("Invalid URL " + repr(url) + ": No scheme supplied. Perhaps you meant https://" + url + '?')
    fields = {'User-Agent': 'python-requests/2.32.5', 'Accept-Encoding': 'gzip, deflate', 'Accept': '*/*', 'Connection': 'keep-alive'}
    body = b''
    if json is not None:
        body = _json.dumps(json).encode()
        fields['Content-Type'] = 'application/json'
    elif isinstance(data, dict):
        from urllib.parse import urlencode
        body = urlencode(data).encode()
        fields['Content-Type'] = 'application/x-www-form-urlencoded'
    elif data is not None:
        body = data.encode() if isinstance(data, str) else data
    fields.update(headers or {})
    try:
        status, reason, got, content = _site.call_json('https', method, url, _json.dumps(list(fields.items())), body.hex())
    except OSError as e:
        host = url.partition('://')[2].partition('/')[0]
        raise ConnectionError('HTTPConnectionPool(host=%r, port=%d): Max retries exceeded with url: /%s (Caused by NewConnectionError: %s)' % (host.partition(':')[0], int(host.partition(':')[2] or 80), url.partition('://')[2].partition('/')[2], e))
    if status in (301, 302, 303, 307, 308):
        to = dict(got).get('Location')
        if to:
            return request('GET' if status == 303 else method, to if '://' in to else '/'.join(url.split('/')[:3]) + to, headers=headers)
    return Response(url, status, reason, got, bytes.fromhex(content))


def get(url, params=None, **options):
    return request('GET', url, params=params, **options)


def post(url, data=None, json=None, **options):
    return request('POST', url, data=data, json=json, **options)


def put(url, data=None, **options):
    return request('PUT', url, data=data, **options)


def delete(url, **options):
    return request('DELETE', url, **options)


def head(url, **options):
    return request('HEAD', url, **options)


class Session:
    def __init__(self):
        self.headers = {}

    def request(self, method, url, headers=None, **options):
        return request(method, url, headers=dict(self.headers, **(headers or {})), **options)

    def get(self, url, **options):
        return self.request('GET', url, **options)

    def post(self, url, **options):
        return self.request('POST', url, **options)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass
