"""The module shutil."""
import os


class Error(OSError):
    pass


class SameFileError(Error):
    pass


def copyfileobj(source, target, length=65536):
    while True:
        part = source.read(length)
        if not part:
            return
        target.write(part)


def copyfile(src, dst, follow_symlinks=True):
    with open(src, 'rb') as source:
        with open(dst, 'wb') as target:
            copyfileobj(source, target)
    return dst


def copymode(src, dst, follow_symlinks=True):
    os.chmod(dst, os.stat(src).st_mode & 0o7777)


def copy(src, dst, follow_symlinks=True):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    copyfile(src, dst)
    copymode(src, dst)
    return dst


copy2 = copy


def copytree(src, dst, symlinks=False, ignore=None, dirs_exist_ok=False, **options):
    os.makedirs(dst, exist_ok=dirs_exist_ok)
    names = os.listdir(src)
    left = ignore(src, names) if ignore else ()
    for name in names:
        if name in left:
            continue
        source, target = os.path.join(src, name), os.path.join(dst, name)
        if os.path.isdir(source):
            copytree(source, target, ignore=ignore, dirs_exist_ok=dirs_exist_ok)
        else:
            copy(source, target)
    return dst


def rmtree(path, ignore_errors=False, onerror=None, **options):
    try:
        for name in os.listdir(path):
            below = os.path.join(path, name)
            if os.path.isdir(below) and not os.path.islink(below):
                rmtree(below)
            else:
                os.remove(below)
        os.rmdir(path)
    except OSError:
        if not ignore_errors:
            raise


def move(src, dst, copy_function=copy2):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src.rstrip('/')))
    try:
        os.rename(src, dst)
    except OSError:
        if os.path.isdir(src):
            copytree(src, dst)
            rmtree(src)
        else:
            copy_function(src, dst)
            os.remove(src)
    return dst


def which(cmd, mode=1, path=None):
    folders = [''] if '/' in cmd else (path or os.environ.get('PATH', '/usr/bin:/bin')).split(':')
    for folder in folders:
        file = os.path.join(folder, cmd) if folder else cmd
        if os.path.isfile(file) and os.stat(file).st_mode & 0o111:
            return file
    return None
