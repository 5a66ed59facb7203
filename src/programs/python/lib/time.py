"""The module time: the world's clock."""
import js
import _site

timezone = 0
altzone = 0
daylight = 0
tzname = ('UTC', 'UTC')
_start = js.call('now')


def time():
    return js.call('now')


def time_ns():
    return int(js.call('now') * 1000000) * 1000


def monotonic():
    return js.call('now') - _start + 1000.0


def perf_counter():
    return js.call('now') - _start


def process_time():
    return js.call('now') - _start


def perf_counter_ns():
    return int(perf_counter() * 1000000000)


monotonic_ns = perf_counter_ns


def sleep(seconds):
    if not isinstance(seconds, (int, float)):
        raise TypeError("'" + type(seconds).__name__ + "' object cannot be interpreted as an integer")
    if seconds < 0:
        raise ValueError('sleep length must be non-negative')
    end = js.call('now') + seconds
    left = seconds
    while True:
        whole = js.call('sleep', left)
        _site.check_signals()
        left = end - js.call('now')
        if whole or left <= 0:
            return


class struct_time(tuple):
    def __getattr__(self, name):
        try:
            return self[_fields.index(name)]
        except ValueError:
            raise AttributeError("'struct_time' object has no attribute '" + name + "'")

    def __repr__(self):
        return 'time.struct_time(' + ', '.join(['%s=%d' % pair for pair in zip(_fields, self)]) + ')'


_fields = ['tm_year', 'tm_mon', 'tm_mday', 'tm_hour', 'tm_min', 'tm_sec', 'tm_wday', 'tm_yday', 'tm_isdst']


def gmtime(seconds=None):
    total = int(time() if seconds is None else seconds)
    days, rest = divmod(total, 86400)
    z = days + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    year = yoe + era * 400 + (1 if month <= 2 else 0)
    return struct_time((year, month, doy - (153 * mp + 2) // 5 + 1, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7, days - _days(year, 1, 1) + 1, 0))


def _days(year, month, day):
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


localtime = gmtime


def mktime(t):
    return float(_days(t[0], t[1], t[2]) * 86400 + t[3] * 3600 + t[4] * 60 + t[5])


_week = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
_months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']


def strftime(format, t=None):
    t = gmtime() if t is None else t
    hour = t[3] % 12 or 12
    values = {
        'Y': '%04d' % t[0], 'm': '%02d' % t[1], 'd': '%02d' % t[2], 'H': '%02d' % t[3], 'M': '%02d' % t[4], 'S': '%02d' % t[5],
        'y': '%02d' % (t[0] % 100), 'e': '%2d' % t[2], 'I': '%02d' % hour, 'p': 'AM' if t[3] < 12 else 'PM', 'a': _week[t[6]][:3],
        'A': _week[t[6]], 'b': _months[t[1] - 1][:3], 'B': _months[t[1] - 1], 'j': '%03d' % t[7], 'Z': 'UTC', 'z': '+0000', '%': '%',
        'w': str((t[6] + 1) % 7), 'n': '\n', 't': '\t',
    }
    values['F'] = values['Y'] + '-' + values['m'] + '-' + values['d']
    values['T'] = values['X'] = values['H'] + ':' + values['M'] + ':' + values['S']
    values['D'] = values['x'] = values['m'] + '/' + values['d'] + '/' + values['y']
    values['R'] = values['H'] + ':' + values['M']
    values['c'] = values['a'] + ' ' + values['b'] + ' ' + values['e'] + ' ' + values['T'] + ' ' + values['Y']
    out = []
    at = 0
    while at < len(format):
        c = format[at]
        if c == '%' and at + 1 < len(format):
            at += 1
            out.append(values.get(format[at], '%' + format[at]))
        else:
            out.append(c)
        at += 1
    return ''.join(out)


def ctime(seconds=None):
    return asctime(gmtime(seconds))


def asctime(t=None):
    return strftime('%a %b %e %H:%M:%S %Y', t)
