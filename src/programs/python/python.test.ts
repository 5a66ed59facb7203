import { expect, test } from 'vitest';
import { runPython } from './testing';

test('a script prints, catches, and ends by a traceback', async () => {
  const script = `def f(a):
    return a / 0
try:
    open('/nope')
except FileNotFoundError as e:
    print('caught', e)
print({'a': 1}, 'x'.zfill(3), 'hello world'.title())
f(3)
`;
  expect(await runPython(['/app/t.py'], { '/app/t.py': script })).toEqual({
    stdout: "caught [Errno 2] No such file or directory: '/nope'\n{'a': 1} 00x Hello World\n",
    stderr:
      'Traceback (most recent call last):\n  File "/app/t.py", line 8, in <module>\n    f(3)\n  File "/app/t.py", line 2, in f\n' +
      '    return a / 0\nZeroDivisionError: division by zero\n',
    status: 1,
  });
});
