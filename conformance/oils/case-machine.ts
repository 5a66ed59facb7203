import { captureFile } from '../../src/linux/io/capture';
import { concat } from '../../src/linux/io/bytes';
import { elf } from '../../src/linux/process/executable';
import { signalNumber } from '../../src/linux/process/signals';
import { programs as awk } from '../../src/programs/awk';
import { programs as coreutils } from '../../src/programs/coreutils';
import { programs as texts } from '../../src/programs/texts';
import { machine } from '../../src/programs/shell/testing/machine';
import { scripts, tools } from './helpers';
import type { Expected } from './spec-file';

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  /** undefined if it did not end in time. */
  readonly status: number | undefined;
}

/** Where Oils' own files stand on the machine. */
const ROOT = '/oils';
/** Virtual milliseconds that a case may take, and instants at which something may happen. */
const PATIENCE = 30_000;
const INSTANTS = 20_000;

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const textOf = (chunks: readonly Uint8Array[]): string => Buffer.from(concat(chunks)).toString('latin1');

/** Runs a case as Oils does: its code comes on the standard input of a shell in an empty folder. */
export async function runCase(
  code: string,
  files: ReadonlyMap<string, string>,
  legacyFolder: boolean,
): Promise<Answer> {
  const everything = { ...tools, ...scripts, ...coreutils, ...texts, ...awk };
  const { host, clock } = machine(everything);
  const { fs } = host;
  fs.unlink('/bin/hello'); // of the shell's own tests; cases have others of that name
  for (const name of ['bash', 'sh', 'dash', ...Object.keys(everything)])
    fs.writeFile(`/usr/bin/${name}`, elf(name), 0o755);
  // Few cases look at Oils' own files.
  for (const [path, text] of code.includes('REPO_ROOT') ? files : []) {
    const absolute = `${ROOT}/spec/${path}`;
    fs.mkdirAll(absolute.slice(0, absolute.lastIndexOf('/')));
    fs.writeFile(absolute, bytesOf(text), 0o755);
  }
  fs.mkdirAll(`${ROOT}/spec/bin`);
  for (const name of Object.keys(scripts)) fs.writeFile(`${ROOT}/spec/bin/${name}`, elf(name), 0o755);
  const folder = `${ROOT}/_tmp/case`;
  for (const path of legacyFolder ? [folder, `${folder}/_tmp`] : [folder]) {
    fs.mkdirAll(path);
    fs.chmod(path, 0o777);
  }
  fs.writeFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nuser:x:1000:1000::/home/user:/bin/bash\n');

  const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
  const pipe = host.init.pipe();
  pipe.write.retain();
  const capture = (chunks: Uint8Array[]) => captureFile((bytes) => chunks.push(bytes));
  const spawned = host.spawn({
    file: '/bin/bash',
    argv: ['bash'],
    env: new Map([
      ['PATH', `${ROOT}/spec/bin:/usr/bin:/bin`],
      ['LC_ALL', 'C.UTF-8'],
      ['LOCALE_ARCHIVE', ''],
      ['OILS_GC_ON_EXIT', ''],
      ['REPO_ROOT', ROOT],
      ['SH', 'bash'],
      ['TMP', folder],
    ]),
    cwd: folder,
    user: { uid: 1000, gid: 1000, groups: [1000] },
    fds: new Map([
      [0, pipe.read],
      [1, capture(out)],
      [2, capture(err)],
    ]),
  });
  if (!spawned.ok) throw new Error(spawned.error.message);
  const feeder = host.spawn({
    file: async (process) => {
      await process.stdout.write(bytesOf(code));
      return 0;
    },
    argv: ['feeder'],
    fds: new Map([[1, pipe.write]]),
  });
  if (!feeder.ok) throw new Error(feeder.error.message);
  pipe.write.release();

  let status: number | undefined;
  let instants = 0;
  void spawned.value.wait().then((ended) => {
    status = ended.kind === 'exited' ? ended.code : ended.kind === 'signaled' ? -signalNumber(ended.signal) : 0;
  });
  // Whoever still holds the streams is waited for, too.
  const over = (): boolean =>
    (status !== undefined && host.processes(host.init).every(({ pid, state }) => pid === 1 || state === 'Z')) ||
    ++instants > INSTANTS;
  await clock.runUntil(over, { limit: PATIENCE });
  return { stdout: textOf(out), stderr: textOf(err), status };
}

/** Whether an answer is the one expected: what nothing is said about may be anything. */
export const meets = (expected: Expected, answer: Answer): boolean =>
  (['stdout', 'stderr', 'status'] as const).every(
    (name) => expected[name] === undefined || expected[name] === answer[name],
  );
