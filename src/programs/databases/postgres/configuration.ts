import type { Process } from '../../../linux/process/types';

export interface Settings {
  readonly directory: string;
  readonly version: string;
  readonly superuser: string;
  readonly port: number;
  /** listen_addresses; empty: no TCP. */
  readonly listen: string;
  readonly hostMethod: string;
}

/** Where the image says which PostgreSQL it has. */
export function versionOf(process: Process): string {
  return /^\S+/.exec(process.env.get('PG_VERSION') ?? '')?.[0].replace(/-.*/, '') ?? '18.1';
}

/** Command line, environment and files of the data directory; or what is wrong with them. */
export function settingsOf(process: Process): Settings | string {
  const { args, fs, env } = process;
  const given = new Map<string, string>();
  let directory = env.get('PGDATA') ?? '';
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-D') directory = args[++at] ?? '';
    else if (arg === '-p') given.set('port', args[++at] ?? '');
    else if (arg === '-c' || arg.startsWith('--')) {
      const setting = arg === '-c' ? (args[++at] ?? '') : arg.slice(2);
      const [name = '', ...value] = setting.split('=');
      given.set(name.replaceAll('-', '_'), value.join('='));
    } else if (arg.startsWith('-c')) given.set(arg.slice(2).split('=')[0] ?? '', arg.split('=').slice(1).join('='));
  }
  if (directory === '')
    return `postgres does not know where to find the server configuration file.\nYou must specify the --config-file or -D invocation option or set the PGDATA environment variable.\n`;
  const file = fs.readText(`${directory}/postgresql.conf`);
  if (!file.ok)
    return `postgres: could not access the server configuration file "${directory}/postgresql.conf": ${file.error.message}\n`;
  for (const [, name = '', value = ''] of file.value.matchAll(/^\s*(\w+)\s*=?\s*'?([^'#\n]*)'?/gm))
    if (!given.has(name)) given.set(name, value.trim());
  const owner = fs.readText(`${directory}/global/pg_authid`);
  const hba = fs.readText(`${directory}/pg_hba.conf`);
  const host = hba.ok
    ? [...hba.value.matchAll(/^host\s+all\s+all\s+(?:all|0\.0\.0\.0\/0)\s+(\S+)/gm)][0]?.[1]
    : undefined;
  return {
    directory,
    version: versionOf(process),
    superuser: owner.ok ? owner.value.trim() : 'postgres',
    port: Number(given.get('port') ?? 5432) || 5432,
    listen: given.get('listen_addresses') ?? '*',
    hostMethod: host ?? 'reject',
  };
}
