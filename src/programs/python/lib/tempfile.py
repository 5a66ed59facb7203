"""The module tempfile."""
import os
import random

tempdir = None


def gettempdir():
    for folder in (tempdir, os.environ.get('TMPDIR'), '/tmp', '/var/tmp', '/usr/tmp'):
        if folder and os.path.isdir(folder):
            return folder
    return os.getcwd()


def _name(suffix, prefix, dir):
    while True:
        word = ''.join([random.choice('abcdefghijklmnopqrstuvwxyz0123456789_') for _ in range(8)])
        path = os.path.join(dir or gettempdir(), (prefix or 'tmp') + word + (suffix or ''))
        if not os.path.exists(path):
            return path


def mkdtemp(suffix=None, prefix=None, dir=None):
    path = _name(suffix, prefix, dir)
    os.mkdir(path, 0o700)
    return path


def mktemp(suffix='', prefix='tmp', dir=None):
    return _name(suffix, prefix, dir)


class TemporaryDirectory:
    def __init__(self, suffix=None, prefix=None, dir=None, **options):
        self.name = mkdtemp(suffix, prefix, dir)

    def __enter__(self):
        return self.name

    def cleanup(self):
        import shutil
        shutil.rmtree(self.name, ignore_errors=True)

    def __exit__(self, kind, value, traceback):
        self.cleanup()


class NamedTemporaryFile:
    def __init__(self, mode='w+b', suffix=None, prefix=None, dir=None, delete=True, **options):
        self.name = _name(suffix, prefix, dir)
        self.delete = delete
        self.file = open(self.name, mode)
        os.chmod(self.name, 0o600)

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def close(self):
        self.file.close()
        if self.delete and os.path.exists(self.name):
            os.remove(self.name)

    def __exit__(self, kind, value, traceback):
        self.close()


TemporaryFile = NamedTemporaryFile
