"""The module getpass."""
import os


def getuser():
    for name in ('LOGNAME', 'USER', 'LNAME', 'USERNAME'):
        if os.environ.get(name):
            return os.environ[name]
    with open('/etc/passwd') as accounts:
        for line in accounts:
            parts = line.split(':')
            if len(parts) > 2 and parts[2] == str(os.getuid()):
                return parts[0]
    raise KeyError('getpwuid(): uid not found: %d' % os.getuid())


def getpass(prompt='Password: ', stream=None):
    return input(prompt)
