"""The module contextlib."""


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None


class ContextDecorator:
    def __call__(self, function):
        def wrapped(*args, **named):
            with self:
                return function(*args, **named)

        return wrapped


class _Generated(ContextDecorator):
    def __init__(self, function, args, named):
        self._make = lambda: function(*args, **named)

    def __enter__(self):
        self._generator = self._make()
        try:
            return next(self._generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield")

    def __exit__(self, kind, value, traceback):
        if kind is None:
            try:
                next(self._generator)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self._generator.throw(value)
        except StopIteration:
            return True
        except BaseException as error:
            if error is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(function):
    return lambda *args, **named: _Generated(function, args, named)


class suppress:
    def __init__(self, *kinds):
        self._kinds = kinds

    def __enter__(self):
        return None

    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._kinds)


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, kind, value, traceback):
        self.thing.close()


class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, kind, value, traceback):
        return None


class _redirect:
    def __init__(self, target):
        self._target = target

    def __enter__(self):
        import sys
        self._before = getattr(sys, self._name)
        setattr(sys, self._name, self._target)
        return self._target

    def __exit__(self, kind, value, traceback):
        import sys
        setattr(sys, self._name, self._before)


class redirect_stdout(_redirect):
    _name = 'stdout'


class redirect_stderr(_redirect):
    _name = 'stderr'


class ExitStack:
    def __init__(self):
        self._ends = []

    def __enter__(self):
        return self

    def enter_context(self, manager):
        entered = manager.__enter__()
        self._ends.append(manager.__exit__)
        return entered

    def callback(self, function, *args, **named):
        self._ends.append(lambda *raised: function(*args, **named) and None)
        return function

    def push(self, end):
        self._ends.append(getattr(end, '__exit__', end))
        return end

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, kind, value, traceback):
        handled = False
        while self._ends:
            if self._ends.pop()(kind, value, traceback):
                handled = True
                kind = value = traceback = None
        return handled
