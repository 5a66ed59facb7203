"""The module random, by the world's chance."""
import js


def random():
    return js.call('fraction')


def seed(a=None, version=2):
    pass


def _below(n):
    return int(js.call('fraction') * n)


def randrange(start, stop=None, step=1):
    if stop is None:
        start, stop = 0, start
    count = (stop - start + step - (1 if step > 0 else -1)) // step
    if count <= 0:
        raise ValueError('empty range in randrange(' + str(start) + ', ' + str(stop) + ')')
    return start + step * _below(count)


def randint(a, b):
    return randrange(a, b + 1)


def uniform(a, b):
    return a + (b - a) * random()


def choice(seq):
    if not len(seq):
        raise IndexError('Cannot choose from an empty sequence')
    return seq[_below(len(seq))]


def choices(population, weights=None, cum_weights=None, k=1):
    population = list(population)
    if weights is None:
        return [choice(population) for _ in range(k)]
    out = []
    total = sum(weights)
    for _ in range(k):
        at = random() * total
        for item, weight in zip(population, weights):
            at -= weight
            if at < 0:
                break
        out.append(item)
    return out


def shuffle(x):
    for at in range(len(x) - 1, 0, -1):
        other = _below(at + 1)
        x[at], x[other] = x[other], x[at]


def sample(population, k):
    if k > len(population):
        raise ValueError('Sample larger than population or is negative')
    pool = list(population)
    shuffle(pool)
    return pool[:k]


def getrandbits(k):
    return int.from_bytes(bytes([_below(256) for _ in range((k + 7) // 8)]), 'big') >> (-k % 8)


def gauss(mu=0.0, sigma=1.0):
    import math
    return mu + sigma * math.sqrt(-2 * math.log(1 - random())) * math.cos(2 * math.pi * random())


normalvariate = gauss


def expovariate(lambd=1.0):
    import math
    return -math.log(1 - random()) / lambd


class Random:
    def __init__(self, x=None):
        pass

    def __getattr__(self, name):
        return globals()[name]


SystemRandom = Random
