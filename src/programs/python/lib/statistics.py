"""The module statistics."""
import math


class StatisticsError(ValueError):
    pass


def _some(data, name):
    data = list(data)
    if not data:
        raise StatisticsError(name + ' requires at least one data point')
    return data


def _plain(value):
    return int(value) if isinstance(value, float) and value == int(value) else value


def mean(data):
    data = _some(data, 'mean')
    whole = all([isinstance(each, int) for each in data])
    value = sum(data) / len(data)
    return _plain(value) if whole else value


def fmean(data, weights=None):
    data = _some(data, 'fmean')
    return sum(data) / len(data) + 0.0


def median(data):
    data = sorted(_some(data, 'no median for empty data; it'))
    middle = len(data) // 2
    return data[middle] if len(data) % 2 else (data[middle - 1] + data[middle]) / 2


def mode(data):
    data = _some(data, 'mode')
    best = data[0]
    for each in data:
        if data.count(each) > data.count(best):
            best = each
    return best


def pvariance(data, mu=None):
    data = _some(data, 'pvariance')
    middle = sum(data) / len(data)
    return _plain(sum([(each - middle) ** 2 for each in data]) / len(data)) if all([isinstance(each, int) for each in data]) else sum([(each - middle) ** 2 for each in data]) / len(data)


def variance(data, xbar=None):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError('variance requires at least two data points')
    middle = sum(data) / len(data)
    value = sum([(each - middle) ** 2 for each in data]) / (len(data) - 1)
    return _plain(value) if all([isinstance(each, int) for each in data]) else value


def stdev(data, xbar=None):
    return math.sqrt(variance(data))


def pstdev(data, mu=None):
    return math.sqrt(pvariance(data))
