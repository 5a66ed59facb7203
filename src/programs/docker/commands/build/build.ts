import { parseReference } from '../../../../containers/images/reference';
import type { Process } from '../../../../linux/process/types';
import { query } from '../../cli/api';
import { CommandError, type Invocation } from '../../cli/command';
import type { FlagValues } from '../../cli/flags';
import { currentBuilder } from './builders/store';
import { ExitCode } from './cli/errors';
import { modeOf, runRemoteBuild, type BuildResult } from './client';
import { loadContext, type BuildContext } from './context/source';
import { keyValues } from './csv';
import { buildName } from './name';
import { exportResult, leavesImage, notSupported, outputsOf, pushing, type Output } from './outputs';
import { goMarshal, type DisplayMode } from './progress/display';
import type { SourceInfo } from './progress/status';
import { parseSecrets, readSecrets } from './secrets';
import { sourceExcerpt } from './source';
import { distinct, lintText, warningsText } from './warnings';

/** Everything that a build is asked for, as flags or as a target of a bake file say it. */
export interface BuildOptions {
  readonly context: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly target: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly noCacheFilter: readonly string[];
  readonly pull: boolean;
  readonly platforms: readonly string[];
  readonly network: string;
  readonly extraHosts: readonly string[];
  readonly secrets: ReturnType<typeof parseSecrets>;
  readonly cacheFrom: readonly string[];
  readonly contexts: readonly string[];
  readonly outputs: readonly Output[];
  readonly check: boolean;
  readonly shmSize: string;
  readonly ulimits: readonly string[];
  readonly attests: readonly string[];
  readonly cacheTo: readonly string[];
  readonly ssh: readonly string[];
}

/** `docker buildx build` (commands/build.go: runBuild). */
export async function build(invocation: Invocation): Promise<number> {
  const { process, flags, args, error, out } = invocation;
  const options = optionsOf(process, flags, args[0] ?? '');
  const call = callOf(flags);
  const iidFile = flags.text('iidfile');
  if (iidFile !== '') process.fs.unlink(iidFile);
  const builder = currentBuilder(invocation);
  const { mode, quiet } = displayMode(flags);
  modeOf(process, mode);
  const { context, result } = await atBuild(async () => {
    const made = await prepare(process, options);
    const shown = { mode, builder, after: (now: number) => pushing(invocation, options.outputs, options.tags, now) };
    return {
      context: made,
      result: await runRemoteBuild(invocation, `/build${buildQuery(process, options, made)}`, made.body, shown),
    };
  });
  const shownMode = modeOf(process, mode);
  if (shownMode !== 'quiet' && shownMode !== 'rawjson')
    await error(warningsText(options.check ? [] : result.warnings, process.env.has('DEBUG')));
  await throwIfFailed(invocation, result, context);
  if (!options.check) await exportResult(invocation, options.outputs, options.tags, result.image);
  if (quiet && !options.check) await out(`${result.image}\n`);
  if (iidFile !== '') write(process, iidFile, result.image, 'writing image ID file');
  const metadataFile = flags.text('metadata-file');
  if (metadataFile !== '') write(process, metadataFile, await metadataOf(invocation, builder, options, result), '');
  if (call.name === 'targets' || call.name === 'outline') {
    const loading = process.clock.external(() => import('./calls'));
    await process.sleep(0);
    const { describeDockerfile } = await loading;
    await out(describeDockerfile(call.name, context, options.target, options.buildArgs, call.format));
  } else if (options.check) await printCheck(invocation, result, context, call);
  return 0;
}

/** What goes wrong between the flags and the engine's answer is a failure `to build`. */
export async function atBuild<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof CommandError && thrown.constructor === CommandError)
      throw new CommandError(`failed to build: ${thrown.message}`, thrown.status);
    throw thrown;
  }
}

/** The error that a build ended with: the lines it is about, then what it says. */
export async function throwIfFailed(
  { error }: Invocation,
  { error: failed, interrupted }: BuildResult,
  context: BuildContext,
): Promise<void> {
  if (interrupted) throw new CommandError('failed to build: failed to solve: Canceled: context canceled', 130);
  if (failed === undefined) return;
  const { message, source } = failed;
  if (source !== undefined) await error(sourceExcerpt(renamed(context)(source), source.ranges));
  throw new CommandError(`failed to build: failed to solve: ${message}`);
}

/** A source is called what the Dockerfile was called on the command line. */
const renamed =
  ({ dockerfile, shownAs }: BuildContext) =>
  (source: SourceInfo): SourceInfo => {
    const base = dockerfile.slice(dockerfile.lastIndexOf('/') + 1);
    const { filename } = source;
    return shownAs !== '' && (filename === base || filename === dockerfile) ? { ...source, filename: shownAs } : source;
  };

