import { CommandError, type Command } from '../../cli/command';
import { writeConfig } from '../../cli/context-store';
import { flags } from '../../cli/flags';
import type { Session } from '../../cli/session';
import { checkName, endpointHelp, endpointOf, existing, pairsOf } from './endpoint';

/** Which context is meant from now on: in config.json. */
function setCurrent(session: Session, name: string): void {
  const { currentContext, ...rest } = session.config;
  void currentContext;
  writeConfig(session.process, session.configDir, name === '' ? rest : { ...rest, currentContext: name });
}

export const create: Command = {
  use: 'create [OPTIONS] CONTEXT',
  short: 'Create a context',
  long: endpointHelp('create', 'Create a context'),
  flags: flags(`
    --description string | Description of the context
    --docker stringToString | set the docker endpoint (default [])
    --from string | create context from a named context
  `),
  operands: [1, 1],
  offline: true,
  async run(invocation) {
    const { session, args, flags: given, out, error } = invocation;
    const [name = ''] = args;
    checkName(name);
    if (session.store.exists(name)) throw new CommandError(`context "${name}" already exists`);
    const pairs = pairsOf(given.all('docker'));
    const from = given.last('from') ?? (given.given('docker') ? undefined : session.contextName);
    if (given.given('docker') && given.given('from'))
      throw new CommandError('cannot use --docker flag when --from is set');
    const endpoint = from === undefined ? endpointOf(invocation, pairs) : existing(session, from);
    const before = from === undefined || from === 'default' ? {} : session.store.read(from).Metadata;
    const description = given.last('description');
    session.store.write({
      Name: name,
      Metadata: { ...before, ...(description === undefined ? {} : { Description: description }) },
      Endpoints: { docker: endpoint.meta },
    });
    session.store.writeTls(name, 'docker', endpoint.tls);
    await out(`${name}\n`);
    await error(`Successfully created context "${name}"\n`);
    return 0;
  },
};

export const update: Command = {
  use: 'update [OPTIONS] CONTEXT',
  short: 'Update a context',
  long: endpointHelp('update', 'Update a context'),
  flags: flags(`
    --description string | Description of the context
    --docker stringToString | set the docker endpoint (default [])
  `),
  operands: [1, 1],
  offline: true,
  async run(invocation) {
    const { session, args, flags: given, out, error } = invocation;
    const [name = ''] = args;
    checkName(name);
    const before = session.store.read(name);
    const description = given.text('description');
    const endpoint = given.given('docker') ? endpointOf(invocation, pairsOf(given.all('docker'))) : undefined;
    session.store.write({
      Name: name,
      Metadata: { ...before.Metadata, ...(description === '' ? {} : { Description: description }) },
      Endpoints: endpoint === undefined ? before.Endpoints : { ...before.Endpoints, docker: endpoint.meta },
    });
    if (endpoint !== undefined) session.store.writeTls(name, 'docker', endpoint.tls);
    await out(`${name}\n`);
    await error(`Successfully updated context "${name}"\n`);
    return 0;
  },
};

export const use: Command = {
  use: 'use CONTEXT',
  short: 'Set the current docker context',
  operands: [1, 1],
  offline: true,
  async run({ session, args, out, error }) {
    const [name = ''] = args;
    if (name !== 'default') {
      checkName(name);
      session.store.read(name);
    }
    setCurrent(session, name === 'default' ? '' : name);
    await out(`${name}\n`);
    await error(`Current context is now "${name}"\n`);
    if (session.environmentHost !== '' && name !== 'default')
      await error(
        `Warning: DOCKER_HOST environment variable overrides the active context. To use "${name}", either set the global --context flag, or unset DOCKER_HOST environment variable.\n`,
      );
    return 0;
  },
};

export const rm: Command = {
  use: 'rm CONTEXT [CONTEXT...]',
  short: 'Remove one or more contexts',
  aliases: ['docker context rm', 'docker context remove'],
  flags: flags('-f, --force | Force the removal of a context in use'),
  operands: [1, Infinity],
  offline: true,
  async run({ session, args, flags: given, out, error }) {
    const problems: string[] = [];
    const current = session.contextName;
    for (const name of args) {
      if (name === 'default') problems.push('context "default" cannot be removed');
      else if (name === current && !given.on('force'))
        problems.push(`context "${name}" is in use, set -f flag to force remove`);
      else if (!given.on('force') && !session.store.exists(name)) problems.push(`context "${name}" does not exist`);
      else {
        if (name === current) setCurrent(session, '');
        session.store.remove(name);
        await out(`${name}\n`);
      }
    }
    for (const problem of problems) await error(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
