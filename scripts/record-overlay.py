#!/usr/bin/env python3
"""Runs operations on the kernel's own overlayfs and records what came of them (needs root; see src/linux/fs/overlay.test.ts).

    unshare -m python3 scripts/record-overlay.py > src/linux/fs/recorded/overlay.json
"""
import errno, json, os, re, shutil, stat, subprocess, tempfile

# Two lower layers: `a` on top of `b`.
LOWER_B = [
    ['mkdir', '/dir'], ['write', '/dir/one', 'b one'], ['write', '/dir/two', 'b two'],
    ['mkdir', '/dir/sub'], ['write', '/dir/sub/deep', 'deep'], ['mkdir', '/gone'], ['write', '/gone/x', 'x'],
    ['mkdir', '/opaque'], ['write', '/opaque/old', 'old'], ['write', '/file', 'from b'], ['symlink', 'file', '/link'],
    ['mkdir', '/empty'], ['write', '/hard1', 'hard'], ['link', '/hard1', '/hard2'], ['mkfifo', '/fifo'],
    ['mkdir', '/pure'], ['write', '/pure/p', 'p'], ['write', '/mode', 'm'], ['chmod', '/mode', 0o4755],
    ['mkdir', '/tofile'], ['write', '/tofile/x', 'x'], ['write', '/todir', 'file'],
]
LOWER_A = [
    ['mkdir', '/dir'], ['write', '/dir/one', 'a one'], ['write', '/dir/three', 'a three'], ['whiteout', '/gone'],
    ['mkdir', '/opaque'], ['opaque', '/opaque'], ['write', '/opaque/new', 'new'], ['write', '/top', 'top'],
    ['write', '/tofile', 'now a file'], ['mkdir', '/todir'], ['write', '/todir/y', 'y'],
]

