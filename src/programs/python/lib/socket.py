"""The module socket: TCP over the simulated network."""
import js
import _site
from _site import call, call_json, fromhex

AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM = 1, 2
SOL_SOCKET, SO_REUSEADDR, SO_KEEPALIVE, SO_REUSEPORT, SO_BROADCAST = 1, 2, 9, 15, 6
IPPROTO_TCP, TCP_NODELAY = 6, 1
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SOMAXCONN = 4096
error = OSError
timeout = TimeoutError


class gaierror(OSError):
    def __init__(self, number, text):
        super().__init__(number, text)
        self.errno = number
        self.strerror = text

    def __str__(self):
        return '[Errno %d] %s' % (self.errno, self.strerror)


class herror(OSError):
    pass


def gethostname():
    return js.call('hostname')


def getfqdn(name=''):
    return name or gethostname()


def gethostbyname(name):
    return call_json('resolve', name)[0]


def gethostbyname_ex(name):
    return name, [], call_json('resolve', name)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    return [(AF_INET, type or SOCK_STREAM, 6, '', (address, int(port or 0))) for address in call_json('resolve', host or '0.0.0.0')]


class socket:
    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None):
        self.family = family
        self.type = type
        self._id = None
        self._at = ('0.0.0.0', 0)
        self._peer = None
        self._timeout = None

    def setsockopt(self, *args):
        pass

    def getsockopt(self, *args):
        return 0

    def settimeout(self, seconds):
        self._timeout = seconds

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        pass

    def bind(self, address):
        self._at = (address[0] or '0.0.0.0', address[1])

    def listen(self, backlog=128):
        host = self._at[0]
        self._id, *at = call_json('listen', '127.0.0.1' if host == 'localhost' else '0.0.0.0' if host == '::' else host, self._at[1])
        self._at = tuple(at)

    def accept(self):
        made = socket()
        id, host, port, own, at = call_json('accept', self._id)
        made._id = id
        made._peer = (host, port)
        made._at = (own, at)
        return made, (host, port)

    def connect(self, address):
        host, port = address[:2]
        id, peer, peer_port, own, at = call_json('connect', call_json('resolve', host)[0], port, int((self._timeout or 0) * 1000))
        self._id = id
        self._peer = (peer, peer_port)
        self._at = (own, at)

    def connect_ex(self, address):
        try:
            self.connect(address)
            return 0
        except OSError as e:
            return e.errno or 1

    def recv(self, size, flags=0):
        return fromhex(call('receive', self._id, size))

    def send(self, data, flags=0):
        return call('send', self._id, bytes(data).hex())

    def sendall(self, data, flags=0):
        self.send(data)

    def shutdown(self, how):
        if self._id is not None:
            js.call('shutdown', self._id)

    def close(self):
        if self._id is not None:
            js.call('closeSocket', self._id)
            self._id = None

    def fileno(self):
        return -1 if self._id is None else self._id

    def getsockname(self):
        return self._at

    def getpeername(self):
        return self._peer

    def detach(self):
        return self.fileno()

    def makefile(self, mode='r', buffering=None, encoding=None, **options):
        raw = _File(self, mode)
        return raw if 'b' in mode else _site.TextFile(raw)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


class _File(_site.RawFile):
    def __init__(self, sock, mode):
        super().__init__(-1, sock._id, mode.replace('b', '') + '+')
        self._sock = sock

    def _more(self):
        return self._sock.recv(65536)

    def readline(self, size=-1):
        while True:
            at = self._in.find(b'\n')
            if at >= 0:
                line = self._in[:at + 1]
                self._in = self._in[at + 1:]
                return line
            more = self._more()
            if not more:
                line = self._in
                self._in = b''
                return line
            self._in += more

    def read(self, size=-1):
        while size is None or size < 0 or len(self._in) < size:
            more = self._more()
            if not more:
                size = len(self._in)
                break
            self._in += more
        got = self._in[:size]
        self._in = self._in[size:]
        return got

    def flush(self):
        if self._out:
            data = b''.join(self._out)
            self._out = []
            self._held = 0
            self._sock.sendall(data)

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True


def create_connection(address, timeout=None, source_address=None):
    made = socket()
    made.settimeout(timeout)
    made.connect(address)
    return made


def create_server(address, **options):
    made = socket()
    made.bind(address)
    made.listen()
    return made


def has_dualstack_ipv6():
    return False


def inet_aton(text):
    return bytes([int(part) for part in text.split('.')])


def inet_ntoa(data):
    return '.'.join([str(byte) for byte in data])


def setdefaulttimeout(seconds):
    pass
