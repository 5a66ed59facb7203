import { parseReference } from '../../../../../containers/images/reference';
import { decode } from '../../../../../linux/io/bytes';
import { CommandError, type Invocation } from '../../../cli/command';
import type { FlagValues } from '../../../cli/flags';
import { humanSize } from '../../../cli/format';
import { allAuths } from '../../../cli/registry-auth';
import { parseSize } from '../../../cli/sizes';
import type { Reader } from '../../../cli/streams';
import { keyValues } from '../csv';
import { legacyContext } from './context';

interface Message {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number };
  readonly aux?: { readonly ID?: string };
  readonly error?: string;
  readonly errorDetail?: { readonly message: string; readonly code?: number };
}

/** `docker build` with the classic builder (cli/command/image/build.go). */
export async function legacyBuild(invocation: Invocation): Promise<number> {
  const { api, args, flags, out, error, process, session } = invocation;
  for (const tag of flags.all('tag')) {
    const parsed = parseReference(tag);
    if (!parsed.ok)
      throw new CommandError(
        `invalid argument ${JSON.stringify(tag)} for "-t, --tag" flag: ${parsed.error}\n\nUsage:  ${invocation.path} [OPTIONS] PATH | URL | -\n\nRun '${invocation.path} --help' for more information`,
        125,
      );
  }
  const quiet = flags.on('quiet');
  const iidFile = flags.text('iidfile');
  const context = await legacyContext(process, args[0] ?? '', flags.text('file'));
  if (iidFile !== '') process.fs.unlink(iidFile);
  if (!quiet)
    await out(`Sending build context to Docker daemon ${humanSize(context.body.length, 4).padStart(8)}\r\r\n`);
  const response = await api.stream(
    'POST',
    `/build${legacyQuery(process.env, flags, context)}`,
    context.body,
    allAuths(session.config),
  );
  let image = '';
  let kept = '';
  const print = async (text: string): Promise<void> => {
    if (quiet) kept += text;
    else await out(text);
  };
  for await (const message of messages(response.body)) {
    const { stream, status, id, progressDetail, aux, errorDetail } = message;
    if (message.error !== undefined) {
      if (quiet) await error(kept);
      const code = errorDetail?.code ?? 0;
      throw new CommandError(errorDetail?.message ?? message.error, code === 0 ? 1 : code);
    }
    if (aux?.ID !== undefined) image = aux.ID;
    if (stream !== undefined) await print(stream);
    else if (status !== undefined && (progressDetail?.current ?? 0) === 0)
      await print(`${id === undefined ? '' : `${id}: `}${status}\n`);
  }
  if (quiet) {
    image = kept.trim();
    await out(kept);
  }
  if (iidFile !== '') {
    if (image === '') throw new CommandError(`server did not provide an image ID. Cannot write ${iidFile}`);
    process.fs.writeFile(iidFile, image, 0o666 & ~process.umask);
  }
  return 0;
}

function legacyQuery(
  env: ReadonlyMap<string, string>,
  flags: FlagValues,
  context: { readonly dockerfile: string },
): string {
  const bytes = (name: string): string | undefined => {
    const value = flags.last(name);
    if (value === undefined || value === '-1') return value;
    const size = parseSize(value);
    return size.ok ? String(size.value) : undefined;
  };
  const args = keyValues(flags.all('build-arg'), env);
  const labels = keyValues(flags.all('label'), undefined);
  const removed = !flags.given('rm') || flags.on('rm');
  // What is left out is the default; keys are in their order (moby client, image_build.go).
  const given: Readonly<Record<string, string | undefined>> = {
    version: '1',
    dockerfile: context.dockerfile === '' ? 'Dockerfile' : context.dockerfile,
    target: flags.last('target'),
    q: flags.on('quiet') ? '1' : undefined,
    nocache: flags.on('no-cache') ? '1' : undefined,
    rm: removed ? undefined : '0',
    forcerm: flags.on('force-rm') ? '1' : undefined,
    pull: flags.on('pull') ? '1' : undefined,
    platform: flags.last('platform') ?? (env.get('DOCKER_DEFAULT_PLATFORM') || undefined),
    networkmode: unless('default', flags.last('network')),
    memory: unless('0', bytes('memory')),
    memswap: unless('0', bytes('memory-swap')),
    shmsize: unless('0', bytes('shm-size')),
    cpushares: unless('0', flags.last('cpu-shares')),
    cpuperiod: unless('0', flags.last('cpu-period')),
    cpuquota: unless('0', flags.last('cpu-quota')),
    cpusetcpus: unless('', flags.last('cpuset-cpus')),
    cpusetmems: unless('', flags.last('cpuset-mems')),
    cgroupparent: unless('', flags.last('cgroup-parent')),
    buildargs: unless('{}', JSON.stringify(args)),
    labels: unless('{}', JSON.stringify(labels)),
    cachefrom: flags.given('cache-from')
      ? JSON.stringify(flags.all('cache-from').flatMap((each) => each.split(',')))
      : undefined,
    squash: flags.on('squash') ? '1' : undefined,
  };
  const repeated = [
    ...flags.all('tag').map((tag) => ['t', tag] as const),
    ...flags.all('add-host').map((host) => ['extrahosts', host.replace('=', ':')] as const),
  ];
  const pairs = [...Object.entries(given), ...repeated].filter(([, value]) => value !== undefined && value !== '');
  const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `?${sorted.map(([key, value = '']) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
}

const unless = (usual: string, value: string | undefined): string | undefined => (value === usual ? undefined : value);

async function* messages(body: Reader): AsyncGenerator<Message> {
  let rest = '';
  for (;;) {
    const bytes = await body.read();
    if (bytes === undefined) return;
    rest += decode(bytes);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Message;
  }
}