SCENARIOS = {
    'what is there': [['ls', '/'], ['ls', '/dir'], ['read', '/dir/one'], ['read', '/dir/two'], ['ls', '/opaque'],
        ['read', '/gone/x'], ['read', '/link'], ['readlink', '/link'], ['ls', '/tofile'], ['read', '/tofile'], ['ls', '/todir']],
    'a file is copied up before a write': [['write', '/dir/two', 'changed'], ['append', '/file', '!'], ['read', '/dir/two'], ['read', '/file'], ['ls', '/dir']],
    'removing leaves whiteouts': [['unlink', '/file'], ['read', '/file'], ['unlink', '/dir/one'], ['ls', '/dir'], ['unlink', '/file'],
        ['unlink', '/link'], ['ls', '/']],
    'a file that was only in the upper layer leaves nothing': [['write', '/fresh', 'x'], ['unlink', '/fresh'], ['mkdir', '/freshdir'], ['rmdir', '/freshdir'], ['ls', '/']],
    'a removed file can come back': [['unlink', '/file'], ['write', '/file', 'again'], ['read', '/file'], ['unlink', '/file'], ['read', '/file']],
    'a directory is removed when it looks empty': [['rmdir', '/dir'], ['unlink', '/dir/one'], ['unlink', '/dir/two'], ['unlink', '/dir/three'],
        ['unlink', '/dir/sub/deep'], ['rmdir', '/dir/sub'], ['rmdir', '/dir'], ['ls', '/'], ['stat', '/dir']],
    'a directory made where one was is opaque': [['unlink', '/pure/p'], ['rmdir', '/pure'], ['mkdir', '/pure'], ['ls', '/pure'], ['write', '/pure/q', 'q'], ['ls', '/pure']],
    'a directory made where a file was': [['unlink', '/file'], ['mkdir', '/file'], ['ls', '/file'], ['rmdir', '/file'], ['stat', '/file']],
    'a file made where a directory was': [['rmdir', '/empty'], ['write', '/empty', 'file'], ['read', '/empty'], ['unlink', '/empty'], ['mkdir', '/empty'], ['ls', '/empty']],
    'rename of a lower file': [['rename', '/file', '/renamed'], ['read', '/renamed'], ['read', '/file'], ['ls', '/']],
    'rename over a lower file': [['write', '/new', 'new'], ['rename', '/new', '/file'], ['read', '/file'], ['unlink', '/file'], ['read', '/file']],
    'rename of an upper file to a whited-out name': [['unlink', '/file'], ['write', '/u', 'u'], ['rename', '/u', '/file'], ['read', '/file'], ['rename', '/file', '/u'], ['read', '/file']],
    'rename of a merged or lower directory is EXDEV': [['rename', '/dir', '/dir2'], ['rename', '/pure', '/pure2'], ['rename', '/empty', '/empty2'], ['ls', '/']],
    'rename of an upper directory': [['mkdir', '/n'], ['write', '/n/x', 'x'], ['rename', '/n', '/m'], ['ls', '/m'], ['rename', '/m', '/dir/m'], ['ls', '/dir/m']],
    'rename of an upper directory over an empty lower one': [['mkdir', '/n'], ['write', '/n/x', 'x'], ['rename', '/n', '/empty'], ['ls', '/empty'], ['read', '/empty/x'], ['ls', '/']],
    'rename of an upper directory over a full lower one': [['mkdir', '/n'], ['rename', '/n', '/pure'], ['unlink', '/pure/p'], ['rename', '/n', '/pure'], ['ls', '/pure']],
    'rename of an upper directory to a whited-out name': [['unlink', '/pure/p'], ['rmdir', '/pure'], ['mkdir', '/n'], ['write', '/n/x', 'x'], ['rename', '/n', '/pure'], ['ls', '/pure']],
    'rename of an opaque directory': [['unlink', '/pure/p'], ['rmdir', '/pure'], ['mkdir', '/pure'], ['write', '/pure/q', 'q'], ['rename', '/pure', '/other'], ['ls', '/other'], ['stat', '/pure'], ['ls', '/']],
    'rename between kinds': [['rename', '/file', '/empty'], ['rename', '/empty', '/file'], ['mkdir', '/n'], ['rename', '/n', '/file'], ['rename', '/file', '/n']],
    'rename onto itself and into itself': [['rename', '/file', '/file'], ['mkdir', '/n'], ['rename', '/n', '/n/x'], ['rename', '/nothing', '/x']],
    'hard links': [['stat', '/hard1'], ['append', '/hard1', '+'], ['read', '/hard2'], ['read', '/hard1'], ['stat', '/hard1'], ['stat', '/hard2'],
        ['link', '/file', '/file2'], ['append', '/file2', '+'], ['read', '/file'], ['stat', '/file']],
    'links of upper files': [['write', '/u', 'u'], ['link', '/u', '/v'], ['stat', '/u'], ['unlink', '/u'], ['stat', '/v'], ['unlink', '/file'], ['link', '/v', '/file'], ['read', '/file'], ['unlink', '/file'], ['stat', '/file']],
    'modes and owners': [['chmod', '/mode', 0o600], ['stat', '/mode'], ['chmod', '/dir', 0o700], ['stat', '/dir'], ['ls', '/dir'], ['chown', '/file', 1000, 1000], ['stat', '/file'], ['read', '/file']],
    'writing takes nothing of the mode': [['append', '/mode', '+'], ['stat', '/mode'], ['truncate', '/file', 2], ['read', '/file'], ['truncate', '/file', 0], ['read', '/file']],
    'symbolic links': [['append', '/link', '+'], ['read', '/file'], ['symlink', 'dir', '/d'], ['ls', '/d'], ['rename', '/link', '/link2'], ['readlink', '/link2'], ['readlink', '/link'], ['symlink', 'x', '/file']],
    'special files': [['stat', '/fifo'], ['chmod', '/fifo', 0o600], ['stat', '/fifo'], ['mkfifo', '/fifo2'], ['unlink', '/fifo'], ['stat', '/fifo'], ['whiteout', '/w'], ['stat', '/w'], ['ls', '/']],
    'a lower directory gets children': [['write', '/pure/q', 'q'], ['mkdir', '/pure/d'], ['ls', '/pure'], ['read', '/pure/p'], ['stat', '/pure']],
    'deep copy-up': [['append', '/dir/sub/deep', '+'], ['ls', '/dir/sub'], ['read', '/dir/sub/deep'], ['chmod', '/dir/sub/deep', 0o640], ['stat', '/dir/sub']],
    'a directory replaced by a file and back': [['unlink', '/todir/y'], ['rmdir', '/todir'], ['write', '/todir', 'z'], ['read', '/todir'], ['unlink', '/todir'], ['mkdir', '/todir'], ['ls', '/todir'], ['unlink', '/tofile'], ['stat', '/tofile'], ['mkdir', '/tofile'], ['ls', '/tofile']],
    'what is not allowed': [['mkdir', '/dir'], ['mkdir', '/nothing/x'], ['rmdir', '/file'], ['unlink', '/dir'], ['rmdir', '/dir/sub'], ['link', '/dir', '/d'], ['link', '/file', '/hard1'], ['ls', '/file'], ['read', '/dir'], ['rename', '/file', '/nothing/x']],
    'an opaque directory stays so': [['ls', '/opaque'], ['unlink', '/opaque/new'], ['ls', '/opaque'], ['rmdir', '/opaque'], ['mkdir', '/opaque'], ['ls', '/opaque'], ['write', '/opaque/old', 'mine'], ['unlink', '/opaque/old'], ['ls', '/opaque']],
    'an open file and its copy': [['write', '/u', '1'], ['rename', '/u', '/dir/one'], ['read', '/dir/one'], ['unlink', '/dir/one'], ['ls', '/dir'], ['rename', '/dir/two', '/dir/one'], ['ls', '/dir'], ['rename', '/dir/three', '/dir/two'], ['ls', '/dir']],
    'a rename that replaces a hard link': [['rename', '/hard1', '/file'], ['read', '/file'], ['stat', '/file'], ['stat', '/hard2'], ['ls', '/']],
    'names that were removed twice': [['unlink', '/dir/one'], ['write', '/dir/one', '1'], ['unlink', '/dir/one'], ['mkdir', '/dir/one'], ['rmdir', '/dir/one'], ['stat', '/dir/one'], ['ls', '/dir']],
}


