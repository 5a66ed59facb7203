import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, encode } from '../../linux/io/bytes';
import { captureFile } from '../../linux/io/capture';
import type { Host } from '../../linux/host';
import type { OpenFile } from '../../linux/io/open-file';
import { HereFile } from './run/here-file';
import { machine, Session } from './testing/machine';
import { recorded } from './testing/recorded';

// BOTTLESHIP_FUZZ_RUNS makes it dig deeper, BOTTLESHIP_FUZZ_SEED says where.
const numRuns = Number(process.env['BOTTLESHIP_FUZZ_RUNS'] ?? 300);
const seed = Number(process.env['BOTTLESHIP_FUZZ_SEED'] ?? 20260105);
const options = { numRuns, seed };

const tokens =
  'if then else elif fi for in do done while until case esac select function time coproc { } ( ) (( )) [[ ]] ! | |& & && || ; ;; ;& ;;& < > << <<- <<< >> <& >& <> >| &> $( ` ${ $(( )) " \' $\' $" \\ \n \t # ~ * ? [a-z] @(a|b) a b x=1 a=(1 2) a[0]=1 $x ${x} ${x:-y} ${x//a/b} ${!x} ${x@Q} ${#x} $? $$ $! $# $@ $* $0 $1 - -- -n -e 1 2>&1 >f <f {a,b} {1..3} echo true false : set -e -x read printf %s test -f -z = == =~ -eq eval exec exit return break continue shift local declare -A export unset trap EXIT INT wait kill %1 jobs sleep cat source . alias let getopts shopt'.split(
    ' ',
  );

const snippets = recorded.map(([script]) => script).filter((script) => script.length < 200);

const soup = fc.array(fc.constantFrom(...tokens), { maxLength: 25 }).map((words) => words.join(' '));
const packed = fc.array(fc.constantFrom(...tokens), { maxLength: 25 }).map((words) => words.join(''));
const bytes = fc.uint8Array({ maxLength: 60 });
/** A piece of a real script cut out, doubled, or replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...snippets), fc.nat(200), fc.nat(30), fc.constantFrom('', ...tokens), fc.boolean())
  .map(([script, at, length, token, doubled]) => {
    const start = Math.min(at, script.length);
    const piece = script.slice(start, start + length);
    return script.slice(0, start) + token + (doubled ? piece + piece : '') + script.slice(start + length);
  });

const texts = fc.oneof(
  soup.map((text) => encode(text)),
  packed.map((text) => encode(text)),
  mutated.map((text) => encode(text)),
  bytes,
);

const pids = (host: Host): readonly number[] => host.processes(host.init).map(({ pid }) => pid);

/** A file that knows how many descriptors hold it. */
function counted(file: OpenFile): { readonly file: OpenFile; readonly held: () => number } {
  let held = 0;
  const counting: OpenFile = {
    ...file,
    retain: () => {
      held++;
    },
    release: () => {
      held--;
    },
  };
  return { file: counting, held: () => held };
}

/** What a host has of what a shell may leave behind. */
const left = (host: Host, before: readonly number[]): readonly number[] => {
  const known = new Set(before);
  return pids(host).filter((pid) => !known.has(pid));
};

test('no script, however malformed, throws, hangs on, or leaves a process behind', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (script) => {
      const { host, clock } = machine();
      const before = pids(host);
      const output: Uint8Array[] = [];
      const { file, held } = counted(captureFile((chunk) => output.push(chunk)));
      const spawned = host.spawn({
        file: '/bin/bash',
        argv: ['bash'],
        env: new Map([['PATH', '/usr/bin']]),
        cwd: '/tmp',
        fds: new Map([
          [0, new HereFile(script)],
          [1, file],
          [2, file],
        ]),
      });
      if (!spawned.ok) throw new Error(spawned.error.message);
      let ended = false;
      void spawned.value.wait().then(() => {
        ended = true;
      });
      await clock.runUntil(() => ended, { limit: 2_000 });
      // What loops or waits for ever is taken away, and whatever it started.
      for (let round = 0; round < 10 && left(host, before).length > 0; round++) {
        for (const pid of left(host, before)) host.init.kill(pid, 'SIGKILL');
        await clock.advance(10);
      }
      expect([left(host, before), held()]).toEqual([[], 0]);
      expect(new TextDecoder().decode(concat(output))).not.toContain('internal fault');
    }),
    options,
  );
});

test('nothing that is typed at a terminal breaks the shell', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (typed) => {
      const session = new Session();
      const { host, clock, pty } = session;
      await clock.advance(20);
      pty.input(typed);
      await clock.advance(500);
      // Out of quotes, here-documents, editors, loops; then it answers again, or has been left by exit or exec.
      for (let round = 0; round < 3; round++) {
        pty.input(encode('\x1b\x03'));
        await clock.advance(200);
      }
      pty.input(encode('\x15\nexit\n'));
      await clock.advance(500);
      pty.hangup();
      await clock.advance(500);
      for (const pid of left(host, [1])) host.init.kill(pid, 'SIGKILL');
      await clock.advance(10);
      expect(left(host, [1])).toEqual([]);
      expect(host.fs.stat('/dev/pts/0').ok).toBe(false);
      expect(session.output).not.toContain('internal fault');
    }),
    { numRuns: Math.ceil(numRuns / 3), seed },
  );
});
