"""A stand-in for python-dotenv by the lab."""
import os

__version__ = '1.2.1'


def dotenv_values(path='.env'):
    values = {}
    try:
        with open(path) as file:
            lines = file.read().split('\n')
    except OSError:
        return values
    for line in lines:
        line = line.strip().removeprefix('export ')
        name, eq, value = line.partition('=')
        if eq and line[:1] != '#':
            value = value.strip()
            if value[:1] in ('"', "'") and value[-1:] == value[:1]:
                value = value[1:-1]
            values[name.strip()] = value
    return values


def find_dotenv():
    return '.env' if os.path.isfile('.env') else ''


def load_dotenv(path='.env', override=False, **options):
    values = dotenv_values(path or '.env')
    for name, value in values.items():
        if override or name not in os.environ:
            os.environ[name] = value
    return bool(values)
