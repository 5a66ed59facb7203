import type { Container } from './container';

type Of = Pick<Container, 'id' | 'name' | 'config' | 'hostConfig' | 'image'>;

/** What `--log-opt labels=…`, `env=…` and `tag=…` add to each line (daemon/logger/loginfo.go, ExtraAttributes). */
export function logAttributes({
  id,
  name,
  config,
  hostConfig,
  image,
}: Of): Readonly<Record<string, string>> | undefined {
  const options = hostConfig.LogConfig.Config;
  const extra: Record<string, string> = {};
  const environment = Object.fromEntries(
    (config.Env ?? [])
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  for (const [option, values] of [
    ['labels', config.Labels],
    ['env', environment],
  ] as const) {
    for (const key of (options[option] ?? '').split(','))
      if (Object.hasOwn(values, key)) extra[key] = values[key] ?? '';
    const pattern = options[`${option}-regex`];
    if (pattern === undefined || pattern === '') continue;
    for (const [key, value] of Object.entries(values)) if (new RegExp(pattern).test(key)) extra[key] = value;
  }
  const fields: Readonly<Record<string, string>> = {
    ID: id.slice(0, 12),
    FullID: id,
    Name: name,
    ImageID: image.id.replace('sha256:', '').slice(0, 12),
    ImageFullID: image.id,
    ImageName: config.Image,
    DaemonName: 'docker',
  };
  if (options['tag'] !== undefined)
    extra['tag'] = options['tag'].replace(/\{\{\s*\.(\w+)\s*\}\}/g, (all, field: string) => fields[field] ?? all);
  return Object.keys(extra).length === 0 ? undefined : sorted(extra);
}

const sorted = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
