"""The module typing: names that annotations use. They mean nothing when a program runs."""


class _Type:
    def __init__(self, name):
        self._name = name

    def __getitem__(self, item):
        return self

    def __call__(self, *args, **named):
        return None

    def __or__(self, other):
        return self

    __ror__ = __or__

    def __repr__(self):
        return 'typing.' + self._name


class Generic:
    pass


class Protocol:
    pass


class _Subscriptable:
    def __getitem__(self, item):
        return Generic


TYPE_CHECKING = False
Any = _Type('Any')
for _name in ('Callable ClassVar Deque Dict Final FrozenSet Iterable Iterator Generator List Literal Mapping MutableMapping NoReturn Optional Sequence Set Tuple Type Union Annotated Awaitable Coroutine AsyncIterator AsyncGenerator Self Never LiteralString Text AnyStr Hashable Sized Collection Concatenate ParamSpec TypeAlias Required NotRequired IO TextIO BinaryIO Pattern Match DefaultDict OrderedDict Counter ChainMap SupportsInt SupportsFloat').split(' '):
    globals()[_name] = _Type(_name)


def TypeVar(name, *bounds, **options):
    return _Type(name)


def NewType(name, kind):
    return kind


def cast(kind, value):
    return value


def overload(function):
    return function


final = override = no_type_check = runtime_checkable = overload


def get_type_hints(value, *args):
    return dict(getattr(value, '__annotated__', ()))


def NamedTuple(name, fields):
    from collections import namedtuple
    return namedtuple(name, [field for field, _ in fields])