interface Call {
  readonly name: string;
  readonly format: string;
  readonly ignoreStatus: boolean;
}

async function printCheck(
  { out }: Invocation,
  { lint }: BuildResult,
  context: BuildContext,
  call: Call,
): Promise<void> {
  const results = lint ?? { warnings: [], sources: [] };
  if (call.format === 'json') await out(`${goMarshal(results, '  ')}\n`);
  else {
    const { text, error } = lintText(results, renamed(context));
    await out(text);
    if (error !== undefined) throw new CommandError(error);
  }
  if (!call.ignoreStatus && (results.warnings.length > 0 || results.buildError !== undefined)) throw new ExitCode(1);
}

function callOf(flags: FlagValues): Call {
  const given = flags.on('check') ? 'check' : flags.given('print') ? flags.text('print') : flags.text('call');
  const [name = '', ...fields] = given.split(',');
  let format = '';
  let ignoreStatus = false;
  for (const field of fields) {
    const [key = '', value = ''] = field.split('=');
    if (key === 'format') format = value;
    else if (key === 'ignorestatus') ignoreStatus = value === '' || value === 'true' || value === '1';
    else if (field === 'json') format = 'json';
    else throw new CommandError(`invalid print value: ${given}`);
  }
  return { name: name === '' ? 'build' : name === 'lint' ? 'check' : name, format, ignoreStatus };
}

/** The options that a command line gives. */
function optionsOf(process: Process, flags: FlagValues, context: string): BuildOptions {
  const call = callOf(flags);
  if (!['build', 'check', 'targets', 'outline'].includes(call.name))
    throw new CommandError(`failed to build: failed to solve: unsupported request frontend.${call.name}`);
  if (flags.on('no-cache') && flags.given('no-cache-filter'))
    throw new CommandError('failed to build: --no-cache and --no-cache-filter cannot currently be used together');
  return {
    context,
    file: flags.text('file'),
    tags: flags.all('tag'),
    target: flags.text('target'),
    buildArgs: keyValues(flags.all('build-arg'), process.env),
    labels: keyValues(flags.all('label'), undefined),
    noCache: flags.on('no-cache'),
    noCacheFilter: flags.all('no-cache-filter').flatMap((value) => value.split(',')),
    pull: flags.on('pull'),
    platforms: platformsOf(process, flags),
    network: flags.text('network'),
    extraHosts: flags.all('add-host').flatMap((value) => value.split(',')),
    secrets: parseSecrets(flags.all('secret')),
    cacheFrom: flags.all('cache-from'),
    contexts: flags.all('build-context'),
    outputs: requestedOutputs(process, flags),
    check: call.name !== 'build',
    shmSize: flags.text('shm-size'),
    ulimits: flags.all('ulimit'),
    attests: ['attest', 'sbom', 'provenance'].flatMap((name) =>
      flags.all(name).map((value) => (name === 'attest' ? value : `type=${name}=${value}`)),
    ),
    cacheTo: flags.all('cache-to'),
    ssh: flags.all('ssh'),
  };
}

/** `--output`, and what `--push` and `--load` stand for. */
export function requestedOutputs(process: Process, flags: FlagValues): readonly Output[] {
  const outputs = outputsOf(process, flags.all('output'), flags);
  if (!flags.on('push')) return outputs;
  const pushed = { type: 'image', dest: '', attributes: { push: 'true' } };
  return outputs.some(({ type }) => type === 'image')
    ? outputs.map((output) => (output.type === 'image' ? { ...output, ...pushed } : output))
    : [...outputs, pushed];
}

function platformsOf({ env }: Process, flags: FlagValues): readonly string[] {
  const given = flags.given('platform') ? flags.all('platform') : [env.get('DOCKER_DEFAULT_PLATFORM') ?? ''];
  return given.flatMap((value) => value.split(',')).filter((value) => value !== '');
}

function displayMode(flags: FlagValues): { readonly mode: DisplayMode; readonly quiet: boolean } {
  const wanted = flags.last('progress') ?? 'auto';
  const quiet = flags.on('quiet') || wanted === 'quiet';
  const mode = wanted === 'none' ? 'quiet' : wanted;
  if (quiet && mode !== 'auto' && mode !== 'quiet')
    throw new CommandError(`progress=${wanted} and quiet cannot be used together`);
  return { mode: (quiet ? 'quiet' : mode) as DisplayMode, quiet };
}

