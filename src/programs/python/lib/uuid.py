"""The module uuid."""
import os


class UUID:
    def __init__(self, hex=None, bytes=None, int=None, version=None):
        if bytes is not None:
            hex = ''.join(['%02x' % byte for byte in bytes])
        if int is not None:
            hex = '%032x' % int
        self.hex = hex.replace('urn:uuid:', '').replace('-', '').strip('{}').lower()
        if len(self.hex) != 32:
            raise ValueError('badly formed hexadecimal UUID string')
        if version is not None:
            self.hex = self.hex[:12] + str(version) + self.hex[13:16] + '89ab'[ord(self.hex[16]) % 4] + self.hex[17:]

    @property
    def version(self):
        return int(self.hex[12], 16)

    @property
    def int(self):
        return int(self.hex, 16)

    def __str__(self):
        hex = self.hex
        return '-'.join([hex[:8], hex[8:12], hex[12:16], hex[16:20], hex[20:]])

    def __repr__(self):
        return "UUID('%s')" % self

    def __eq__(self, other):
        return isinstance(other, UUID) and self.hex == other.hex

    def __lt__(self, other):
        return self.hex < other.hex

    def __hash__(self):
        return hash(self.hex)


def uuid4():
    return UUID(bytes=os.urandom(16), version=4)


def uuid1():
    return UUID(bytes=os.urandom(16), version=1)
