"""The module subprocess: commands that run to their end."""
import json
import sys
import _site

PIPE, STDOUT, DEVNULL = -1, -2, -3


class SubprocessError(Exception):
    pass


class CalledProcessError(SubprocessError):
    def __init__(self, returncode, cmd, output=None, stderr=None):
        super().__init__(returncode, cmd)
        self.returncode = returncode
        self.cmd = cmd
        self.output = self.stdout = output
        self.stderr = stderr

    def __str__(self):
        return 'Command %r returned non-zero exit status %d.' % (self.cmd, self.returncode)


class CompletedProcess:
    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args = args
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr

    def check_returncode(self):
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)


def _how(value):
    return {PIPE: 'pipe', DEVNULL: 'null', STDOUT: 'output'}.get(value)


def run(args, input=None, capture_output=False, stdout=None, stderr=None, stdin=None, shell=False, check=False, text=False, universal_newlines=False, encoding=None, cwd=None, env=None, timeout=None):
    if capture_output:
        stdout = stderr = PIPE
    text = text or universal_newlines or bool(encoding)
    words = ['/bin/sh', '-c', args] if shell else [args] if isinstance(args, str) else [str(word) for word in args]
    sys.stdout.flush()
    if isinstance(input, str):
        input = input.encode()
    pid, status, out, errors = _site.call_json('spawn', json.dumps({'argv': words, 'env': env, 'cwd': cwd, 'input': input.hex() if input is not None else None, 'output': _how(stdout), 'errors': _how(stderr)}), path=words[0])
    if isinstance(status, str):
        import signal
        status = -[n for n, name in signal._names.items() if name == status][0]
    out, errors = bytes.fromhex(out), bytes.fromhex(errors)
    if text:
        out, errors = out.decode(), errors.decode()
    done = CompletedProcess(args, status, out if stdout == PIPE else None, errors if stderr == PIPE else None)
    if check:
        done.check_returncode()
    return done


def call(args, **options):
    return run(args, **options).returncode


def check_call(args, **options):
    return run(args, check=True, **options).returncode


def check_output(args, **options):
    return run(args, stdout=PIPE, check=True, **options).stdout


def getoutput(command):
    return run(command, shell=True, stdout=PIPE, stderr=STDOUT, text=True).stdout.rstrip('\n')
