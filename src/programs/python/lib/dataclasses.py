"""The module dataclasses; annotations.ts keeps what members are annotated with."""


class _Missing:
    def __repr__(self):
        return '<dataclasses._MISSING_TYPE object>'


MISSING = _Missing()
KW_ONLY = 'KW_ONLY'


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False):
        self.name = self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only


def field(**given):
    if 'default' in given and 'default_factory' in given:
        raise ValueError('cannot specify both default and default_factory')
    return Field(**given)


def _init(cls, all_fields, frozen):
    def __init__(self, *args, **named):
        positional = [each for each in all_fields if each.init and not each.kw_only]
        if len(args) > len(positional):
            least = len([each for each in positional if each.default is MISSING and each.default_factory is MISSING])
            takes = '%d' % (len(positional) + 1) if least == len(positional) else 'from %d to %d' % (least + 1, len(positional) + 1)
            raise TypeError('%s.__init__() takes %s positional argument%s but %d were given' % (cls.__name__, takes, '' if takes == '1' else 's', len(args) + 1))
        given = {}
        for each, value in zip(positional, args):
            given[each.name] = value
        names = [each.name for each in all_fields if each.init]
        for name in named:
            if name in given:
                raise TypeError("%s.__init__() got multiple values for argument '%s'" % (cls.__name__, name))
            if name not in names:
                raise TypeError("%s.__init__() got an unexpected keyword argument '%s'" % (cls.__name__, name))
            given[name] = named[name]
        missing = [each.name for each in all_fields if each.init and each.name not in given and each.default is MISSING and each.default_factory is MISSING]
        if missing:
            quoted = ["'%s'" % name for name in missing]
            listed = quoted[0] if len(quoted) == 1 else ' and '.join(quoted) if len(quoted) == 2 else ', '.join(quoted[:-1]) + ', and ' + quoted[-1]
            raise TypeError('%s.__init__() missing %d required positional argument%s: %s' % (cls.__name__, len(missing), '' if len(missing) == 1 else 's', listed))
        values = self.__dict__ if False else None
        object.__setattr__(self, '_open', True) if frozen else None
        for each in all_fields:
            if each.name in given:
                setattr(self, each.name, given[each.name])
            elif each.default_factory is not MISSING:
                setattr(self, each.name, each.default_factory())
            elif each.default is not MISSING:
                setattr(self, each.name, each.default)
        if hasattr(self, '__post_init__'):
            self.__post_init__()
        if frozen:
            object.__setattr__(self, '_open', False)

    return __init__


def _key(self):
    return tuple([getattr(self, each.name) for each in self.__dataclass_fields__.values() if each.compare])


def _eq(self, other):
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _key(self) == _key(other)


def _repr(self):
    shown = ['%s=%r' % (each.name, getattr(self, each.name)) for each in fields(self) if each.repr]
    return '%s(%s)' % (self.__class__.__name__, ', '.join(shown))


def _setattr(self, name, value):
    if not getattr(self, '_open', False):
        raise FrozenInstanceError("cannot assign to field '%s'" % name)
    object.__setattr__(self, name, value)


def _delattr(self, name):
    raise FrozenInstanceError("cannot delete field '%s'" % name)


def _ordered(compare):
    def method(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(_key(self), _key(other))

    return method


class _Fields:
    """Fields in their order, by name."""

    def __init__(self, listed):
        self._listed = listed

    def values(self):
        return self._listed

    def keys(self):
        return [each.name for each in self._listed]

    def items(self):
        return [(each.name, each) for each in self._listed]

    def __iter__(self):
        return iter(self.keys())

    def __getitem__(self, name):
        for each in self._listed:
            if each.name == name:
                return each
        raise KeyError(name)

    def __contains__(self, name):
        return name in self.keys()


def _made(cls, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    own = cls.__dict__
    listed = []
    for base in cls.__bases__:
        for each in getattr(base, '__dataclass_fields__', _Fields([])).values():
            listed.append(each)
    from_here_by_name = kw_only
    for name, type in own.get('__annotated__', ()):
        if 'KW_ONLY' in type:
            from_here_by_name = True
            continue
        if type.startswith('ClassVar') or type.startswith('typing.ClassVar'):
            continue
        value = own.get(name, MISSING)
        each = value if isinstance(value, Field) else Field(default=value)
        if isinstance(each.default, (list, dict, set)):
            raise ValueError("mutable default <class '%s'> for field %s is not allowed: use default_factory" % (each.default.__class__.__name__, name))
        each.name = name
        each.type = type
        each.kw_only = each.kw_only or from_here_by_name
        listed = [other for other in listed if other.name != name] if name not in [other.name for other in listed] else [each if other.name == name else other for other in listed]
        if each not in listed:
            listed.append(each)
        if isinstance(value, Field):
            if each.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, each.default)
    optional = None
    for each in listed:
        if each.kw_only or not each.init:
            continue
        if each.default is not MISSING or each.default_factory is not MISSING:
            optional = each.name
        elif optional is not None:
            raise TypeError("non-default argument '%s' follows default argument" % each.name)
    cls.__dataclass_fields__ = _Fields(listed)
    if init:
        cls.__init__ = _init(cls, listed, frozen)
    if repr and '__repr__' not in own:
        cls.__repr__ = _repr
    if eq and '__eq__' not in own:
        cls.__eq__ = _eq
        if frozen or unsafe_hash:
            cls.__hash__ = lambda self: hash(_key(self))
    if order:
        cls.__lt__ = _ordered(lambda left, right: left < right)
        cls.__le__ = _ordered(lambda left, right: left <= right)
        cls.__gt__ = _ordered(lambda left, right: left > right)
        cls.__ge__ = _ordered(lambda left, right: left >= right)
    if frozen:
        cls.__setattr__ = _setattr
        cls.__delattr__ = _delattr
    return cls


def dataclass(cls=None, **options):
    if cls is None:
        return lambda given: _made(given, **options)
    return _made(cls, **options)


def fields(value):
    try:
        return tuple(value.__dataclass_fields__.values())
    except AttributeError:
        raise TypeError('must be called with a dataclass type or instance')


def is_dataclass(value):
    return hasattr(value, '__dataclass_fields__')


def _plain(value, made):
    if is_dataclass(value) and not isinstance(value, type):
        return made(value)
    if isinstance(value, (list, tuple)):
        listed = [_plain(each, made) for each in value]
        return listed if isinstance(value, list) else tuple(listed)
    if isinstance(value, dict):
        return {key: _plain(each, made) for key, each in value.items()}
    return value


def asdict(value, dict_factory=dict):
    return dict_factory([(each.name, _plain(getattr(value, each.name), asdict)) for each in fields(value)])


def astuple(value, tuple_factory=tuple):
    return tuple_factory([_plain(getattr(value, each.name), astuple) for each in fields(value)])


def replace(value, **changes):
    given = {}
    for each in fields(value):
        if each.init:
            given[each.name] = getattr(value, each.name)
    given.update(changes)
    return value.__class__(**given)
