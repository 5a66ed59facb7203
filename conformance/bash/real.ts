import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Result } from '../../src/programs/shell/testing/machine';

/** What the tests' machine has besides the usual tools, for the real shell. */
const ownTools = {
  args: '#!/bin/sh\nfor each; do printf "<%s>" "$each"; done; echo\n',
  hello: '#!/bin/sh\necho "hello from hello"\nexit ${1:-0}\n',
};

// Mounts of its own, so that /tmp and /root are as empty as on the simulated machine. Its output goes through pipes,
// since Node gives sockets, which /dev/stdout cannot open; its status goes to descriptor 3.
const room = `mount -t overlay overlay -o "lowerdir=$1:/usr/bin" /usr/bin &&
mount -t tmpfs none /tmp && mount -t tmpfs none /root && cd /tmp || exit 125
shift
exec 5>&1 6>&2 2>/dev/null
{ { env -i PATH=/usr/bin:/bin HOME=/root TERM=xterm LC_ALL=C.UTF-8 "$@" 2>&4 3>&- 4>&- 5>&- 6>&-; echo $? >&3; } |
cat >&5 3>&- 4>&-; } 4>&1 | cat >&6 3>&-`;

const LIMIT = 3_000;

/** The machine's own shells, each run in a room of its own (needs Linux and root). */
export class RealShells {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bottleship-shells-'));
  readonly #empty = join(this.#folder, 'empty');

  constructor() {
    writeFileSync(this.#empty, '');
    for (const [name, text] of Object.entries(ownTools)) writeFileSync(join(this.#folder, name), text, { mode: 0o755 });
  }

  /** Runs `argv` to its end; undefined where there is no such shell or no such room. */
  run(argv: readonly string[]): Promise<Result | undefined> {
    const stdin = openSync(this.#empty, 'r');
    const child = spawn('unshare', ['-m', 'sh', '-c', room, 'room', this.#folder, ...argv], {
      stdio: [stdin, 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    closeSync(stdin);
    const texts = ['', '', ''];
    [child.stdout, child.stderr, child.stdio[3]].forEach((stream, index) => {
      if (!(stream instanceof Readable)) return;
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        texts[index] += text;
      });
    });
    const killer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, LIMIT);
    return new Promise((resolve) => {
      child.on('error', () => resolve(undefined));
      child.on('close', () => {
        clearTimeout(killer);
        const [stdout = '', stderr = '', status = ''] = texts;
        resolve(status === '' ? undefined : { stdout, stderr, status: Number(status) });
      });
    });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
