"""A stand-in for redis-py by the lab: the protocol over a socket, every command by its name."""
import os
import socket

__version__ = '7.0.1'


class RedisError(Exception):
    pass


class ConnectionError(RedisError):
    pass


class TimeoutError(RedisError):
    pass


class ResponseError(RedisError):
    pass


class AuthenticationError(ConnectionError):
    pass


class exceptions:
    RedisError = RedisError
    ConnectionError = ConnectionError
    TimeoutError = TimeoutError
    ResponseError = ResponseError
    AuthenticationError = AuthenticationError


class Redis:
    def __init__(self, host='localhost', port=6379, db=0, password=None, decode_responses=False, **options):
        self.host = host
        self.port = int(port)
        self.db = db
        self.password = password
        self.decode = decode_responses
        self._file = None
        self._socket = None

    @classmethod
    def from_url(cls, url, **options):
        rest = url.partition('://')[2]
        where, _, db = rest.partition('/')
        login, at, where = where.rpartition('@')
        host, _, port = where.partition(':')
        return cls(host=host or 'localhost', port=int(port or 6379), db=int(db or 0), password=login.partition(':')[2] or None, **options)

    def _connect(self):
        if self._socket is not None:
            return
        try:
            self._socket = socket.create_connection((self.host, self.port))
        except socket.gaierror as e:
            raise ConnectionError('Error %d connecting to %s:%d. %s.' % (e.errno, self.host, self.port, e.strerror))
        except OSError as e:
            raise ConnectionError('Error %s connecting to %s:%d. %s.' % (e.errno, self.host, self.port, e.strerror))
        self._file = self._socket.makefile('rb')
        if self.password:
            self._send('AUTH', self.password)
            self._read()
        if self.db:
            self._send('SELECT', self.db)
            self._read()

    def _send(self, *args):
        out = [b'*%d\r\n' % len(args)]
        for arg in args:
            data = arg if isinstance(arg, bytes) else str(arg).encode()
            out.append(b'$%d\r\n' % len(data) + data + b'\r\n')
        self._socket.sendall(b''.join(out))

    def _value(self, data):
        return data.decode() if self.decode else data

    def _read(self):
        line = self._file.readline()
        if not line:
            self.close()
            raise ConnectionError('Connection closed by server.')
        kind, rest = line[:1], line[1:-2]
        if kind == b'+':
            return rest.decode()
        if kind == b'-':
            raise ResponseError(rest.decode().removeprefix('ERR '))
        if kind == b':':
            return int(rest)
        if kind == b'$':
            if rest == b'-1':
                return None
            data = self._file.read(int(rest) + 2)[:-2]
            return self._value(data)
        if kind == b'*':
            return None if rest == b'-1' else [self._read() for _ in range(int(rest))]
        return None

    def execute_command(self, *args):
        self._connect()
        try:
            self._send(*args)
            return self._read()
        except OSError as e:
            self.close()
            raise ConnectionError('Error while reading from %s:%d : %s' % (self.host, self.port, e))

    def close(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ping(self):
        return self.execute_command('PING') == 'PONG'

    def set(self, name, value, ex=None, px=None, nx=False, xx=False):
        more = []
        if ex is not None:
            more += ['EX', ex]
        if px is not None:
            more += ['PX', px]
        if nx:
            more.append('NX')
        if xx:
            more.append('XX')
        return True if self.execute_command('SET', name, value, *more) == 'OK' else None

    def incr(self, name, amount=1):
        return self.execute_command('INCRBY', name, amount)

    def decr(self, name, amount=1):
        return self.execute_command('DECRBY', name, amount)

    incrby = incr

    def hset(self, name, key=None, value=None, mapping=None):
        items = [key, value] if key is not None else []
        for k, v in (mapping or {}).items():
            items += [k, v]
        return self.execute_command('HSET', name, *items)

    def hgetall(self, name):
        got = self.execute_command('HGETALL', name)
        return {got[at]: got[at + 1] for at in range(0, len(got), 2)}

    def smembers(self, name):
        return set(self.execute_command('SMEMBERS', name))

    def expire(self, name, seconds):
        return bool(self.execute_command('EXPIRE', name, seconds))

    def delete(self, *names):
        return self.execute_command('DEL', *names)

    def keys(self, pattern='*'):
        return self.execute_command('KEYS', pattern)

    def flushall(self):
        return self.execute_command('FLUSHALL') == 'OK'

    def flushdb(self):
        return self.execute_command('FLUSHDB') == 'OK'

    def info(self, section=None):
        text = self.execute_command('INFO', *([section] if section else []))
        text = text if isinstance(text, str) else text.decode()
        return {k: v for k, _, v in [line.partition(':') for line in text.split('\r\n')] if v}

    def __getattr__(self, name):
        if name.startswith('_'):
            raise AttributeError("'Redis' object has no attribute '" + name + "'")
        return lambda *args: self.execute_command(name.upper(), *args)

    def __getitem__(self, name):
        got = self.execute_command('GET', name)
        if got is None:
            raise KeyError(name)
        return got

    def __setitem__(self, name, value):
        self.set(name, value)


StrictRedis = Redis


def from_url(url, **options):
    return Redis.from_url(url, **options)
