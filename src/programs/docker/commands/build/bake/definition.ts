import type * as Yaml from 'yaml';
import { CommandError } from '../../../cli/command';
import { parseHcl } from './hcl';

/** A target of a bake file; the names are the file's (bake.go: Target). */
export interface Target {
  readonly inherits?: readonly string[];
  readonly context?: string;
  readonly contexts?: Readonly<Record<string, string>>;
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly 'cache-from'?: readonly string[];
  readonly 'cache-to'?: readonly string[];
  readonly target?: string;
  readonly secret?: readonly string[];
  readonly platforms?: readonly string[];
  readonly output?: readonly string[];
  readonly pull?: boolean;
  readonly 'no-cache'?: boolean;
  readonly network?: string;
}

/** What bake files say together. */
export interface Definition {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly targets: Readonly<Record<string, Target>>;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
}

interface Raw {
  readonly group?: Readonly<Record<string, { readonly targets?: readonly string[] }>>;
  readonly target?: Readonly<Record<string, Target>>;
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** Reads a bake file: HCL, its JSON form, or a compose file, by what it is called. */
export function readDefinition(
  name: string,
  text: string,
  env: ReadonlyMap<string, string>,
  yaml: typeof Yaml,
): Definition {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/\.ya?ml$/.test(base)) return fromCompose(yaml.parse(text) as ComposeFile | null, env);
  const raw = /\.json$/.test(base) ? fromJson(name, text, env) : (parseHcl(name, text, env) as Raw);
  return {
    groups: Object.fromEntries(Object.entries(raw.group ?? {}).map(([key, { targets = [] }]) => [key, targets])),
    targets: raw.target ?? {},
    variables: Object.entries(raw.variable ?? {}).map(([key, { default: value }]) => ({
      name: key,
      value: env.get(key) ?? (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)),
    })),
  };
}

/** JSON whose strings may name variables: `${TAG}`. */
function fromJson(name: string, text: string, env: ReadonlyMap<string, string>): Raw {
  let raw: Raw;
  try {
    raw = JSON.parse(text) as Raw;
  } catch (thrown) {
    throw new CommandError(`failed to parse ${name}: ${(thrown as Error).message}`);
  }
  const variables = new Map(
    Object.entries(raw.variable ?? {}).map(([key, { default: value }]) => [key, env.get(key) ?? String(value ?? '')]),
  );
  const expand = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/\$\{(\w+)\}/g, (_, key: string) => variables.get(key) ?? '');
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner)]));
  };
  return expand(raw) as Raw;
}

interface ComposeFile {
  readonly services?: Readonly<Record<string, ComposeService | null>>;
}

interface ComposeService {
  readonly image?: string;
  readonly build?: string | ComposeBuild;
}

interface ComposeBuild {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, unknown>> | readonly string[];
  readonly labels?: Readonly<Record<string, unknown>> | readonly string[];
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly network?: string;
  readonly cache_from?: readonly string[];
  readonly pull?: boolean;
  readonly no_cache?: boolean;
}

/** Each service that is built is a target; together they are the default group (compose.go). */
function fromCompose(file: ComposeFile | null, env: ReadonlyMap<string, string>): Definition {
  const targets: Record<string, Target> = {};
  for (const [name, service] of Object.entries(file?.services ?? {})) {
    if (service?.build === undefined) continue;
    const build = typeof service.build === 'string' ? { context: service.build } : service.build;
    const image = service.image === undefined ? undefined : expandShell(service.image, env);
    const tags = [...(image === undefined ? [] : [image]), ...(build.tags ?? [])];
    targets[name] = {
      context: build.context ?? '.',
      ...(build.dockerfile === undefined ? {} : { dockerfile: build.dockerfile }),
      ...(build.args === undefined ? {} : { args: mapOf(build.args, env) }),
      ...(build.labels === undefined ? {} : { labels: mapOf(build.labels, env) as Readonly<Record<string, string>> }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(build.cache_from === undefined ? {} : { 'cache-from': build.cache_from }),
      ...(build.target === undefined ? {} : { target: build.target }),
      ...(build.network === undefined ? {} : { network: build.network }),
      ...(build.pull === undefined ? {} : { pull: build.pull }),
      ...(build.no_cache === undefined ? {} : { 'no-cache': build.no_cache }),
    };
  }
  return { groups: { default: Object.keys(targets).toSorted() }, targets, variables: [] };
}

function mapOf(
  given: Readonly<Record<string, unknown>> | readonly string[],
  env: ReadonlyMap<string, string>,
): Readonly<Record<string, string | null>> {
  const pairs = Array.isArray(given)
    ? (given as readonly string[]).map((each): [string, unknown] => {
        const equals = each.indexOf('=');
        return equals < 0 ? [each, null] : [each.slice(0, equals), each.slice(equals + 1)];
      })
    : Object.entries(given);
  return Object.fromEntries(
    pairs.map(([key, value]) => [key, value === null ? (env.get(key) ?? null) : expandShell(String(value), env)]),
  );
}

const expandShell = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(
    /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
    (_, braced: string | undefined, fallback: string | undefined, plain: string | undefined) =>
      env.get(braced ?? plain ?? '') ?? fallback ?? '',
  );
