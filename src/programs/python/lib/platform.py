"""The module platform."""
import os
import sys


def python_version():
    return sys.version.split()[0]


def system():
    return 'Linux'


def node():
    return os.uname().nodename


def release():
    return os.uname().release


def version():
    return os.uname().version


def machine():
    return 'x86_64'


processor = machine


def platform(aliased=0, terse=0):
    return 'Linux-' + release() + '-x86_64-with-glibc2.41'


def python_implementation():
    return 'CPython'


def architecture():
    return '64bit', 'ELF'
