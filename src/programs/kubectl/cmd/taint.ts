import type { Command } from '../command';
import { Aggregate, Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { isObject, list, nameOfObject, withAt, type JsonObject } from '../json';
import { twoWayStrategic } from '../patch';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { pathOf } from '../resource/mapper';
import { accepts, patchTypes } from '../rest/client';
import { dryRun, dryRunFlag, fieldManagerFlag, fieldValidation, selectorFlag, validateFlag } from './shared-flags';

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

const qualified = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const nameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

function parse(source: string): Taint {
  const parts = source.split(':');
  const [head = '', effect = ''] = parts;
  if (parts.length > 2) throw new Failure(`invalid taint spec: ${source}`);
  let key = head;
  let value = '';
  if (parts.length === 2) {
    if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect))
      throw new Failure(`invalid taint effect: ${effect}, unsupported taint effect`);
    const pair = head.split('=');
    if (pair.length > 2) throw new Failure(`invalid taint spec: ${source}`);
    [key = '', value = ''] = pair;
    if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value))
      throw new Failure(`invalid taint spec: ${source}, ${valueRule}`);
  }
  if (!qualified.test(key))
    throw new Failure(`invalid taint spec: ${source}, ${key === '' ? 'name part must be non-empty; ' : ''}${nameRule}`);
  return { key, value, effect };
}

function parseAll(words: readonly string[]): { readonly add: readonly Taint[]; readonly remove: readonly Taint[] } {
  const add: Taint[] = [];
  const remove: Taint[] = [];
  for (const word of words) {
    if (word.endsWith('-')) {
      remove.push(parse(word.slice(0, -1)));
      continue;
    }
    const taint = parse(word);
    if (taint.effect === '') throw new Failure(`invalid taint spec: ${word}`);
    if (add.some(({ key, effect }) => key === taint.key && effect === taint.effect))
      throw new Failure(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value} ${taint.effect} <nil>}`,
      );
    add.push(taint);
  }
  return { add, remove };
}

/** `key:effect`, `key=value:effect` or `key` (Taint.ToString). */
const taintText = ({ key, value, effect }: Taint): string => {
  if (effect === '') return value === '' ? key : `${key}=${value}:`;
  return value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`;
};

const same = (a: Taint, b: JsonObject): boolean => a.key === b['key'] && a.effect === b['effect'];

/** Source: kubectl pkg/cmd/taint/utils.go. */
function reorganize(
  old: readonly JsonObject[],
  add: readonly Taint[],
  remove: readonly Taint[],
  overwrite: boolean,
): { readonly taints: readonly JsonObject[]; readonly operation: string } {
  let taints: readonly JsonObject[] = [
    ...add.map(({ key, value, effect }) => ({ key, ...(value === '' ? {} : { value }), effect })),
    ...old.filter((each) => !add.some((taint) => same(taint, each))),
  ];
  const added = taints.length !== old.length;
  let deleted = false;
  const missing: Failure[] = [];
  for (const taint of remove) {
    const rest = taints.filter((each) => (taint.effect === '' ? each['key'] !== taint.key : !same(taint, each)));
    deleted = rest.length !== taints.length;
    if (!deleted) missing.push(new Failure(`taint "${taintText(taint)}" not found`));
    taints = rest;
  }
  if (missing[0]) throw missing.length === 1 ? missing[0] : new Aggregate(missing);
  const operation = (added && deleted) || overwrite ? 'modified' : added ? 'tainted' : 'untainted';
  return { taints, operation };
}