def xattr(path, name):
    try:
        return os.getxattr(path, name, follow_symlinks=False).decode()
    except OSError:
        return None


def run(root, op):
    kind, *args = op
    at = root + args[0] if args else root
    if kind == 'mkdir': os.mkdir(at, 0o755)
    elif kind == 'rmdir': os.rmdir(at)
    elif kind == 'unlink': os.unlink(at)
    elif kind in ('write', 'append'):
        fd = os.open(at, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if kind == 'write' else os.O_APPEND), 0o644)
        os.write(fd, args[1].encode())
        os.close(fd)
    elif kind == 'read':
        with open(at, 'rb') as file: return file.read().decode()
    elif kind == 'ls': return sorted(os.listdir(at))
    elif kind == 'rename': os.rename(at, root + args[1])
    elif kind == 'link': os.link(at, root + args[1])
    elif kind == 'symlink': os.symlink(args[0], root + args[1])
    elif kind == 'readlink': return os.readlink(at)
    elif kind == 'chmod': os.chmod(at, args[1])
    elif kind == 'chown': os.chown(at, args[1], args[2])
    elif kind == 'truncate': os.truncate(at, args[1])
    elif kind == 'mkfifo': os.mkfifo(at, 0o644)
    elif kind == 'whiteout': os.mknod(at, stat.S_IFCHR | 0o000, 0)
    elif kind == 'opaque': os.setxattr(at, 'trusted.overlay.opaque', b'y')
    elif kind == 'stat': return describe(at)
    return 'ok'


def describe(path):
    s = os.lstat(path)
    kinds = {stat.S_IFDIR: 'directory', stat.S_IFREG: 'file', stat.S_IFLNK: 'symlink', stat.S_IFIFO: 'fifo', stat.S_IFCHR: 'char'}
    kind = kinds[stat.S_IFMT(s.st_mode)]
    text = f'{kind} {stat.S_IMODE(s.st_mode):o} {s.st_uid}:{s.st_gid}'
    return text if kind == 'directory' else f'{text} links={s.st_nlink}'


def tree(root):
    found = {}
    for folder, directories, files in os.walk(root):
        for name in sorted(directories + files):
            path = os.path.join(folder, name)
            text = describe(path)
            if os.path.islink(path): text += ' -> ' + os.readlink(path)
            elif os.path.isfile(path): text += ' ' + open(path).read()
            if xattr(path, 'trusted.overlay.opaque'): text += ' opaque=' + xattr(path, 'trusted.overlay.opaque')
            found[path[len(root):]] = text
    return dict(sorted(found.items()))


def attempt(root, op):
    try:
        return run(root, op)
    except OSError as error:
        return errno.errorcode[error.errno]


def main():
    base = tempfile.mkdtemp()
    subprocess.run(['mount', '-t', 'tmpfs', 'tmpfs', base], check=True)
    os.umask(0o022)
    recorded = []
    for name, ops in SCENARIOS.items():
        for folder in ('a', 'b', 'upper', 'work', 'merged'): os.mkdir(f'{base}/{folder}')
        for op in LOWER_B: run(f'{base}/b', op)
        for op in LOWER_A: run(f'{base}/a', op)
        options = f'lowerdir={base}/a:{base}/b,upperdir={base}/upper,workdir={base}/work,redirect_dir=off,index=off,metacopy=off,xino=off'
        subprocess.run(['mount', '-t', 'overlay', 'overlay', '-o', options, f'{base}/merged'], check=True)
        results = [[op, attempt(f'{base}/merged', op)] for op in ops]
        merged = tree(f'{base}/merged')
        subprocess.run(['umount', f'{base}/merged'], check=True)
        recorded.append({'name': name, 'ops': results, 'merged': merged, 'upper': tree(f'{base}/upper')})
        for folder in ('a', 'b', 'upper', 'work', 'merged'): shutil.rmtree(f'{base}/{folder}')
    subprocess.run(['umount', base], check=True)
    os.rmdir(base)
    # Whiteouts of one mount may be links of one node (since 5.8): how many is nobody's business.
    print(re.sub(r'(char 0 0:0) links=\d+', r'\1', json.dumps({'lowerA': LOWER_A, 'lowerB': LOWER_B, 'scenarios': recorded})))


main()
