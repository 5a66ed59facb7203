import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { OpenFile } from '../../../linux/io/open-file';
import { ComposeError } from '../cli/error';
import type { Build, Project, Service } from '../load/types';
import { absolute } from '../load/paths';
import { version } from './api';
import { findImage, type ImageInspect } from './images';
import { labels } from './labels';
import { imageOf } from './names';
import type { Session } from './session';

export interface BuildOptions {
  /** Those that are here: they are not built again, unless `all` says so. */
  readonly images: Map<string, ImageInspect>;
  readonly all: boolean;
  readonly quiet: boolean;
  /** Only these services; none means all. */
  readonly services?: readonly string[];
  readonly args?: readonly string[];
  readonly noCache?: boolean;
  readonly pull?: boolean;
  readonly push?: boolean;
  readonly print?: boolean;
  readonly check?: boolean;
  readonly builder?: string;
  /** Further words for bake: `--provenance=…`. */
  readonly more?: readonly string[];
}

/** Builds the images of services with buildx bake, as compose does since 2.37 (build_bake.go). */
export async function buildServices(session: Session, project: Project, options: BuildOptions): Promise<void> {
  const { process, progress, api } = session;
  const wanted = Object.entries(project.services).filter(
    ([name, service]) =>
      service.build !== undefined &&
      (options.services === undefined || options.services.length === 0 || options.services.includes(name)) &&
      (options.all || service.pull_policy === 'build' || !options.images.has(imageOf(project, name, service))),
  );
  if (wanted.length === 0) return;
  const targets = new Map<string, string>();
  for (const name of Object.keys(project.services)) {
    let target = name.replaceAll('.', '_');
    while ([...targets.values()].includes(target)) target += '_';
    targets.set(name, target);
  }
  const definition = {
    group: { default: { targets: wanted.map(([name]) => targets.get(name) ?? name) } },
    target: Object.fromEntries(
      Object.entries(project.services).flatMap(([name, service]): (readonly [string, Record<string, unknown>])[] =>
        service.build === undefined
          ? []
          : [[targets.get(name) ?? name, targetOf(project, name, service, service.build, targets, options)]],
      ),
    ),
  };
  if (options.print === true) {
    await process.stdout.write(`${goIndent(definition)}\n`);
    return;
  }
  if (api.dryRun) {
    for (const [name, service] of wanted) {
      const target = targets.get(name) ?? name;
      const image = imageOf(project, name, service);
      const id = `dryRun-${bytesToHex(sha1(utf8ToBytes(target)))}`;
      await progress.event({ id: `${target} ==>`, status: 'done', text: `==> writing image ${id}` });
      await progress.event({ id: `${target} ==> ==>`, status: 'done', text: `naming to ${image}` });
      await progress.event({ id: image, status: 'done', text: 'Built' });
    }
    return;
  }
  // Bake knows Dockerfiles by their paths alone.
  const written: string[] = [];
  for (const target of Object.values(definition.target)) {
    const inline = target['dockerfile-inline'];
    if (typeof inline !== 'string') continue;
    const path = `/tmp/compose-dockerfile-${process.random.uuid()}`;
    process.fs.writeFile(path, inline.replaceAll('$${', '${'), 0o600);
    target['dockerfile'] = path;
    delete target['dockerfile-inline'];
    written.push(path);
  }
  const text = goIndent(definition);
  const metadata = `/tmp/compose-build-metadataFile-${process.random.uuid()}.json`;
  const reads = Object.values(project.services).flatMap(({ build }) => (build === undefined ? [] : [build.context]));
  const words = [
    'buildx',
    'bake',
    '--file',
    '-',
    '--progress',
    options.quiet ? 'quiet' : process.fds.get(1)?.kind === 'tty' ? 'tty' : 'plain',
    '--metadata-file',
    metadata,
    ...reads.flatMap((path) => ['--allow', `fs.read=${path}`]),
    ...(options.more ?? []),
    ...(options.builder === undefined || options.builder === '' ? [] : ['--builder', options.builder]),
  ];
  const status = await runWithInput(session, words, text);
  for (const path of [metadata, ...written]) process.fs.unlink(path);
  if (status !== 0) throw new ComposeError('', status);
  if (options.check === true) return;
  for (const [name, service] of wanted) {
    const image = imageOf(project, name, service);
    const found = await findImage(api, image);
    if (found !== undefined) options.images.set(image, found);
    await progress.event({ id: image, status: 'done', text: 'Built' });
  }
}

