import { beforeAll, describe, expect, it } from 'vitest';
import { makeBench, type Bench } from './testing';

let bench: Bench;
beforeAll(() => {
  bench = makeBench(() => new Promise((resolve) => setImmediate(resolve)));
});

/** What came out, what was said, and how it ended. */
async function run(command: string, input?: string): Promise<string> {
  const argv = command.split(' ').map((word) => word.replaceAll('␣', ' '));
  const { out, err, status } = await bench.run(argv, input === undefined ? {} : { input });
  return out + err + (status === 0 ? '' : `[${status}]`);
}

describe('options', () => {
  it('complains as getopt_long', async () => {
    expect(await run('cat -z')).toBe("cat: invalid option -- 'z'\nTry 'cat --help' for more information.\n[1]");
    expect(await run('cat --nope')).toBe(
      "cat: unrecognized option '--nope'\nTry 'cat --help' for more information.\n[1]",
    );
    expect(await run('head -n')).toBe(
      "head: option requires an argument -- 'n'\nTry 'head --help' for more information.\n[1]",
    );
    expect(await run('head --lines')).toBe(
      "head: option '--lines' requires an argument\nTry 'head --help' for more information.\n[1]",
    );
    expect(await run('cat --show=1')).toContain(
      "cat: option '--show=1' is ambiguous; possibilities: '--show-all' '--show-ends' '--show-tabs' '--show-nonprinting'".replace(
        '--show=1',
        '--show',
      ),
    );
    expect(await run('wc --lines=3')).toBe(
      "wc: option '--lines' doesn't allow an argument\nTry 'wc --help' for more information.\n[1]",
    );
  });
});

describe('text', () => {
  it('cat', async () => {
    expect(await run('cat /nope␣x')).toBe("cat: '/nope x': No such file or directory\n[1]");
    expect(await run('cat /tmp -', 'in\n')).toBe('in\ncat: /tmp: Is a directory\n[1]');
    expect(await run('cat -n', 'a\n\nb')).toBe('     1\ta\n     2\t\n     3\tb');
    expect(await run('cat -bs', 'a\n\n\nb\n')).toBe('     1\ta\n\n     2\tb\n');
    expect(await run('cat -A', 'a\tü\n')).toBe('a^IM-CM-<$\n');
  });
  it('head and tail', async () => {
    const ten = '1\n2\n3\n4\n5\n';
    expect(await run('head -2', ten)).toBe('1\n2\n');
    expect(await run('head -n -3', ten)).toBe('1\n2\n');
    expect(await run('head -c 3', ten)).toBe('1\n2');
    expect(await run('tail -n 2', ten)).toBe('4\n5\n');
    expect(await run('tail -n +4', ten)).toBe('4\n5\n');
    expect(await run('tail -1', 'a\nb')).toBe('b');
    expect(await run('tail -c 3', ten)).toBe('\n5\n');
    bench.host.fs.writeFile('/tmp/h1', 'x\n');
    expect(await run('head /tmp/h1 /nope')).toBe(
      "==> /tmp/h1 <==\nx\nhead: cannot open '/nope' for reading: No such file or directory\n[1]",
    );
    expect(await run('head -n x')).toBe('head: invalid number of lines: ‘x’\n[1]');
  });
  it('wc, seq, uniq, cut, tr', async () => {
    expect(await run('wc', 'a b\nc\n')).toBe('2 3 6\n');
    expect(await run('wc -l', 'a b\nc')).toBe('1\n');
    expect(await run('seq 3')).toBe('1\n2\n3\n');
    expect(await run('seq -w 8 2 12')).toBe('08\n10\n12\n');
    expect(await run('seq -s , 1 .5 2')).toBe('1.0,1.5,2.0\n');
    expect(await run('uniq -c', 'a\na\nb\n')).toBe('      2 a\n      1 b\n');
    expect(await run('cut -d: -f1,3-', 'a:b:c:d\nnone\n')).toBe('a:c:d\nnone\n');
    expect(await run('cut -c2-3', 'abcd\n')).toBe('bc\n');
    expect(await run('cut')).toBe(
      "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.\n[1]",
    );
    expect(await run('tr a-z A-Z', 'abc-ü\n')).toBe('ABC-ü\n');
    expect(await run('tr -d [:digit:]', 'a1b2\n')).toBe('ab\n');
    expect(await run('tr -s ␣', 'a   b\n')).toBe('a b\n');
    expect(await run('tr -cd a-c', 'xaybzc\n')).toBe('abc');
  });
  it('printf and echo', async () => {
    expect(await run('printf %s-%03d\\n a 7 b 8')).toBe('a-007\nb-008\n');
    expect(await run('printf %5.2f|%-4s|%x\\n 3.14159 ab 255')).toBe(' 3.14|ab  |ff\n');
    expect(await run('printf %d\\n abc')).toBe('0\nprintf: ‘abc’: expected a numeric value\n[1]');
    expect(await run('echo -ne a\\tb\\c')).toBe('a\tb');
    expect(await run('echo -x y')).toBe('-x y\n');
  });
});