export const taint: Command = {
  discoveryAttempts: 2,
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  short: 'Update the taints on one or more nodes',
  long: `Update the taints on one or more nodes.

  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as key=value:effect.
  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 253 characters.
  *  Optionally, the key can begin with a DNS subdomain prefix and a single '/', like example.com/my-app.
  *  The value is optional. If given, it must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 63 characters.
  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.
  *  Currently taint can only apply to node.`,
  example: `# Add a taint
kubectl taint nodes foo dedicated=special-user:NoSchedule

# Remove it
kubectl taint nodes foo dedicated:NoSchedule-`,
  flags: [
    ...printFlags,
    flag.bool('all', false, 'All nodes.'),
    dryRunFlag,
    fieldManagerFlag('kubectl-taint'),
    flag.bool('overwrite', false, 'Allow taints that are there to be changed.'),
    selectorFlag,
    validateFlag,
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    const validation = fieldValidation(cli);
    const isTaint = (word: string): boolean => /[=:]/.test(word) || word.endsWith('-');
    const first = cli.args.findIndex(isTaint);
    const resources = first < 0 ? cli.args : cli.args.slice(0, first);
    const words = first < 0 ? [] : cli.args.slice(first);
    const late = words.find((word) => !isTaint(word));
    if (late !== undefined) throw new Failure(`all resources must be specified before taint changes: ${late}`);
    const [type] = resources;
    if (type === undefined) throw new Failure('one or more resources must be specified as <resource> <name>');
    if (words.length === 0) throw new Failure('at least one taint update is required');
    let change: ReturnType<typeof parseAll>;
    try {
      change = parseAll(words);
    } catch (reason) {
      if (reason instanceof Failure) throw cli.usage(reason.message);
      throw reason;
    }
    const { add, remove } = change;
    const kind = type.toLowerCase();
    const mapping = await cli.factory.resolve((mapper) => mapper.forResource(kind));
    if (mapping.kind !== 'Node') throw new Failure(`invalid resource type ${kind}, only node types are supported`);
    const clashes = add.flatMap((taint) =>
      remove.filter(({ key, effect }) => key === taint.key && (effect === '' || effect === taint.effect)),
    );
    if (clashes.length > 0)
      throw new Failure(
        `can not both modify and remove the following taint(s) in the same command: ${clashes.map(({ key, effect }) => `${key}=${effect}`).join(', ')}`,
      );
    const [all, selector] = [flags.bool('all'), flags.string('selector')];
    if (all && selector !== '') throw new Failure("setting 'all' parameter with a non empty selector is prohibited");
    if (!all && selector === '' && resources.length < 2)
      throw new Failure("at least one resource name must be specified since 'all' parameter is not set");
    const result = await build(cli, {
      args: all || selector !== '' ? ['node'] : ['node', ...resources.slice(1)],
      labelSelector: selector,
      all,
      flatten: true,
      latest: true,
      continueOnError: true,
      accept: accepts.any,
    });
    const printer = objectPrinter(cli);
    const overwrite = flags.bool('overwrite');
    await result.visit(async ({ name, namespace, object = {} }) => {
      const old = list(object, 'spec', 'taints').filter(isObject);
      if (!overwrite) {
        const taken = add.filter((taint) => old.some((each) => same(taint, each))).map(({ key }) => key);
        if (taken.length > 0)
          throw new Failure(
            `node ${nameOfObject(object)} already has ${taken.join(',')} taint(s) with same effect(s) and --overwrite is false`,
          );
      }
      const { taints, operation } = reorganize(old, add, remove, overwrite);
      const changed = withAt(object, ['spec', 'taints'], taints.length > 0 ? taints : undefined) as JsonObject;
      const made =
        strategy === 'client'
          ? changed
          : await cli.factory.client.json('PATCH', pathOf(mapping, namespace, name), {
              accept: accepts.any,
              body: twoWayStrategic(object, changed, 'Node'),
              contentType: patchTypes.strategic,
              query: {
                fieldManager: flags.string('field-manager'),
                fieldValidation: validation,
                ...(strategy === 'server' ? { dryRun: 'All' } : {}),
              },
            });
      await cli.out(printer ? printer.print(made) : `${nameWithKind(made)} ${operation}\n`);
    });
  },
};