/** One target of the bake file, in the order of compose's struct. */
function targetOf(
  project: Project,
  name: string,
  service: Service,
  build: Build,
  targets: ReadonlyMap<string, string>,
  options: BuildOptions,
): Record<string, unknown> {
  const args: Record<string, string> = {};
  for (const each of options.args ?? []) {
    const [key = '', ...value] = each.split('=');
    const found = value.length > 0 ? value.join('=') : project.environment.get(key);
    if (found !== undefined) args[key] = found;
  }
  for (const [key, value] of Object.entries(build.args ?? {})) {
    const found = value ?? project.environment.get(key);
    if (found !== undefined && !(key in args)) args[key] = found;
  }
  const escaped = Object.fromEntries(
    Object.keys(args)
      .sort()
      .map((key) => [key, (args[key] ?? '').replaceAll('${', '$${')]),
  );
  const contexts = Object.entries(build.additional_contexts ?? {}).map(([key, value]) => [
    key,
    value.startsWith('service:') ? `target:${targets.get(value.slice(8)) ?? value.slice(8)}` : value,
  ]);
  const secrets = (build.secrets ?? []).map(({ source, target = source }) => {
    const secret = project.secrets[source];
    return secret?.environment === undefined
      ? `id=${target},type=file,src=${secret?.file ?? ''}`
      : `id=${target},type=env,env=${secret.environment}`;
  });
  const own = {
    ...build.labels,
    [labels.project]: project.name,
    [labels.service]: name,
    [labels.version]: version,
  };
  const push = options.push === true && service.image !== undefined;
  return {
    context: build.context,
    ...(contexts.length === 0 ? {} : { contexts: Object.fromEntries(contexts) as object }),
    dockerfile: dockerfile(build),
    ...(build.dockerfile_inline === undefined
      ? {}
      : { 'dockerfile-inline': build.dockerfile_inline.replaceAll('${', '$${') }),
    ...(Object.keys(escaped).length === 0 ? {} : { args: escaped }),
    labels: Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1))),
    tags: [...(build.tags ?? []), imageOf(project, name, service)],
    ...(build.cache_from === undefined ? {} : { 'cache-from': build.cache_from }),
    ...(build.target === undefined ? {} : { target: build.target }),
    ...(secrets.length === 0 ? {} : { secret: secrets }),
    ...(build.pull === true || options.pull === true ? { pull: true } : {}),
    ...(build.no_cache === true || options.noCache === true ? { 'no-cache': true } : {}),
    ...(build.network === undefined ? {} : { network: build.network }),
    ...(build.platforms === undefined ? {} : { platforms: build.platforms }),
    ...(build.shm_size === undefined ? {} : { 'shm-size': Number(build.shm_size) }),
    ...(options.check === true ? { call: 'lint' } : {}),
    ...(build.extra_hosts === undefined
      ? {}
      : { 'extra-hosts': Object.fromEntries(build.extra_hosts.map((entry) => entry.split('='))) as object }),
    ...(options.check === true ? {} : { output: [push ? 'type=registry' : 'type=docker'] }),
  };
}

const dockerfile = ({ context, dockerfile: file = '', dockerfile_inline: inline }: Build): string =>
  inline !== undefined || file === '' || context.includes('://') ? file : absolute(file, context, '/root');

const goIndent = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Runs docker with a text to read; what it says of its progress goes to our standard output. */
async function runWithInput({ process }: Session, words: readonly string[], text: string): Promise<number> {
  const pipe = process.pipe();
  const writer = process.fds.install(pipe.write, 10);
  const file = process.which('docker') ?? '/usr/bin/docker';
  const output = process.fds.get(1);
  const fds = new Map<number, OpenFile>([[0, pipe.read]]);
  if (output !== undefined) fds.set(1, output).set(2, output);
  const env = new Map([...process.env, ['BUILDX_BAKE_DESCRIPTION', '0']]);
  const child = process.spawn({ file, argv: ['docker', ...words], env, fds });
  if (!child.ok) {
    process.fds.close(writer);
    throw new ComposeError(`failed to execute bake: ${child.error.message.toLowerCase()}`);
  }
  const restore = process.signals.ignore('SIGPIPE');
  await process.fds.writer(writer).write(text);
  process.fds.close(writer);
  restore();
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 1;
}
