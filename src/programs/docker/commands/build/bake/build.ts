import { CommandError, type Invocation } from '../../../cli/command';
import { atBuild, buildQuery, prepare, requestedOutputs, throwIfFailed, type BuildOptions } from '../build';

import { modeOf, runRemoteBuild } from '../client';
import { exportResult, parseOutputs, pushing } from '../outputs';
import { goMarshal, type DisplayMode } from '../progress/display';
import { parseSecrets } from '../secrets';
import { warningsText } from '../warnings';
import type { SolveStatus } from '../progress/status';
import type { Target } from './definition';

/** Builds targets one after the other. */
export async function buildTargets(
  invocation: Invocation,
  builder: string,
  targets: Readonly<Record<string, Target>>,
  before: readonly SolveStatus[],
): Promise<number> {
  const { error, flags, process } = invocation;
  const wanted = flags.last('progress') ?? 'auto';
  const mode = (wanted === 'none' ? 'quiet' : wanted) as DisplayMode;
  const shown = modeOf(process, mode);
  const metadata: Record<string, unknown> = {};
  const file = flags.text('metadata-file');
  // Compose shows what bake does as its own work, without a word on the builder.
  const described = process.env.get('BUILDX_BAKE_DESCRIPTION') !== '0';
  const names = Object.keys(targets);
  for (const [name, target] of Object.entries(targets)) {
    const shownSteps = {
      before: name === names[0] ? before : [],
    };
    const options = optionsOf(invocation, target);
    const after = async function* (now: number): AsyncGenerator<SolveStatus> {
      yield* pushing(invocation, options.outputs, options.tags, now);
      if (name === names.at(-1) && file !== '') yield provenance(now);
    };
    const context = await atBuild(() => prepare(process, options));
    const path = `/build${buildQuery(process, options, context)}`;
    const result = await atBuild(() =>
      runRemoteBuild(invocation, path, context.body, {
        mode,
        builder,
        described,
        ...shownSteps,
        after,
      }),
    );
    if (shown === 'plain' || shown === 'tty') await error(warningsText(result.warnings, process.env.has('DEBUG')));
    await throwIfFailed(invocation, result, context);
    await exportResult(invocation, options.outputs, options.tags, result.image);
    metadata[name] = { 'containerimage.config.digest': result.image, 'containerimage.digest': result.image };
  }
  if (file !== '') {
    const written = process.fs.writeFile(file, goMarshal(metadata, '  '), 0o644);
    if (!written.ok) throw new CommandError(`open ${file}: ${written.error.message.toLowerCase()}`);
  }
  return 0;
}

/** A step that is done here when metadata are asked for (build/provenance.go). */
function provenance(at: number): SolveStatus {
  const now = new Date(at).toISOString();
  const vertex = 'resolving provenance for metadata file';
  return { vertexes: [{ digest: vertex, name: vertex, started: now, completed: now }] };
}

function optionsOf({ process, flags }: Invocation, target: Target): BuildOptions {
  const args: Record<string, string> = {};
  for (const [key, value] of Object.entries(target.args ?? {})) {
    const text = value ?? process.env.get(key);
    if (text !== undefined) args[key] = String(text);
  }
  const { context = '.', dockerfile = 'Dockerfile' } = target;
  const local = context !== '-' && !/^\w+:\/\//.test(context);
  return {
    context,
    // A bake file's Dockerfile is found from its context, not from where one stands.
    file: local && !dockerfile.startsWith('/') ? `${context}/${dockerfile}` : dockerfile,
    tags: target.tags ?? [],
    target: target.target ?? '',
    buildArgs: args,
    labels: target.labels ?? {},
    noCache: target['no-cache'] ?? false,
    noCacheFilter: [],
    pull: target.pull ?? false,
    platforms: target.platforms ?? [],
    network: target.network ?? '',
    extraHosts: [],
    secrets: parseSecrets(target.secret ?? []),
    cacheFrom: target['cache-from'] ?? [],
    contexts: Object.entries(target.contexts ?? {}).map(([key, value]) => `${key}=${value}`),
    outputs: target.output === undefined ? requestedOutputs(process, flags) : parseOutputs(target.output),
    check: flags.on('check'),
    shmSize: '',
    ulimits: [],
    attests: [],
    cacheTo: target['cache-to'] ?? [],
    ssh: [],
  };
}
