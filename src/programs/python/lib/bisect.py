"""The module bisect."""


def bisect_left(a, x, lo=0, hi=None, key=None):
    hi = len(a) if hi is None else hi
    while lo < hi:
        middle = (lo + hi) // 2
        if (key(a[middle]) if key else a[middle]) < x:
            lo = middle + 1
        else:
            hi = middle
    return lo


def bisect_right(a, x, lo=0, hi=None, key=None):
    hi = len(a) if hi is None else hi
    while lo < hi:
        middle = (lo + hi) // 2
        if x < (key(a[middle]) if key else a[middle]):
            hi = middle
        else:
            lo = middle + 1
    return lo


bisect = bisect_right


def insort_right(a, x, lo=0, hi=None, key=None):
    a.insert(bisect_right(a, key(x) if key else x, lo, hi, key), x)


def insort_left(a, x, lo=0, hi=None, key=None):
    a.insert(bisect_left(a, key(x) if key else x, lo, hi, key), x)


insort = insort_right
