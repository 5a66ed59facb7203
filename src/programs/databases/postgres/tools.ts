import type { Program } from '../../../linux/process/types';
import type { OptionSpec } from '../../toolkit/options';
import { Connection, type Outcome } from './client';
import { versionOf } from './configuration';
import { askPassword, connect, connectionOptions, optionsOf, targetOf, userName } from './libpq';
import { quoteText } from './statements';

/** pg_isready(1). */
export const pgIsReady: Program = async (process) => {
  const version = versionOf(process);
  const options = await optionsOf(
    process,
    'pg_isready',
    { short: 'h:p:U:d:qt:', long: { ...connectionOptions.long, quiet: 'q', 'timeout:': 't' } },
    version,
    'pg_isready issues a connection check to a PostgreSQL database.\n\nUsage:\n  pg_isready [OPTION]...\n',
  );
  if (typeof options === 'number') return options === 0 ? 0 : 3;
  const target = targetOf(process, options, options.value('d'), 'pg_isready');
  const reached = await Connection.open(process, target, async () => undefined);
  const status = typeof reached !== 'string' || /FATAL|fe_sendauth|server closed/.test(reached) ? 0 : 2;
  if (typeof reached !== 'string') await reached.close();
  if (!options.has('q')) {
    const word = status === 0 ? 'accepting connections' : 'no response';
    await process.stdout.write(`${target.host ?? '/var/run/postgresql'}:${target.port} - ${word}\n`);
  }
  return status;
};

interface Command {
  readonly name: string;
  readonly spec?: OptionSpec;
  readonly needsName?: boolean;
}

/** A program that connects to the maintenance database and sends one statement. */
function command(
  { name, spec = {}, needsName = false }: Command,
  sqlOf: (
    given: {
      readonly has: (option: string) => boolean;
      readonly value: (option: string) => string | undefined;
      readonly operand: string | undefined;
      readonly second: string | undefined;
      readonly ask: (prompt: string) => Promise<string | undefined>;
    },
    user: string,
  ) => string | Promise<string>,
  failure: (operand: string) => string,
): Program {
  return async (process) => {
    const version = versionOf(process);
    const options = await optionsOf(
      process,
      name,
      {
        short: `h:p:U:wWe${spec.short ?? ''}`,
        long: {
          ...connectionOptions.long,
          echo: 'e',
          'maintenance-db:': 'maintenance',
          'if-exists': 'if-exists',
          ...spec.long,
        },
      },
      version,
      `Usage:\n  ${name} [OPTION]... [NAME]\n`,
    );
    if (typeof options === 'number') return options;
    const [operand, second] = options.operands;
    if (needsName && operand === undefined) {
      await process.stderr.write(
        `${name}: error: missing required argument ${name.endsWith('db') ? 'database' : 'role'} name\n${name}: hint: Try "${name} --help" for more information.\n`,
      );
      return 1;
    }
    const target = targetOf(process, options, options.value('maintenance') ?? 'postgres', name);
    const connection = await connect(process, target, options);
    if (typeof connection === 'string') {
      await process.stderr.write(`${name}: error: ${connection}\n`);
      return 1;
    }
    const sql = await sqlOf(
      {
        has: (option) => options.has(option),
        value: (option) => options.value(option),
        operand,
        second,
        ask: (prompt) => askPassword(process, prompt),
      },
      target.user === '' ? userName(process) : target.user,
    );
    if (options.has('e')) await process.stdout.write(`${sql}\n`);
    const outcomes: readonly Outcome[] = (await connection.query(sql)) ?? [];
    await connection.close();
    for (const outcome of outcomes) {
      if (outcome.kind === 'notice')
        await process.stderr.write(`${outcome.fields.get('S') ?? ''}:  ${outcome.fields.get('M') ?? ''}\n`);
      if (outcome.kind !== 'error') continue;
      const detail = outcome.fields.get('D');
      await process.stderr.write(
        `${name}: error: ${failure(operand ?? target.user)} failed: ERROR:  ${outcome.fields.get('M') ?? ''}\n${detail === undefined ? '' : `DETAIL:  ${detail}\n`}`,
      );
      return 1;
    }
    return 0;
  };
}

/** As quote_ident: only where it must be. */
const ident = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

export const createdb = command(
  {
    name: 'createdb',
    spec: { short: 'O:T:E:D:l:', long: { 'owner:': 'O', 'template:': 'T', 'encoding:': 'E', 'tablespace:': 'D' } },
  },
  ({ operand, value }, user) => {
    const owner = value('O');
    const template = value('T');
    return `CREATE DATABASE ${ident(operand ?? user)}${owner === undefined ? '' : ` OWNER ${ident(owner)}`}${template === undefined ? '' : ` TEMPLATE ${ident(template)}`};`;
  },
  () => 'database creation',
);

export const dropdb = command(
  { name: 'dropdb', spec: { short: 'fi', long: { force: 'f' } }, needsName: true },
  ({ operand = '', has }) =>
    `DROP DATABASE ${has('if-exists') ? 'IF EXISTS ' : ''}${ident(operand)}${has('f') ? ' WITH (FORCE)' : ''};`,
  () => 'database removal',
);

export const createuser = command(
  {
    name: 'createuser',
    spec: {
      short: 'dDrRsSlLiIPc:g:',
      long: { createdb: 'd', createrole: 'r', superuser: 's', pwprompt: 'P', login: 'l', 'no-login': 'L' },
    },
  },
  async ({ operand, has, ask }, user) => {
    const yes = (letter: string, word: string): string => (has(letter) ? word : `NO${word}`);
    const name = operand ?? user;
    let password = '';
    if (has('P')) {
      const text = await ask('Enter password for new role: ');
      await ask('Enter it again: ');
      password = ` PASSWORD ${quoteText(text ?? '')}`;
    }
    return `CREATE ROLE ${ident(name)}${password} ${yes('s', 'SUPERUSER')} ${yes('d', 'CREATEDB')} ${yes('r', 'CREATEROLE')} INHERIT ${has('L') ? 'NOLOGIN' : 'LOGIN'} NOREPLICATION NOBYPASSRLS;`;
  },
  () => 'creation of new role',
);

export const dropuser = command(
  { name: 'dropuser', spec: { short: 'i' }, needsName: true },
  ({ operand = '', has }) => `DROP ROLE ${has('if-exists') ? 'IF EXISTS ' : ''}${ident(operand)};`,
  (operand) => `removal of role "${operand}"`,
);
