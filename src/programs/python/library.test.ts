import { expect, test } from 'vitest';
import { runPython } from './testing';

const said = async (script: string): Promise<string> => {
  const { stdout, stderr } = await runPython(['/app/t.py'], { '/app/t.py': script });
  return stdout + stderr;
};

test('dicts keep the order of their keys', async () => {
  expect(
    await said(`d = {'z': 1, 'a': 2, 'm': 3}
del d['a']
d['b'] = 0
d['a'] = 9
print(d, dict(q=1, b=2), list({k: 0 for k in 'zyx'}), d.popitem())
`),
  ).toBe("{'z': 1, 'm': 3, 'b': 0} {'q': 1, 'b': 2} ['z', 'y', 'x'] ('a', 9)\n");
});

test('re: groups and their names, replacements, flags, what is wrong with a pattern', async () => {
  expect(
    await said(`import re
m = re.match(r'(?P<y>\\d{4})-(?P<m>\\d\\d)(-(\\d\\d))?', '2024-05 x')
print(m, m.groups(), m.group('y'), m.groupdict(), m.span(), m['m'])
print(re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', 'hello world foo bar'), re.sub(r'\\d+', lambda k: str(int(k.group()) * 2), 'a1 b22'))
print(re.findall(r'(\\w)=(\\d)', 'a=1 b=2'), re.split('(-)', 'a-b'), re.findall(r'(?<=\\$)\\d+', 'cost $5 $10'), re.escape('a.b'))
print(re.search('É+', 'aéé', re.I).group(), re.findall('(?m)^.', 'a\\nb'), re.sub('a', 'b', '😀a😀a', count=1), re.search('b', '😀b').span())
try: re.compile('(')
except re.error as e: print(e)
`),
  )
    .toBe(`<re.Match object; span=(0, 7), match='2024-05'> ('2024', '05', None, None) 2024 {'y': '2024', 'm': '05'} (0, 7) 05
world hello bar foo a2 b44
[('a', '1'), ('b', '2')] ['a', '-', 'b'] ['5', '10'] a\\.b
éé ['a', 'b'] 😀b😀a (1, 2)
missing ), unterminated subpattern at position 0
`);
});

test('dataclasses', async () => {
  expect(
    await said(`from dataclasses import dataclass, field, asdict, replace, FrozenInstanceError
@dataclass(order=True)
class P:
    """A point: with a colon."""
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)
print(P(1), P(1) == P(1, 0), P(1) < P(2), asdict(P(1, 2, ['a'])), replace(P(1), y=9))
@dataclass(frozen=True)
class F:
    a: str
try: F('q').a = 'r'
except FrozenInstanceError as e: print(e)
try: P()
except TypeError as e: print(e)
`),
  ).toBe(`P(x=1, y=0) True True {'x': 1, 'y': 2, 'tags': ['a']} P(x=1, y=9)
cannot assign to field 'a'
P.__init__() missing 1 required positional argument: 'x'
`);
});

test('dates in words, command lines, managers, tables of text', async () => {
  expect(
    await said(`from datetime import datetime
d = datetime(2024, 2, 3, 4, 5, 6, 789)
print(d.strftime('%Y-%m-%d %A %b %d %j %U %I %p %f %%'), f'{d:%d/%m/%Y}', datetime.strptime('25 Dec 2023 10:30', '%d %b %Y %H:%M'))
import argparse, sys
p = argparse.ArgumentParser(prog='tool', description='Does things')
p.add_argument('name', help='who')
p.add_argument('-n', '--count', type=int, default=1, help='how often (default: %(default)s)')
p.add_argument('-v', action='store_true')
print(p.parse_args(['bob', '-n', '3', '-v']))
p.print_help()
sys.stdout.flush()
try: p.parse_args(['bob', '-n', 'x'])
except SystemExit as e: print(e.code)
from contextlib import contextmanager
@contextmanager
def c(x):
    print('in', x)
    try: yield x * 2
    finally: print('out')
with c(2) as v: print(v)
import csv
print(list(csv.DictReader(['a,b', '1,"x,y"'])))
open('/tmp/q', 'w').write('hi')
print(open('/tmp/q').read())
`),
  ).toBe(`2024-02-03 Saturday Feb 03 034 04 04 AM 000789 % 03/02/2024 2023-12-25 10:30:00
Namespace(name='bob', count=3, v=True)
usage: tool [-h] [-n COUNT] [-v] name

Does things

positional arguments:
  name                  who

options:
  -h, --help            show this help message and exit
  -n COUNT, --count COUNT
                        how often (default: 1)
  -v
2
in 2
4
out
[{'a': '1', 'b': 'x,y'}]
hi
usage: tool [-h] [-n COUNT] [-v] name
tool: error: argument -n/--count: invalid int value: 'x'
`);
});
