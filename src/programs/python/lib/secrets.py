"""The module secrets."""
import os


def token_bytes(nbytes=32):
    return os.urandom(32 if nbytes is None else nbytes)


def token_hex(nbytes=32):
    return ''.join(['%02x' % byte for byte in token_bytes(nbytes)])


def token_urlsafe(nbytes=32):
    import base64
    return base64.b64encode(token_bytes(nbytes)).decode().replace('+', '-').replace('/', '_').rstrip('=')


def randbelow(limit):
    return int.from_bytes(token_bytes(16), 'big') % limit


def choice(items):
    return items[randbelow(len(items))]


def compare_digest(left, right):
    return left == right
