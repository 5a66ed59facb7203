import { expect, test } from 'vitest';
import { watchLoops } from './loops';

test('the condition of a loop is watched where it stands', () => {
  expect(
    watchLoops(`while True: pass
  while x[1:2] != ":" and f(a, b):  # so
while (n := read()):
s = """
while True:
"""
whiles = 1
while (a and
       b):
while lambda: 1:`),
  ).toBe(`while _turn(True): pass
  while _turn(x[1:2] != ":" and f(a, b)):  # so
while _turn((n := read())):
s = """
while True:
"""
whiles = 1
while (a and
       b):
while lambda: 1:`);
});
