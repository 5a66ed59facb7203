import type { Host } from '../linux/host';
import { concat, decode } from '../linux/io/bytes';
import { captureFile } from '../linux/io/capture';
import { loginEnvironment } from './environment';

export interface CheckOutcome {
  readonly passed: boolean;
  /** The script's last line of output. */
  readonly reason: string;
}

/** Runs a check as its own process on a host: exit status 0 passes, the last line of its output is the reason. */
export function runCheck(host: Host, script: string, done: (outcome: CheckOutcome) => void): void {
  const chunks: Uint8Array[] = [];
  const output = captureFile((bytes) => void chunks.push(bytes));
  const input = host.fs.open('/dev/null', { read: true });
  if (!input.ok) return done({ passed: false, reason: `/dev/null: ${input.error.message}` });
  const child = host.spawn({
    file: '/bin/bash',
    argv: ['bash', '-c', script],
    cwd: '/root',
    env: loginEnvironment,
    fds: new Map([
      [0, input.value],
      [1, output],
      [2, output],
    ]),
  });
  if (!child.ok) return done({ passed: false, reason: `/bin/bash: ${child.error.message}` });
  const { process } = child.value;
  process.atExit(() => {
    const lines = decode(concat(chunks)).trimEnd().split('\n');
    const status = process.status;
    done({ passed: status?.kind === 'exited' && status.code === 0, reason: lines.at(-1) ?? '' });
  });
}
