import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Exit, Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { flagged, list, text } from '../../json';
import { TabWriter } from '../../../toolkit/tabwriter';
import type { Mapping } from '../../resource/mapper';
import { accepts } from '../../rest/client';
import { ruleRows } from '../describe/rbac';

const resourceVerbs =
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  );
const urlVerbs = 'get put post head options delete patch *'.split(' ');
/** Kinds that discovery does not show. */
const undiscovered = new Set(['users', 'groups']);

interface Target {
  readonly group: string;
  readonly resource: string;
  readonly mapping: Mapping | undefined;
}

const warn = (cli: Cli, message: string): Promise<void> => cli.err(`Warning: ${message}\n\n`);

async function resourceFor(cli: Cli, given: string): Promise<Target> {
  const literal = { group: '', resource: given, mapping: undefined };
  if (given === '*') return literal;
  const argument = given.toLowerCase();
  try {
    const mapping = await cli.factory.resolve((mapper) => mapper.forResource(argument));
    return { group: mapping.group, resource: mapping.resource, mapping };
  } catch (reason) {
    if (!(reason instanceof Failure)) throw reason;
    const [resource = '', ...group] = argument.split('.');
    if (!undiscovered.has(argument)) {
      const where = group.length === 0 ? '' : ` in group '${group.join('.')}'`;
      await warn(cli, `the server doesn't have a resource type '${resource}'${where}`);
    }
    return literal;
  }
}

interface Question {
  readonly verb: string;
  readonly url: string;
  readonly target: Target | undefined;
  readonly name: string;
}

async function question(cli: Cli): Promise<Question> {
  const [verb = '', what = ''] = cli.args;
  if (cli.args.length !== 2)
    throw new Failure(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  if (what.startsWith('/')) return { verb, url: what, target: undefined, name: '' };
  const slash = what.indexOf('/');
  const resource = slash < 0 ? what : what.slice(0, slash);
  return { verb, url: '', target: await resourceFor(cli, resource), name: slash < 0 ? '' : what.slice(slash + 1) };
}

async function validate(cli: Cli, { verb, url, target }: Question): Promise<void> {
  const { flags } = cli;
  if (url !== '') {
    if (flags.string('subresource') !== '') throw new Failure('--subresource can not be used with NonResourceURL');
    if (!urlVerbs.includes(verb)) await warn(cli, `verb '${verb}' is not a known verb`);
  } else if (!flags.bool('all-namespaces')) {
    if (target?.mapping) {
      const { group, version } = target.mapping;
      // Whether it is in namespaces is asked of the server, whose refusal says nothing of the question itself.
      await ignoringStatus(
        cli.factory.client.get(group === '' ? `/api/${version}` : `/apis/${group}/${version}`, { accept: accepts.any }),
      );
    }
    if (target?.mapping?.namespaced === false) {
      const where = target.group === '' ? '' : ` in group '${target.group}'`;
      await warn(cli, `resource '${target.resource}' is not namespace scoped${where}`);
    }
    if (!resourceVerbs.includes(verb)) await warn(cli, `verb '${verb}' is not a known verb`);
  }
  if (flags.bool('no-headers')) throw new Failure('--no-headers cannot be set without --list specified');
}

async function ignoringStatus(asked: Promise<unknown>): Promise<void> {
  try {
    await asked;
  } catch (reason) {
    if (!(reason instanceof StatusError)) throw reason;
  }
}

const review = (cli: Cli, kind: string, spec: unknown): Promise<unknown> =>
  cli.factory.client.json('POST', `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
    accept: accepts.typed,
    body: { kind, apiVersion: 'authorization.k8s.io/v1', metadata: { creationTimestamp: null }, spec },
  });

async function listRules(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource') !== '')
    throw new Failure("list option can't be specified with neither quiet, all-namespaces nor subresource options");
  const answer = await review(cli, 'SelfSubjectRulesReview', { namespace: factory.namespace.namespace });
  if (flagged(answer, 'status', 'incomplete'))
    await cli.err(`Warning: the list may be incomplete: ${text(answer, 'status', 'evaluationError')}\n`);
  const writer = new TabWriter();
  if (!flags.bool('no-headers')) writer.write('Resources\tNon-Resource URLs\tResource Names\tVerbs\n');
  const rules = [...list(answer, 'status', 'resourceRules'), ...list(answer, 'status', 'nonResourceRules')];
  for (const row of ruleRows(rules)) writer.write(row);
  await cli.out(writer.flush());
}

async function run(cli: Cli): Promise<void> {
  const { flags, factory } = cli;
  if (flags.bool('list')) {
    if (cli.args.length > 0) throw new Failure('list option must be specified with no arguments');
    return listRules(cli);
  }
  const asked = await question(cli);
  await validate(cli, asked);
  const { verb, url, target, name } = asked;
  const attributes = {
    ...(flags.bool('all-namespaces') ? {} : { namespace: factory.namespace.namespace }),
    verb,
    ...(target === undefined || target.group === '' ? {} : { group: target.group }),
    resource: target?.resource,
    ...(flags.string('subresource') === '' ? {} : { subresource: flags.string('subresource') }),
    ...(name === '' ? {} : { name }),
  };
  const spec = url === '' ? { resourceAttributes: attributes } : { nonResourceAttributes: { path: url, verb } };
  const answer = await review(cli, 'SelfSubjectAccessReview', spec);
  const allowed = flagged(answer, 'status', 'allowed');
  const why = ['reason', 'evaluationError']
    .map((field) => text(answer, 'status', field))
    .filter((reason) => reason !== '')
    .map((reason) => ` - ${reason}`)
    .join('');
  if (!flags.bool('quiet')) await cli.out(allowed ? 'yes\n' : `no${why}\n`);
  if (!allowed) throw new Exit(1);
}

export const canI: Command = {
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  discoveryAttempts: 2,
  short: 'Check whether an action is allowed',
  long: `Ask the server whether something is allowed.

 VERB is what is to be done, like get, list, watch or delete. TYPE may be a short name. NONRESOURCEURL begins with "/". With --as the question is about somebody else.`,
  example: `# May I create pods anywhere?
  kubectl auth can-i create pods --all-namespaces

  # May the service account bot read secrets here?
  kubectl auth can-i get secrets --as=system:serviceaccount:default:bot

  # What may I do here?
  kubectl auth can-i --list`,
  flags: [
    flag.bool('all-namespaces', false, 'Ask about all namespaces together.', { short: 'A' }),
    flag.bool('list', false, 'Print all that is allowed.'),
    flag.bool('no-headers', false, 'Leave out the line of headers.'),
    flag.bool('quiet', false, 'Print nothing; the exit status tells.', { short: 'q' }),
    flag.string('subresource', '', 'A subresource such as log or scale.'),
  ],
  run,
};