describe('files', () => {
  it('mkdir, rm, rmdir', async () => {
    expect(await run('mkdir /tmp/d/e')).toBe(
      'mkdir: cannot create directory ‘/tmp/d/e’: No such file or directory\n[1]',
    );
    expect(await run('mkdir -pv /tmp/d/e')).toBe(
      "mkdir: created directory '/tmp/d'\nmkdir: created directory '/tmp/d/e'\n",
    );
    expect(await run('mkdir /tmp/d')).toBe('mkdir: cannot create directory ‘/tmp/d’: File exists\n[1]');
    expect(await run('rm /tmp/d')).toBe("rm: cannot remove '/tmp/d': Is a directory\n[1]");
    expect(await run('rmdir /tmp/d')).toBe("rmdir: failed to remove '/tmp/d': Directory not empty\n[1]");
    expect(await run('rm -rf /tmp/d')).toBe('');
    expect(await run('rm /tmp/d')).toBe("rm: cannot remove '/tmp/d': No such file or directory\n[1]");
    expect(await run('rm -f /tmp/d')).toBe('');
    expect(await run('rm')).toBe("rm: missing operand\nTry 'rm --help' for more information.\n[1]");
    expect(await run('rm -rf /')).toBe(
      "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n[1]",
    );
  });
  it('cp, mv, ln', async () => {
    const { fs } = bench.host;
    fs.mkdirAll('/tmp/src/sub');
    fs.writeFile('/tmp/src/a', 'A');
    fs.writeFile('/tmp/src/sub/b', 'B', 0o600);
    expect(await run('cp /tmp/src /tmp/dst')).toBe("cp: -r not specified; omitting directory '/tmp/src'\n[1]");
    expect(await run('cp -rv /tmp/src /tmp/dst')).toBe(
      "'/tmp/src' -> '/tmp/dst'\n'/tmp/src/sub' -> '/tmp/dst/sub'\n'/tmp/src/sub/b' -> '/tmp/dst/sub/b'\n'/tmp/src/a' -> '/tmp/dst/a'\n",
    );
    expect(await run('cp -r /tmp/src /tmp/src/sub/x')).toBe(
      "cp: cannot copy a directory, '/tmp/src', into itself, '/tmp/src/sub/x'\n[1]",
    );
    expect(await run('cp /nope /tmp/x')).toBe("cp: cannot stat '/nope': No such file or directory\n[1]");
    expect(await run('cp /tmp/src/a /tmp/no/a')).toBe(
      "cp: cannot create regular file '/tmp/no/a': No such file or directory\n[1]",
    );
    expect(await run('mv /tmp/dst/a /tmp/dst/sub')).toBe('');
    expect(await run('cat /tmp/dst/sub/a')).toBe('A');
    expect(await run('mv /tmp/dst /tmp/dst/sub')).toBe(
      "mv: cannot move '/tmp/dst' to a subdirectory of itself, '/tmp/dst/sub/dst'\n[1]",
    );
    expect(await run('ln -s src/a /tmp/link')).toBe('');
    expect(await run('ln -s src/a /tmp/link')).toBe("ln: failed to create symbolic link '/tmp/link': File exists\n[1]");
    expect(await run('ln -sf src/sub/b /tmp/link')).toBe('');
    expect(await run('cat /tmp/link')).toBe('B');
    expect(await run('chmod u+x,go=r /tmp/src/a')).toBe('');
    const stat = fs.stat('/tmp/src/a');
    expect(stat.ok && stat.value.mode.toString(8)).toBe('744');
    expect(await run('chmod 99 /tmp/src/a')).toBe(
      "chmod: invalid mode: ‘99’\nTry 'chmod --help' for more information.\n[1]",
    );
    expect(await run('chown nobody /tmp/src/a')).toBe('chown: invalid user: ‘nobody’\n[1]');
    expect(await run('chown -v ubuntu: /tmp/src/a')).toBe(
      "changed ownership of '/tmp/src/a' from root:root to ubuntu:ubuntu\n",
    );
  });
  it('date and touch', async () => {
    expect(await run('date')).toMatch(/^Sun Jun 15 12:\d\d:\d\d UTC 2025\n$/);
    expect(await run('date -u +%F -d 2025-01-31␣1␣day')).toBe('2025-02-01\n');
    expect(await run('date -d @0 +%s␣%j␣%V␣%-d␣%e')).toBe('0 001 01 1  1\n');
    expect(await run('date -d nonsense')).toBe('date: invalid date ‘nonsense’\n[1]');
    expect(await run('touch -t 202401020304.05 /tmp/t')).toBe('');
    expect(await run('date -r /tmp/t +%FT%T')).toBe('2024-01-02T03:04:05\n');
    expect(await run('touch /no/t')).toBe("touch: cannot touch '/no/t': No such file or directory\n[1]");
  });
});
