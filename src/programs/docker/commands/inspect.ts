import { withInts } from '../../gotemplate';
import { ApiRefusal, query, type Api } from '../cli/api';
import { CommandError, type Command, type Invocation } from '../cli/command';
import { flags } from '../cli/flags';
import { typedInspect } from '../cli/inspect-types';
import { checkTemplate, renderOne } from '../cli/table';

interface Found {
  readonly kind: string;
  readonly value: unknown;
}

/** Prints what was found as a JSON array, or each through a template; what was not found is told at the end. */
export async function inspectAll(
  { args, flags: given, out, error }: Invocation,
  find: (name: string) => Promise<Found>,
): Promise<number> {
  const format = given.text('format');
  const asJson = format === '' || format === 'json';
  // A template that cannot be parsed stops everything before anything is asked for.
  if (!asJson) checkTemplate(format);
  const found: string[] = [];
  const problems: string[] = [];
  let text = '';
  for (const name of args) {
    try {
      const { kind, value } = await find(name);
      if (asJson) found.push(asSent(kind, format === '' ? JSON.stringify(value, null, 4) : JSON.stringify(value)));
      else text += `${renderOne(format, withInts(value), typedInspect(kind, value))}\n`;
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      problems.push(thrown.message);
    }
  }
  if (asJson)
    text =
      found.length === 0
        ? '[]\n'
        : format === ''
          ? `[\n${found.map((value) => value.replace(/^/gm, '    ')).join(',\n')}\n]\n`
          : `[${found.join(',')}]\n`;
  await out(text === '' ? '\n' : text);
  for (const problem of problems) await error(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

const missing = (thrown: unknown): boolean => thrown instanceof ApiRefusal && thrown.httpStatus === 404;

const formatFlag = '-f, --format string | {inspect}';

const finders: Readonly<Record<string, (api: Api, name: string, size: boolean) => Promise<unknown>>> = {
  container: (api, name, size) =>
    api.get(`/containers/${encodeURIComponent(name)}/json${query({ size: size ? '1' : undefined })}`),
  image: (api, name) => api.get(`/images/${name}/json`),
  network: (api, name) => api.get(`/networks/${encodeURIComponent(name)}`),
  volume: (api, name) => api.get(`/volumes/${encodeURIComponent(name)}`),
  service: (api, name) => api.get(`/services/${encodeURIComponent(name)}?insertDefaults=true`),
  task: (api, name) => api.get(`/tasks/${encodeURIComponent(name)}`),
  node: (api, name) => api.get(`/nodes/${encodeURIComponent(name)}`),
  plugin: (api, name) => api.get(`/plugins/${encodeURIComponent(name)}/json`),
  secret: (api, name) => api.get(`/secrets/${encodeURIComponent(name)}`),
  config: (api, name) => api.get(`/configs/${encodeURIComponent(name)}`),
};

const swarmKinds: ReadonlySet<string> = new Set(['service', 'task', 'node', 'secret', 'config']);
const kinds = ['config', 'container', 'image', 'network', 'node', 'plugin', 'secret', 'service', 'task', 'volume'];

export const inspect: Command = {
  use: 'inspect [OPTIONS] NAME|ID [NAME|ID...]',
  short: 'Return low-level information on Docker objects',
  flags: flags(`
    ${formatFlag}
    -s, --size | Display total file sizes if the type is container
    --type string | Only inspect objects of the given type
  `),
  operands: [1, Infinity],
  run(invocation) {
    const { api, flags: given } = invocation;
    const type = given.last('type');
    const size = given.on('size');
    if (type !== undefined) {
      const find = finders[type];
      if (find === undefined)
        throw new CommandError(
          `unknown type: ${JSON.stringify(type)}: must be one of ${kinds.map((kind) => JSON.stringify(kind)).join(', ')}`,
        );
      return inspectAll(invocation, async (name) => ({ kind: type, value: await find(api, name, size) }));
    }
    return inspectAll(invocation, async (name) => {
      let managed: boolean | undefined;
      for (const [kind, find] of Object.entries(finders)) {
        // Objects of a swarm are asked for where there is one.
        if (swarmKinds.has(kind)) {
          managed ??= (await api.get<{ Swarm: { ControlAvailable: boolean } }>('/info')).Swarm.ControlAvailable;
          if (!managed) continue;
        }
        try {
          return { kind, value: await find(api, name, size) };
        } catch (thrown) {
          if (!missing(thrown)) throw thrown;
        }
      }
      throw new CommandError(`Error: No such object: ${name}`);
    });
  },
};

const more: Readonly<Record<string, string>> = {
  container: '-s, --size | Display total file sizes',
  network: '-v, --verbose | Verbose output for diagnostics',
  image:
    `--platform string | Inspect a specific platform of the multi-platform image.\\n` +
    `If the image or the server is not multi-platform capable, the command will error out if the platform does not match.\\n` +
    `'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)`,
};

function typed(kind: string, use: string, short: string): Command {
  return {
    use,
    short,
    flags: flags(`${formatFlag}\n${more[kind] ?? ''}`),
    operands: [1, Infinity],
    run: (invocation) =>
      inspectAll(invocation, async (name) => {
        const find = finders[kind];
        return { kind, value: await find?.(invocation.api, name, invocation.flags.on('size')) };
      }),
  };
}

export const inspectContainer = typed(
  'container',
  'inspect [OPTIONS] CONTAINER [CONTAINER...]',
  'Display detailed information on one or more containers',
);
export const inspectImage = typed(
  'image',
  'inspect [OPTIONS] IMAGE [IMAGE...]',
  'Display detailed information on one or more images',
);
export const inspectNetwork = typed(
  'network',
  'inspect [OPTIONS] NETWORK [NETWORK...]',
  'Display detailed information on one or more networks',
);
export const inspectVolume = typed(
  'volume',
  'inspect [OPTIONS] VOLUME [VOLUME...]',
  'Display detailed information on one or more volumes',
);
export const inspectPlugin = typed(
  'plugin',
  'inspect [OPTIONS] PLUGIN [PLUGIN...]',
  'Display detailed information on one or more plugins',
);

/**
 * What the engine answers comes through unchanged. It leaves `<`, `>` and `&` as they are but in what it says of images,
 * which it wraps with fields of older versions (daemon/server/httputils, compat.Wrap: an encoder of its own).
 */
const asSent = (kind: string, json: string): string =>
  kind === 'image' ? json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`) : json;