/** Looks at what the engine would not be asked in vain for, and packs the context (build.toSolveOpt). */
export async function prepare(process: Process, options: BuildOptions): Promise<BuildContext> {
  for (const tag of options.tags) {
    const parsed = parseReference(tag);
    if (!parsed.ok) throw new CommandError(`invalid tag ${JSON.stringify(tag)}: ${badTag(tag)}`);
  }
  refuseUnsupported(options);
  if (options.outputs.some(({ attributes }) => attributes['push'] === 'true') && options.tags.length === 0)
    throw new CommandError('tag is needed when pushing to registry');
  if (options.platforms.length > 1) throw notSupported('Multi-platform build', 'build-multi-platform');
  const context = await loadContext(process, options.context, options.file);
  if (!['', 'default', 'host', 'none'].includes(options.network))
    throw new CommandError(
      `network mode ${JSON.stringify(options.network)} not supported by buildkit - you can define a custom network for your builder using the network driver-opt in buildx create`,
    );
  for (const host of options.extraHosts) {
    const [, name = '', address = ''] = /^([^=:]*)[=:](.*)$/.exec(host) ?? [];
    const valid = address === 'host-gateway' || address.split(',').every((each) => /^\[?[\da-fA-F.:]+\]?$/.test(each));
    if (name === '' || !valid) throw new CommandError(`invalid host ${host}`);
  }
  return context;
}

/** What distribution/reference's Parse says of it. */
function badTag(tag: string): string {
  if (tag === '') return 'repository name must have at least one component';
  return parseReference(tag.toLowerCase()).ok ? 'repository name must be lowercase' : 'invalid reference format';
}

/** What only BuildKits with a store of their own can do. */
function refuseUnsupported({ attests, cacheTo, contexts, ssh }: BuildOptions): void {
  if (contexts.length > 0) throw new CommandError('additional build contexts are not supported by this builder');
  const wanted = attests.filter((each) => !/^type=\w+,disabled=true$|=false$/.test(each));
  if (wanted.length > 0) throw notSupported('Attestation', 'attestations');
  if (cacheTo.some((each) => !each.includes('type=inline'))) throw notSupported('Cache export', 'build-cache-backends');
  if (ssh.length > 0) throw new CommandError('invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set');
}

/** The build's parameters as the engine takes them. */
export function buildQuery(process: Process, options: BuildOptions, context: BuildContext): string {
  const json = (value: object): string | undefined =>
    Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
  const flag = (on: boolean): string | undefined => (on ? '1' : undefined);
  const text = (value: string): string | undefined => (value === '' ? undefined : value);
  const head = query({
    version: '2',
    dockerfile: context.dockerfile,
    target: text(options.target),
    buildargs: json(options.buildArgs),
    labels: json(options.labels),
    nocache: flag(options.noCache),
    nocachefilter: options.noCacheFilter.length === 0 ? undefined : JSON.stringify(options.noCacheFilter),
    pull: flag(options.pull),
    platform: text(options.platforms.join(',')),
    networkmode: text(options.network),
    cachefrom: options.cacheFrom.length === 0 ? undefined : JSON.stringify(options.cacheFrom),
    secrets: json(readSecrets(process, options.secrets)),
    check: flag(options.check),
    shmsize: text(options.shmSize),
    buildname: text(buildName(context.local, options.target, context.remote)),
    rm: '1',
  });
  const repeated = [
    ...(leavesImage(options.outputs) ? options.tags : []).map((tag) => ['t', tag] as const),
    ...options.extraHosts.map((host) => ['extrahosts', host.replace('=', ':')] as const),
  ];
  return `${head}${repeated.map(([key, value]) => `&${key}=${encodeURIComponent(value)}`).join('')}`;
}

async function metadataOf(
  { api, process }: Invocation,
  builder: string,
  options: BuildOptions,
  result: BuildResult,
): Promise<string> {
  const [latest] = await api.get<readonly { readonly ref: string }[]>('/build/history');
  const names = options.tags.map((tag) => {
    const parsed = parseReference(tag);
    return parsed.ok ? `${parsed.value.domain}/${parsed.value.path}:${parsed.value.tag ?? 'latest'}` : tag;
  });
  const warnings = (process.env.get('BUILDX_METADATA_WARNINGS') ?? '') === '' ? [] : distinct(result.warnings);
  const all: Record<string, unknown> = {
    ...result.metadata,
    ...(warnings.length > 0 ? { 'buildx.build.warnings': warnings } : {}),
    ...(latest === undefined ? {} : { 'buildx.build.ref': `${builder}/${builder}/${latest.ref}` }),
    'containerimage.config.digest': result.image,
    'containerimage.digest': result.image,
    ...(names.length > 0 ? { 'image.name': names.join(',') } : {}),
  };
  return goMarshal(Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1))), '  ');
}

function write({ fs }: Process, path: string, text: string, wrapped: string): void {
  const written = fs.writeFile(path, text, 0o644);
  if (written.ok) return;
  const said = `open ${path}: ${written.error.message.toLowerCase()}`;
  throw new CommandError(wrapped === '' ? said : `${wrapped}: ${said}`);
}
