import type { OpenFile } from '../../linux/io/open-file';
import type { Process, Program } from '../../linux/process/types';
import { pieces, wordsOf, type Piece } from './command-line';
import { copyFile, dir, makeFolder, remove, removeFolder, type } from './files';
import { programAt, treePath, variable, windowsPath, windowsVersion } from './paths';

/** cmd.exe: `/c LINE`, `/k LINE`, or lines from standard input. */
export const cmd: Program = async (process) => {
  const at = process.args.findIndex((arg) => /^\/[ckr]$/i.test(arg));
  if (at >= 0) {
    const status = await runLine(process, lineOf(process.args.slice(at + 1)));
    if (/^\/[cr]$/i.test(process.args[at] ?? '')) return status;
  } else {
    await process.stdout.write(
      `Microsoft Windows [Version ${windowsVersion(process)}]\r\n(c) Microsoft Corporation. All rights reserved.\r\n`,
    );
  }
  let status = 0;
  for (;;) {
    await process.stdout.write(`\r\n${windowsPath(process.cwd)}>`);
    const line = await process.stdin.readLine();
    if (line === undefined) return status;
    status = await runLine(process, line.replace(/\r$/, ''));
  }
};

/** A line that came as one word is that line; words with blanks had quotes. */
const lineOf = (words: readonly string[]): string =>
  words.length === 1 ? (words[0] ?? '') : words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ');

async function runLine(process: Process, line: string): Promise<number> {
  let status = 0;
  for (const piece of pieces(line)) {
    if ((piece.after === '&&' && status !== 0) || (piece.after === '||' && status === 0)) continue;
    status = await runPiece(process, { ...piece, text: expanded(process, piece.text) });
    process.env.set('ERRORLEVEL', String(status));
  }
  process.env.delete('ERRORLEVEL');
  return status;
}

const expanded = (process: Process, text: string): string =>
  text.replace(/%([^%]+)%/g, (whole, name: string) => {
    if (name.toLowerCase() === 'cd') return windowsPath(process.cwd);
    return variable(process, name) ?? whole;
  });

async function runPiece(process: Process, { text, output }: Piece): Promise<number> {
  if (text === '') return 0;
  if (output === undefined) return runCommand(process, text);
  const path = treePath(process, output.path);
  const opened =
    output.path.toLowerCase() === 'nul'
      ? undefined
      : process.fs.open(path, { write: true, create: true, append: output.append, truncate: !output.append });
  if (opened?.ok === false) {
    await process.stderr.write('The system cannot find the path specified.\r\n');
    return 1;
  }
  const former = process.fds.get(output.fd);
  const sink: OpenFile | undefined = opened?.value;
  if (sink === undefined) {
    if (former === undefined) return runCommand(process, text);
    return runCommand(process, text, true);
  }
  former?.retain();
  process.fds.set(output.fd, sink);
  try {
    return await runCommand(process, text);
  } finally {
    if (former !== undefined) process.fds.set(output.fd, former);
  }
}

type Command = (process: Process, rest: string, words: readonly string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  cd: changeFolder,
  chdir: changeFolder,
  cls: () => Promise.resolve(0),
  copy: (process, _rest, words) => copyFile(process, words),
  del: (process, _rest, words) => remove(process, words),
  dir: (process, _rest, words) => dir(process, words),
  echo: async (process, rest) => {
    await process.stdout.write(rest.trim() === '' ? 'ECHO is on.\r\n' : `${rest.replace(/^[ .:]/, '')}\r\n`);
    return 0;
  },
  exit: (process, _rest, words) => process.exit(Number(words.find((word) => /^-?\d+$/.test(word)) ?? 0)),
  md: (process, _rest, words) => makeFolder(process, words),
  mkdir: (process, _rest, words) => makeFolder(process, words),
  rd: (process, _rest, words) => removeFolder(process, words),
  rem: () => Promise.resolve(0),
  rmdir: (process, _rest, words) => removeFolder(process, words),
  set: setVariables,
  type: (process, _rest, words) => type(process, words),
  ver: async (process) => {
    await process.stdout.write(`\r\nMicrosoft Windows [Version ${windowsVersion(process)}]\r\n`);
    return 0;
  },
};

async function runCommand(process: Process, text: string, silent = false): Promise<number> {
  const [, name = '', rest = ''] = /^@?([^\s./\\"]+|"[^"]*"|\S+)([\s\S]*)$/.exec(text) ?? [];
  const command = commands[name.toLowerCase()];
  const words = wordsOf(rest);
  if (command !== undefined) return silent ? 0 : command(process, rest, words);
  const [full = ''] = wordsOf(text);
  const file = programAt(process, full);
  if (file === undefined) {
    if (!silent)
      await process.stderr.write(
        `'${full}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`,
      );
    return 9009;
  }
  const child = process.spawn({ file, argv: wordsOf(text), env: process.env, cwd: process.cwd });
  if (!child.ok) return 1;
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 1;
}

async function changeFolder(process: Process, _rest: string, words: readonly string[]): Promise<number> {
  const [wanted] = words.filter((word) => word.toLowerCase() !== '/d');
  if (wanted === undefined) {
    await process.stdout.write(`${windowsPath(process.cwd)}\r\n`);
    return 0;
  }
  const path = treePath(process, wanted);
  const stat = process.fs.stat(path);
  if (!stat.ok || stat.value.type !== 'directory') {
    await process.stderr.write('The system cannot find the path specified.\r\n');
    return 1;
  }
  process.cwd = path;
  return 0;
}

async function setVariables(process: Process, rest: string): Promise<number> {
  const text = rest.trim().replace(/^"(.*)"$/, '$1');
  const equals = text.indexOf('=');
  if (equals > 0) {
    process.env.set(text.slice(0, equals), text.slice(equals + 1));
    return 0;
  }
  const shown = [...process.env]
    .filter(([name]) => name !== 'ERRORLEVEL' && name.toLowerCase().startsWith(text.toLowerCase()))
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  if (shown.length === 0) {
    await process.stderr.write(`Environment variable ${text} not defined\r\n`);
    return 1;
  }
  await process.stdout.write(shown.map(([name, value]) => `${name}=${value}\r\n`).join(''));
  return 0;
}
