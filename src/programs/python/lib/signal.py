"""The module signal: handlers run at the next system call."""
import js
import _site

SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD = 1, 2, 3, 6, 9, 10, 12, 13, 14, 15, 17
SIG_DFL, SIG_IGN = 0, 1
_names = {1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 6: 'SIGABRT', 9: 'SIGKILL', 10: 'SIGUSR1', 12: 'SIGUSR2', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM', 17: 'SIGCHLD'}
_set = {}


def default_int_handler(number, frame):
    raise KeyboardInterrupt


def signal(number, handler):
    name = _names[int(number)]
    old = _set.get(number, default_int_handler if number == SIGINT else SIG_DFL)
    _set[number] = handler
    if handler in (SIG_DFL, SIG_IGN):
        js.call('dispose', name, 'ignore' if handler == SIG_IGN else 'default')
    else:
        js.call('handle', name)
        _site.handlers[name] = lambda _: handler(number, None)
    return old


def getsignal(number):
    return _set.get(number, default_int_handler if number == SIGINT else SIG_DFL)


def pause():
    js.call('pause')
    _site.check_signals()


class Signals:
    def __init__(self, number):
        self.value = number
        self.name = _names[number]
