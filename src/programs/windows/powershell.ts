import type { Process, Program } from '../../linux/process/types';
import { wordsOf } from './command-line';
import { dir, type } from './files';
import { programAt, treePath, variable, windowsPath, windowsVersion } from './paths';

/** powershell.exe: `-Command LINE`, or lines from standard input. */
export const powershell: Program = async (process) => {
  const at = process.args.findIndex((arg) => /^[-/](c|command)$/i.test(arg));
  const given = at >= 0 ? process.args.slice(at + 1) : process.args.filter((arg) => !/^[-/]no/i.test(arg));
  if (given.length > 0) return runLine(process, given.join(' '));
  await process.stdout.write(
    'Windows PowerShell\r\nCopyright (C) Microsoft Corporation. All rights reserved.\r\n\r\n' +
      'Install the latest PowerShell for new features and improvements! https://aka.ms/PSWindows\r\n\r\n',
  );
  let status = 0;
  for (;;) {
    await process.stdout.write(`PS ${windowsPath(process.cwd)}> `);
    const line = await process.stdin.readLine();
    if (line === undefined) return status;
    status = await runLine(process, line.replace(/\r$/, ''));
  }
};

async function runLine(process: Process, line: string): Promise<number> {
  let status = 0;
  for (const statement of line.split(';')) if (statement.trim() !== '') status = await run(process, statement.trim());
  return status;
}

const aliases: Readonly<Record<string, string>> = {
  cat: 'get-content',
  cd: 'set-location',
  dir: 'get-childitem',
  echo: 'write-output',
  gc: 'get-content',
  ls: 'get-childitem',
  pwd: 'get-location',
  sleep: 'start-sleep',
  type: 'get-content',
  write: 'write-output',
};

const expanded = (process: Process, text: string): string =>
  text
    .replace(/\$env:(\w+)/gi, (_whole, name: string) => variable(process, name) ?? '')
    .replace(/\$pwd\b/gi, () => windowsPath(process.cwd))
    .replace(/\$PSVersionTable\.PSVersion\b/gi, () => `5.1.${windowsVersion(process).split('.').slice(2).join('.')}`);

async function run(process: Process, statement: string): Promise<number> {
  const text = expanded(process, statement);
  const say = async (said: string): Promise<number> => {
    await process.stdout.write(`${said}\r\n`);
    return 0;
  };
  // A string or variable alone is its own value.
  if (/^(?:"[^"]*"|'[^']*')$/.test(text)) return say(text.slice(1, -1));
  if (/^\$/.test(statement)) return say(text);
  const words = wordsOf(text).map((word) => word.replace(/^'(.*)'$/, '$1'));
  const [name = '', ...operands] = words;
  const plain = operands.filter((word) => !/^-[a-z]+$/i.test(word));
  const verb = name.toLowerCase();
  switch (aliases[verb] ?? verb) {
    case 'write-output':
    case 'write-host':
      return say(plain.join((aliases[verb] ?? verb) === 'write-host' ? ' ' : '\r\n'));
    case 'get-location':
      return say(`\r\nPath\r\n----\r\n${windowsPath(process.cwd)}\r\n\r\n`);
    case 'set-location': {
      const path = treePath(process, plain[0] ?? '\\');
      const stat = process.fs.stat(path);
      if (!stat.ok || stat.value.type !== 'directory') return missing(process, name, path);
      process.cwd = path;
      return 0;
    }
    case 'get-content': {
      const path = treePath(process, plain[0] ?? '');
      return process.fs.stat(path).ok ? type(process, plain) : missing(process, name, path);
    }
    case 'get-childitem': {
      const path = treePath(process, plain[0] ?? '.');
      return process.fs.stat(path).ok ? dir(process, ['/b', ...plain]) : missing(process, name, path);
    }
    case 'start-sleep':
      await process.sleep(Number(plain[0] ?? 0) * 1000);
      return 0;
    case 'exit':
      return process.exit(Number(plain[0] ?? 0));
  }
  const file = programAt(process, name);
  if (file === undefined) {
    await process.stderr.write(
      `${name} : The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. ` +
        'Check the spelling of the name, or if a path was included, verify that the path is correct and try again.\r\n',
    );
    return 1;
  }
  const child = process.spawn({ file, argv: words, env: process.env, cwd: process.cwd });
  if (!child.ok) return 1;
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 1;
}

async function missing(process: Process, name: string, path: string): Promise<number> {
  await process.stderr.write(`${name} : Cannot find path '${windowsPath(path)}' because it does not exist.\r\n`);
  return 1;
}
