import { err, ok, type Result } from '../../sim/result';
import { alpine } from './base/alpine';
import { debian } from './base/debian';
import { described, type Described } from './described';
import { bulk, directories, program, text, words, type Entries } from './entries';
import type { Image } from './image';
import { familiarName, repositoryOf, type Reference } from './reference';
import { missingRepository, type RegistryError } from './registry';
import { build, cmd, copy, entrypoint, env, expose, label, run, user, volume, workdir, type Step } from './steps';

/**
 * Public images that nobody described here are opaque: a plausible base, and a process that runs, listens where the
 * image says and answers with its name. They say so themselves, by this label.
 */
export const opaqueLabel = 'io.bottleship.opaque';

/** Registries that answer for names that are not in the catalogue. */
const hosts = new Set(
  words(
    'docker.io quay.io ghcr.io gcr.io k8s.gcr.io registry.k8s.io mcr.microsoft.com public.ecr.aws lscr.io cgr.dev ' +
      'docker.elastic.co registry.gitlab.com registry.access.redhat.com registry.redhat.io nvcr.io ' +
      'us-docker.pkg.dev europe-docker.pkg.dev asia-docker.pkg.dev eu.gcr.io us.gcr.io asia.gcr.io docker.redpanda.com',
  ),
);

/** Names that people type to see a pull fail. */
const madeUp =
  /no-?such|not-?exist|does-?not|doesnt|non-?exist|invalid|fake|wrong|missing|typo|private|unknown|imaginary/;

/** Tags that nobody published either; `nginx:1.161` of the Kubernetes tutorial is one of them. */
function isPlausibleTag(tag: string): boolean {
  if (madeUp.test(tag) || /^(bad|broken|nope|oops|error)/.test(tag)) return false;
  const version = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-._+].*)?$/.exec(tag);
  return version === null || [version[2], version[3]].every((part) => part === undefined || Number(part) <= 150);
}

const made = new Map<string, Image>();

/** What a public registry serves under a name that is not in the catalogue; `library/` has only what is described. */
export function opaqueImage(reference: Reference): Result<Image, RegistryError> {
  const { domain, path, tag = 'latest' } = reference;
  if (!hosts.has(domain)) return err('no such host');
  const name = familiarName(reference);
  const known = described.get(repositoryOf(reference));
  const official = domain === 'docker.io' && path.startsWith('library/');
  // Docker Hub has accounts and their repositories, nothing deeper.
  const tooDeep = domain === 'docker.io' && path.split('/').length > 2;
  if (known === undefined && (official || tooDeep || madeUp.test(path))) return err(missingRepository(domain));
  if (!isPlausibleTag(tag) || reference.digest !== undefined) return err('manifest unknown');
  const key = `${repositoryOf(reference)}:${tag}`;
  let image = made.get(key);
  if (image === undefined) made.set(key, (image = make(name, tag, known ?? { ports: [8080] })));
  return ok(image);
}

function make(name: string, tag: string, about: Described): Image {
  const { ports = [], size = 60, volumes = [], environment = {} } = about;
  const base = about.base === 'debian' ? debian() : alpine();
  const own = name.split('/').at(-1) ?? name;
  const folder = about.workdir;
  const command = about.command ?? [own];
  const [first = own] = command;
  const file = first.startsWith('/') ? first : `/usr/local/bin/${first}`;
  const files: Entries = {
    ...(about.shell === true ? {} : { [file]: program('opaque-server', 8_400_000) }),
    ...directories([...volumes, ...(folder === undefined ? [] : [folder])].join(' ')),
    '/etc/opaque-image': text(`NAME=${name}:${tag}\nPORTS=${ports.join(' ')}\n`),
    [`/usr/lib/${own}.bin`]: bulk(`${name}:${tag}`, size * 1_000_000),
  };
  const steps: Step[] = [
    label(opaqueLabel, 'true'),
    ...Object.entries({
      ...environment,
      ...(about.version === undefined ? {} : { [about.version]: versionOf(tag) }),
    }).map(([key, value]) => env(key, value)),
    run('set -eux; make install', files),
    ...(folder === undefined ? [] : [workdir(folder)]),
    ...volumes.map((path) => volume(path)),
    ...(ports.length === 0 ? [] : [expose(...ports.map((port) => `${port}/tcp`))]),
    ...(about.user === undefined ? [] : [user(about.user)]),
    ...(about.entrypoint === undefined
      ? []
      : [
          copy(about.entrypoint, '/usr/local/bin/', {
            [`/usr/local/bin/${about.entrypoint}`]: text('#!/bin/sh\nexec "$@"\n', { mode: 0o755 }),
          }),
          entrypoint(about.entrypoint),
        ]),
    cmd(...command),
  ];
  return build('2025-10-30T08:00:00Z', base, steps);
}

const versionOf = (tag: string): string => /\d[\w.]*/.exec(tag)?.[0] ?? '1.0.0';
