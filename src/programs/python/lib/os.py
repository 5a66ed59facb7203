"""The module os."""
import _site
import sys
import js
from _site import call, call_json, call_text, fromhex

name = 'posix'
sep = '/'
altsep = None
extsep = '.'
pathsep = ':'
linesep = '\n'
curdir = '.'
pardir = '..'
devnull = '/dev/null'
F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0, 1, 2, 64, 128, 512, 1024
error = OSError


class Environ(dict):
    def __setitem__(self, key, value):
        if not isinstance(value, str):
            raise TypeError('str expected, not ' + type(value).__name__)
        js.call('setenv', key, value)
        super().__setitem__(key, value)

    def __delitem__(self, key):
        js.call('setenv', key, None)
        super().__delitem__(key)

    def setdefault(self, key, value=None):
        if key not in self:
            self[key] = value
        return self[key]

    def pop(self, key, *default):
        if key in self:
            js.call('setenv', key, None)
        return super().pop(key, *default)

    def copy(self):
        return dict(self)


environ = Environ()
environ.update(_site.environment)


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    environ[key] = value


def unsetenv(key):
    environ.pop(key, None)


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    if hasattr(path, '__fspath__'):
        return path.__fspath__()
    raise TypeError('expected str, bytes or os.PathLike object, not ' + type(path).__name__)


class PathLike:
    pass


class stat_result:
    def __init__(self, values):
        (self.st_mode, self.st_ino, self.st_dev, self.st_nlink, self.st_uid, self.st_gid, self.st_size, self.st_atime, self.st_mtime, self.st_ctime) = values
        self._values = values

    def __getitem__(self, index):
        return self._values[index]


def stat(path, follow_symlinks=True):
    path = fspath(path)
    return stat_result(call_json('stat' if follow_symlinks else 'lstat', path, path=path))


def lstat(path):
    return stat(path, False)


def listdir(path='.'):
    path = fspath(path)
    return call_json('listdir', path, path=path)


class DirEntry:
    def __init__(self, folder, name):
        self.name = name
        self.path = folder + name if folder.endswith('/') else folder + '/' + name

    def is_dir(self, follow_symlinks=True):
        return _kind(self.path, follow_symlinks) == 0o040000

    def is_file(self, follow_symlinks=True):
        return _kind(self.path, follow_symlinks) == 0o100000

    def is_symlink(self):
        return _kind(self.path, False) == 0o120000

    def stat(self, follow_symlinks=True):
        return stat(self.path, follow_symlinks)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return '<DirEntry ' + repr(self.name) + '>'


class _Scan(list):
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass

    def close(self):
        pass


def scandir(path='.'):
    path = fspath(path)
    return _Scan([DirEntry(path, name) for name in listdir(path)])


def _kind(path, follow=True):
    got = js.call('stat' if follow else 'lstat', path)
    if got[:1] == '!':
        return 0
    return int(got[1:got.index(',')]) & 0o170000


def mkdir(path, mode=0o777):
    path = fspath(path)
    call('mkdir', path, mode, path=path)


def makedirs(name, mode=0o777, exist_ok=False):
    name = fspath(name)
    head = name.rstrip('/').rpartition('/')[0]
    if head and not _kind(head):
        makedirs(head, mode, True)
    try:
        mkdir(name, mode)
    except FileExistsError:
        if not exist_ok or _kind(name) != 0o040000:
            raise


def _one(call_name):
    def run(path):
        path = fspath(path)
        call(call_name, path, path=path)
    return run


rmdir = _one('rmdir')
remove = unlink = _one('unlink')


def _two(call_name):
    def run(src, dst):
        call(call_name, fspath(src), fspath(dst), path=fspath(src), path2=fspath(dst))
    return run


rename = replace = _two('rename')
symlink = _two('symlink')
link = _two('link')


def removedirs(path):
    rmdir(path)


def readlink(path):
    path = fspath(path)
    return call_text('readlink', path, path=path)


def chmod(path, mode):
    path = fspath(path)
    call('chmod', path, mode, path=path)


def chown(path, uid, gid):
    path = fspath(path)
    call('chown', path, uid, gid, path=path)


def access(path, mode):
    return js.call('access', fspath(path), mode)


def getcwd():
    return js.call('getcwd')


def chdir(path):
    path = fspath(path)
    call('chdir', path, path=path)


def walk(top, topdown=True, onerror=None, followlinks=False):
    top = fspath(top)
    try:
        names = listdir(top)
    except OSError:
        return
    folders = [n for n in names if _kind(top + '/' + n) == 0o040000]
    files = [n for n in names if _kind(top + '/' + n) != 0o040000]
    if topdown:
        yield top, folders, files
    for n in folders:
        yield from walk(top.rstrip('/') + '/' + n, topdown)
    if not topdown:
        yield top, folders, files


_ids = _site._json.loads(js.call('ids'))


def getpid():
    return _ids[0]


def getppid():
    return _ids[1]


def getuid():
    return _ids[2]


def getgid():
    return _ids[3]


geteuid = getuid
getegid = getgid


def getlogin():
    return 'root'


def cpu_count():
    return js.call('cpus')


def sched_getaffinity(pid):
    return set(range(cpu_count()))


def urandom(size):
    return fromhex(js.call('urandom', size))


def kill(pid, number):
    import signal
    call('kill', pid, signal._names.get(int(number), 0))
    _site.check_signals()


def isatty(fd):
    return js.call('isatty', fd)


class terminal_size(tuple):
    @property
    def columns(self):
        return self[0]

    @property
    def lines(self):
        return self[1]


def get_terminal_size(fd=1):
    return terminal_size((js.call('columns'), 24))


class uname_result:
    def __init__(self):
        self.sysname = 'Linux'
        self.nodename = js.call('hostname')
        self.release = _read('/proc/sys/kernel/osrelease')
        self.version = _read('/proc/sys/kernel/version')
        self.machine = 'x86_64'

    def __getitem__(self, index):
        return (self.sysname, self.nodename, self.release, self.version, self.machine)[index]


def _read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ''


def uname():
    return uname_result()


def getloadavg():
    return tuple([float(part) for part in _read('/proc/loadavg').split()[:3]])


def system(command):
    import subprocess
    return subprocess.call(command, shell=True) << 8


def popen(command, mode='r'):
    import io
    import subprocess
    return io.StringIO(subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True).stdout)


def write(fd, data):
    return call('writeBytes', fd, data.hex())


def read(fd, size):
    return fromhex(call('read', fd, size))


def close(fd):
    call('close', fd)


def fsync(fd):
    pass


def _exit(code):
    js.call('exit', code)


def strerror(number):
    return _strings.get(number, 'Unknown error %d' % number)


_strings = {1: 'Operation not permitted', 2: 'No such file or directory', 13: 'Permission denied', 17: 'File exists', 20: 'Not a directory', 21: 'Is a directory', 22: 'Invalid argument'}


def umask(mask):
    return 0o022


def nice(value):
    return value


def fsencode(path):
    return fspath(path).encode()


def fsdecode(path):
    path = fspath(path)
    return path.decode() if isinstance(path, bytes) else path


import posixpath as path
sys.modules['os.path'] = path
