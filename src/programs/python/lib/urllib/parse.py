"""The module urllib.parse."""


def quote(text, safe='/'):
    return ''.join([c if c.isalpha() and ord(c) < 128 or c.isdigit() or c in '-._~' or c in safe else ''.join(['%%%02X' % b for b in c.encode()]) for c in str(text)])


def quote_plus(text, safe=''):
    return quote(text, safe + ' ').replace(' ', '+')


def unquote(text):
    parts = text.split('%')
    out = parts[0].encode()
    for part in parts[1:]:
        try:
            out += bytes([int(part[:2], 16)]) + part[2:].encode()
        except ValueError:
            out += b'%' + part.encode()
    return out.decode()


def unquote_plus(text):
    return unquote(text.replace('+', ' '))


def urlencode(query, doseq=False):
    items = query.items() if hasattr(query, 'items') else query
    return '&'.join([quote_plus(str(k)) + '=' + quote_plus(str(v)) for k, v in items])


def parse_qsl(query):
    return [(unquote_plus(k), unquote_plus(v)) for k, _, v in [part.partition('=') for part in query.split('&') if part]]


def parse_qs(query):
    out = {}
    for k, v in parse_qsl(query):
        out.setdefault(k, []).append(v)
    return out


class ParseResult:
    def __init__(self, url):
        rest, _, self.fragment = url.partition('#')
        rest, _, self.query = rest.partition('?')
        self.params = ''
        scheme, mark, after = rest.partition('://')
        self.scheme = scheme if mark else ''
        if mark:
            self.netloc, slash, path = after.partition('/')
            self.path = slash + path
        else:
            self.netloc, self.path = '', rest
        host = self.netloc.rpartition('@')[2]
        self.hostname = host.partition(':')[0].lower() or None
        self.port = int(host.partition(':')[2]) if ':' in host else None


def urlparse(url):
    return ParseResult(url)


urlsplit = urlparse


def urljoin(base, url):
    return url if '://' in url else '/'.join(base.split('/')[:3]) + url if url.startswith('/') else base.rsplit('/', 1)[0] + '/' + url
