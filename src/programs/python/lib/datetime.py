"""The module datetime: the interpreter's own, and what it has not got."""
import sys
import time as _time_module

_paths = sys.path[:]
sys.path[:] = ['.frozen']
sys.modules.pop('datetime', None)
try:
    import datetime as _native
finally:
    sys.path[:] = _paths
date = _native.date
time = _native.time
datetime = _native.datetime
timedelta = _native.timedelta
timezone = _native.timezone
tzinfo = _native.tzinfo
MINYEAR = 1
MAXYEAR = 9999
UTC = timezone.utc
_DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
_MONTHS = 'January February March April May June July August September October November December'.split(' ')


def _iso(value):
    """isocalendar(): year, week, day."""
    day = value.isoweekday()
    ordinal = value.toordinal() - day + 4
    year = date.fromordinal(ordinal).year
    return (year, (ordinal - date(year, 1, 1).toordinal()) // 7 + 1, day)


def _offset(value, colon=False):
    offset = value.utcoffset() if hasattr(value, 'utcoffset') else None
    if offset is None:
        return ''
    seconds = int(offset.total_seconds())
    sign = '-' if seconds < 0 else '+'
    seconds = abs(seconds)
    return '%s%02d%s%02d' % (sign, seconds // 3600, ':' if colon else '', seconds // 60 % 60)


def _strftime(self, format):
    get = lambda name: getattr(self, name, 0)
    year, month, day = (get('year') or 1900, get('month') or 1, get('day') or 1)
    hour, minute, second = get('hour'), get('minute'), get('second')
    the_date = date(year, month, day)
    of_year = the_date.toordinal() - date(year, 1, 1).toordinal() + 1
    weekday = the_date.weekday()
    out = []
    at = 0
    while at < len(format):
        char = format[at]
        at += 1
        if char != '%' or at >= len(format):
            out.append(char)
            continue
        code = format[at]
        at += 1
        plain = code == '-'
        if (plain or code in '_^#0:') and at < len(format):
            flag = code
            code = format[at]
            at += 1
        if code == 'Y':
            text = str(year)
        elif code == 'y':
            text = '%02d' % (year % 100)
        elif code == 'C':
            text = '%02d' % (year // 100)
        elif code == 'm':
            text = '%02d' % month
        elif code == 'd':
            text = '%02d' % day
        elif code == 'e':
            text = '%2d' % day
        elif code == 'H':
            text = '%02d' % hour
        elif code == 'k':
            text = '%2d' % hour
        elif code == 'I':
            text = '%02d' % (hour % 12 or 12)
        elif code == 'M':
            text = '%02d' % minute
        elif code == 'S':
            text = '%02d' % second
        elif code == 'f':
            text = '%06d' % get('microsecond')
        elif code == 'p':
            text = 'AM' if hour < 12 else 'PM'
        elif code == 'P':
            text = 'am' if hour < 12 else 'pm'
        elif code == 'A':
            text = _DAYS[weekday]
        elif code == 'a':
            text = _DAYS[weekday][:3]
        elif code == 'B':
            text = _MONTHS[month - 1]
        elif code in 'bh':
            text = _MONTHS[month - 1][:3]
        elif code == 'j':
            text = '%03d' % of_year
        elif code == 'U':
            text = '%02d' % ((of_year + 6 - (weekday + 1) % 7) // 7)
        elif code == 'W':
            text = '%02d' % ((of_year + 6 - weekday) // 7)
        elif code == 'w':
            text = str((weekday + 1) % 7)
        elif code == 'u':
            text = str(weekday + 1)
        elif code == 'G':
            text = str(_iso(the_date)[0])
        elif code == 'V':
            text = '%02d' % _iso(the_date)[1]
        elif code == 'z':
            text = _offset(self, plain is False and format[at - 2] == ':')
        elif code == 'Z':
            text = (self.tzname() if hasattr(self, 'tzname') else None) or ''
        elif code == 's':
            text = str(int(self.timestamp()))
        elif code == 'c':
            text = _strftime(self, '%a %b %e %H:%M:%S %Y')
        elif code in 'xD':
            text = _strftime(self, '%m/%d/%y')
        elif code in 'XT':
            text = _strftime(self, '%H:%M:%S')
        elif code == 'F':
            text = _strftime(self, '%Y-%m-%d')
        elif code == 'R':
            text = _strftime(self, '%H:%M')
        elif code == 'r':
            text = _strftime(self, '%I:%M:%S %p')
        elif code == 'n':
            text = '\n'
        elif code == 't':
            text = '\t'
        elif code == '%':
            text = '%'
        else:
            text = '%' + code
        out.append(text.lstrip('0 ') or '0' if plain else text)
    return ''.join(out)


def _strptime(cls, text, format):
    import re
    patterns = {
        'Y': r'(?P<Y>\d{4})', 'm': r'(?P<m>1[0-2]|0?[1-9])', 'd': r'(?P<d>3[01]|[12]\d|0?[1-9]| [1-9])',
        'H': r'(?P<H>2[0-3]|[01]?\d)', 'I': r'(?P<I>1[0-2]|0?[1-9])', 'M': r'(?P<M>[0-5]?\d)', 'S': r'(?P<S>6[01]|[0-5]?\d)',
        'f': r'(?P<f>\d{1,6})', 'y': r'(?P<y>\d\d)', 'j': r'(?P<j>\d{1,3})', 'p': r'(?P<p>(?:AM|PM|am|pm))',
        'A': '(?P<A>' + '|'.join(_DAYS) + ')', 'a': '(?P<a>' + '|'.join([day[:3] for day in _DAYS]) + ')',
        'B': '(?P<B>' + '|'.join(_MONTHS) + ')', 'b': '(?P<b>' + '|'.join([month[:3] for month in _MONTHS]) + ')',
        'z': r'(?P<z>[+-]\d\d:?[0-5]\d|Z)', 'Z': r'(?P<Z>UTC|GMT)', '%': '%',
    }
    format_text = format
    for code, whole in (('T', '%H:%M:%S'), ('F', '%Y-%m-%d'), ('R', '%H:%M'), ('D', '%m/%d/%y'), ('c', '%a %b %d %H:%M:%S %Y'), ('x', '%m/%d/%y'), ('X', '%H:%M:%S')):
        format_text = format_text.replace('%' + code, whole)
    source = ''
    at = 0
    while at < len(format_text):
        char = format_text[at]
        at += 1
        if char == '%' and at < len(format_text):
            code = format_text[at]
            at += 1
            if code not in patterns:
                raise ValueError("'%s' is a bad directive in format '%s'" % (code, format))
            source += patterns[code]
        elif char in ' \t\n':
            source += r'\s+'
        else:
            source += re.escape(char)
    found = re.match(source, text, re.I)
    if found is None:
        raise ValueError("time data '%s' does not match format '%s'" % (text, format))
    if found.end() != len(text):
        raise ValueError('unconverted data remains: %s' % text[found.end():])
    part = found.groupdict()
    number = lambda name, default: int(part[name]) if part.get(name) else default
    year = number('Y', None)
    if year is None:
        short = number('y', None)
        year = 1900 if short is None else short + (2000 if short < 69 else 1900)
    month = number('m', 1)
    for name in ('B', 'b'):
        if part.get(name):
            month = [each[:3].lower() for each in _MONTHS].index(part[name][:3].lower()) + 1
    day = number('d', 1)
    hour = number('H', 0)
    if part.get('I'):
        hour = int(part['I']) % 12 + (12 if (part.get('p') or '').lower() == 'pm' else 0)
    micro = int((part.get('f') or '0') + '0' * (6 - len(part.get('f') or '0')))
    zone = None
    if part.get('z'):
        digits = part['z'].replace(':', '')
        zone = timezone.utc if digits == 'Z' else timezone(timedelta(minutes=(-1 if digits[0] == '-' else 1) * (int(digits[1:3]) * 60 + int(digits[3:5]))))
    made = cls(year, month, day, hour, number('M', 0), number('S', 0), micro, zone)
    if part.get('j') and not part.get('m'):
        made = made + timedelta(days=int(part['j']) - 1)
    return made


def _utcnow(cls):
    return cls.now(timezone.utc).replace(tzinfo=None)


for _each in (date, time, datetime):
    _each.strftime = _strftime
    _each.__format__ = lambda self, format: _strftime(self, format) if format else str(self)
for _each in (date, datetime):
    _each.ctime = lambda self: _strftime(self, '%a %b %e %H:%M:%S %Y')
    _each.isocalendar = _iso


def _shown(self):
    parts = [self.year, self.month, self.day, self.hour, self.minute]
    if self.second or self.microsecond:
        parts.append(self.second)
    if self.microsecond:
        parts.append(self.microsecond)
    zone = '' if self.tzinfo is None else ', tzinfo=' + repr(self.tzinfo)
    return 'datetime.datetime(' + ', '.join([str(part) for part in parts]) + zone + ')'


def _zone_shown(self):
    offset = self.utcoffset(None)
    if not offset:
        return 'datetime.timezone.utc'
    return 'datetime.timezone(%r)' % offset


def _delta_shown(self):
    seconds = int(self.total_seconds() // 1)
    days = seconds // 86400
    micro = int(round((self.total_seconds() - seconds) * 1000000))
    parts = [(name, value) for name, value in (('days', days), ('seconds', seconds - days * 86400), ('microseconds', micro)) if value]
    return 'datetime.timedelta(%s)' % (', '.join(['%s=%d' % part for part in parts]) or '0')


datetime.__repr__ = _shown
timezone.__repr__ = _zone_shown
timedelta.__repr__ = _delta_shown
datetime.strptime = classmethod(_strptime)
datetime.utcnow = classmethod(_utcnow)
