import { flag, type Flag } from '../flags/flag-set';
import type { Cli } from '../cli';
import { Failure } from '../errors';
import { parseBool } from '../flags/values';

/** `-f`, `-k`, `-R`; `what` ends the sentence "files that …". */
export const filenameFlags = (what: string): readonly Flag[] => [
  flag.strings('filename', [], `File, directory or URL ${what}`, { short: 'f' }),
  flag.string('kustomize', '', 'Directory with a kustomization to process. Not together with -f or -R.', {
    short: 'k',
  }),
  flag.bool('recursive', false, 'Also read the directories below the one given with -f.', { short: 'R' }),
];

export const filenames = (cli: Cli): { filenames: readonly string[]; kustomize: string; recursive: boolean } => ({
  filenames: cli.flags.list('filename'),
  kustomize: cli.flags.string('kustomize'),
  recursive: cli.flags.bool('recursive'),
});

export const hasFiles = (cli: Cli): boolean =>
  cli.flags.list('filename').length > 0 || cli.flags.string('kustomize') !== '';

export const selectorFlag = flag.string(
  'selector',
  '',
  "Label selector: '=', '==', '!=', 'in' and 'notin', comma separated (-l a=b,c!=d). All parts must hold.",
  { short: 'l' },
);

export const fieldSelectorFlag = flag.string(
  'field-selector',
  '',
  "Field selector: '=', '==' and '!=' (--field-selector a=b,c!=d). The server knows few fields per type.",
);

export const allNamespacesFlag = (usage = 'Take objects of all namespaces, whatever --namespace says.'): Flag =>
  flag.bool('all-namespaces', false, usage, { short: 'A' });

export const chunkSizeFlag = flag.int(
  'chunk-size',
  500,
  'Ask for long lists in pieces of this size. 0 asks for all at once.',
);

export const dryRunFlag = flag.string(
  'dry-run',
  'none',
  'none, server or client. client only prints what would be sent; server sends it without storing anything.',
  { alone: 'unchanged' },
);

export type DryRun = 'none' | 'client' | 'server';

/** Reads `--dry-run`. Source: kubectl pkg/cmd/util/helpers.go, GetDryRunStrategy. */
export function dryRun(cli: Cli): DryRun {
  const value = cli.flags.string('dry-run');
  if (value === 'client' || value === 'server' || value === 'none') return value;
  if (value === 'unchanged') {
    cli.factory.log('W', 'helpers.go:703', '--dry-run is deprecated and can be replaced with --dry-run=client.');
    return 'client';
  }
  const truth = parseBool(value);
  if (!truth.ok) throw new Failure(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  const meant = truth.value ? 'client' : 'none';
  const line = truth.value ? 717 : 720;
  cli.factory.log(
    'W',
    `helpers.go:${line}`,
    `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${meant}.`,
  );
  return meant;
}

/** What follows the name in messages of a dry run. */
export const dryRunSuffix = (strategy: DryRun): string =>
  strategy === 'client' ? ' (dry run)' : strategy === 'server' ? ' (server dry run)' : '';

export const fieldManagerFlag = (manager: string): Flag =>
  flag.string('field-manager', manager, 'Name under which changed fields are owned.');

export const subresourceFlag = (what: string): Flag => flag.string('subresource', '', what);

export const validateFlag = flag.string(
  'validate',
  'strict',
  'strict (or true) refuses unknown and duplicate fields, warn only warns, ignore (or false) lets them pass.',
  { alone: 'strict' },
);

/** The `fieldValidation` parameter for `--validate`. */
export function fieldValidation(cli: Cli): 'Strict' | 'Warn' | 'Ignore' {
  const value = cli.flags.string('validate');
  if (value === 'strict' || value === 'true') return 'Strict';
  if (value === 'warn') return 'Warn';
  if (value === 'ignore' || value === 'false') return 'Ignore';
  throw new Failure(`invalid - validate option "${value}"; must be one of: strict (or true), warn, ignore (or false)`);
}

export const saveConfigFlag = flag.bool(
  'save-config',
  false,
  'Remember this configuration in the annotation of the object, for a later kubectl apply.',
);

/** Of commands that wait for a pod. */
export const podRunningTimeoutFlag = flag.duration(
  'pod-running-timeout',
  60_000,
  'How long to wait (5s, 2m, 3h; more than zero) until a pod runs.',
);
