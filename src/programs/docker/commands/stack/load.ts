import type { Process } from '../../../../linux/process/types';
import { CommandError } from '../../cli/command';

export type Fields = Readonly<Record<string, unknown>>;

/** A compose file as stacks are deployed from (cli/compose/loader). */
export interface StackFile {
  readonly services: Readonly<Record<string, Fields>>;
  readonly networks: Readonly<Record<string, Fields>>;
  readonly volumes: Readonly<Record<string, Fields>>;
  readonly secrets: Readonly<Record<string, Fields>>;
  readonly configs: Readonly<Record<string, Fields>>;
  readonly version: string | undefined;
}

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs'] as const;
const ignored = [
  'build',
  'cgroup_parent',
  'devices',
  'domainname',
  'external_links',
  'ipc',
  'links',
  'mac_address',
  'network_mode',
  'pid',
  'privileged',
  'restart',
  'security_opt',
  'shm_size',
  'userns_mode',
];
const deprecated: Readonly<Record<string, string>> = {
  container_name: 'Setting the container name is not supported.',
  expose:
    "Exposing ports is unnecessary - services on the same network can access each other's containers on any port.",
};

/** `$VAR`, `${VAR}`, `${VAR:-word}`, `${VAR:?message}`, `$$` (cli/compose/template). */
function interpolate(text: string, env: (name: string) => string | undefined): string {
  return text.replace(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\})/g,
    (_, dollar: string | undefined, bare: string | undefined, name = bare ?? '', operator = '', word = '') => {
      if (dollar !== undefined) return '$';
      const value = env(String(name));
      const lacks = value === undefined || (String(operator).startsWith(':') && value === '');
      if (String(operator).endsWith('?') && lacks)
        throw new CommandError(
          `invalid interpolation format: required variable ${String(name)} is missing a value: ${String(word)}`,
        );
      return lacks && String(operator).endsWith('-') ? String(word) : (value ?? '');
    },
  );
}

function filled(value: unknown, env: (name: string) => string | undefined): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item) => filled(item, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, filled(field, env)]));
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Later files win, field by field. */
function merged(a: Fields, b: Fields): Fields {
  const both: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = both[key];
    both[key] =
      isFields(before) && isFields(value)
        ? merged(before, value)
        : Array.isArray(before) && Array.isArray(value)
          ? [...(before as unknown[]), ...(value as unknown[])]
          : value;
  }
  return both;
}

/** Reads the files that `-c` names; `-` is standard input. */
export async function loadStack(
  process: Process,
  paths: readonly string[],
  warn: (text: string) => Promise<unknown>,
): Promise<StackFile> {
  if (paths.length === 0) throw new CommandError('Please specify a Compose file (with --compose-file)');
  const { parse } = await process.clock.external(() => import('yaml'));
  let whole: Fields = {};
  for (const path of paths) {
    let text = '';
    if (path === '-') {
      const decoder = new TextDecoder();
      for await (const chunk of process.stdin) text += decoder.decode(chunk, { stream: true });
    } else {
      const read = process.fs.readText(path.startsWith('/') ? path : `${process.cwd}/${path}`);
      if (!read.ok) throw new CommandError(`open ${path}: ${read.error.message.toLowerCase()}`);
      text = read.value;
    }
    let document: unknown;
    try {
      document = parse(text);
    } catch (thrown) {
      throw new CommandError(`yaml: ${thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : ''}`);
    }
    if (!isFields(document)) throw new CommandError('Top-level object must be a mapping');
    whole = merged(whole, filled(document, (name) => process.env.get(name)) as Fields);
  }
  for (const key of Object.keys(whole))
    if (![...sections, 'version', 'name'].includes(key as 'services') && !key.startsWith('x-'))
      throw new CommandError(`(root) Additional property ${key} is not allowed`);
  const section = (name: (typeof sections)[number]): Readonly<Record<string, Fields>> => {
    const found = whole[name];
    if (!isFields(found)) return {};
    return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, isFields(value) ? value : {}]));
  };
  const services = section('services');
  for (const [name, fields] of Object.entries(services))
    if (typeof fields['image'] !== 'string')
      throw new CommandError(`invalid image reference for service ${name}: no image specified`);
  const used = new Set(Object.values(services).flatMap((fields) => Object.keys(fields)));
  const unsupported = ignored.filter((key) => used.has(key));
  if (unsupported.length > 0) await warn(`Ignoring unsupported options: ${unsupported.join(', ')}\n\n`);
  const old = Object.keys(deprecated).filter((key) => used.has(key));
  if (old.length > 0)
    await warn(
      `Ignoring deprecated options:\n\n${old.map((key) => `${key}: ${deprecated[key] ?? ''}`).join('\n\n')}\n\n`,
    );
  const version = whole['version'];
  return {
    services,
    networks: section('networks'),
    volumes: section('volumes'),
    secrets: section('secrets'),
    configs: section('configs'),
    version: typeof version === 'string' || typeof version === 'number' ? String(version) : undefined,
  };
}
