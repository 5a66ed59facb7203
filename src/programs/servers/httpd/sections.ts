import { faultOf, overridesOf } from './check';
import { readHtaccess, type Directive } from './config';
import type { Exchange } from './exchange';
import { condition } from './expressions';
import { globPattern, regex } from './glob';

interface Layer {
  readonly directives: readonly Directive[];
  readonly folder: string | undefined;
}

const isNamed = (name: string) => {
  const key = name.toLowerCase();
  return (one: Directive): boolean => one.name.toLowerCase() === key;
};

/** The sections that hold for a request, in the order in which they are merged; a status where a .htaccess is broken. */
export function walk(exchange: Exchange): number | undefined {
  const layers: Layer[] = exchange.server.layers.map((directives) => ({ directives, folder: undefined }));
  const top = layers.map(({ directives }) => directives);
  if (exchange.filename !== undefined) {
    const broken = folders(exchange, layers, top);
    if (broken !== undefined) return broken;
    files(exchange, layers);
  }
  for (const directives of top) {
    for (const section of directives) {
      const { name, args, block = [] } = section;
      const kind = name.toLowerCase();
      if (kind === 'location' ? locationHolds(args, exchange) : kind === 'locationmatch' && matches(args[0], exchange))
        layers.push({ directives: block, folder: undefined });
    }
  }
  for (const { directives, folder } of [...layers]) {
    let held = false;
    for (const one of directives) {
      const kind = one.name.toLowerCase();
      if (kind === 'if') held = condition(one.args.join(' '), exchange);
      else if (kind === 'elseif') held = !held && condition(one.args.join(' '), exchange);
      else if (kind === 'else') held = !held;
      else continue;
      if (held) layers.push({ directives: one.block ?? [], folder });
    }
  }
  exchange.layers = layers.map(({ directives }) => directives);
  exchange.folders = layers.map(({ folder }) => folder);
  return undefined;
}

function locationHolds(args: readonly string[], exchange: Exchange): boolean {
  const [first = '', second] = args;
  if (first === '~') return matches(second, exchange);
  const { uri } = exchange;
  if (/[*?[]/.test(first)) return globPattern(first).test(uri);
  return uri === first || uri.startsWith(first.endsWith('/') ? first : `${first}/`);
}

const matches = (pattern: string | undefined, { uri }: Exchange): boolean =>
  pattern !== undefined && regex(pattern)?.test(uri) === true;

/** ap_directory_walk: from the root down, sections and then the .htaccess of each folder. */
function folders(exchange: Exchange, layers: Layer[], top: readonly (readonly Directive[])[]): number | undefined {
  const { process, filename = '/', server } = exchange;
  const stat = process.fs.stat(filename);
  const folder = stat.ok && stat.value.type === 'directory' ? filename : filename.slice(0, filename.lastIndexOf('/'));
  const parts = folder.split('/').filter((part) => part !== '');
  for (let depth = 0; depth <= parts.length; depth++) {
    const path = `/${parts.slice(0, depth).join('/')}`;
    for (const directives of top) {
      for (const section of directives.filter(isNamed('Directory'))) {
        const [first = '/'] = section.args;
        if (first === '~') continue;
        const plain = first.replace(/(.)\/+$/, '$1');
        const same = /[*?[]/.test(plain)
          ? plain.split('/').length === path.split('/').length && globPattern(plain).test(path)
          : plain === path;
        if (same) layers.push({ directives: section.block ?? [], folder: path });
      }
    }
    const overrides = lastArgs(layers, 'AllowOverride');
    const letters = overridesOf(overrides ?? []);
    if (letters === '') continue;
    const file = `${path === '/' ? '' : path}/${server.value('AccessFileName') ?? '.htaccess'}`;
    const read = readHtaccess(process.fs, file, server.instance.config);
    if (read === undefined) continue;
    const fault = read.problem ?? faultOf(process, server.instance.config, read.directives, 'htaccess', letters)?.text;
    if (fault !== undefined) {
      exchange.log('core', 'alert', `${file}: ${fault}`);
      exchange.layers = layers.map(({ directives }) => directives);
      return 500;
    }
    layers.push({ directives: read.directives, folder: path });
  }
  for (const directives of top) {
    for (const { name, args, block = [] } of directives) {
      const kind = name.toLowerCase();
      const pattern =
        kind === 'directorymatch' ? args[0] : kind === 'directory' && args[0] === '~' ? args[1] : undefined;
      if (pattern !== undefined && regex(pattern)?.test(folder) === true)
        layers.push({ directives: block, folder: undefined });
    }
  }
  return undefined;
}

function lastArgs(layers: readonly Layer[], name: string): readonly string[] | undefined {
  for (let index = layers.length - 1; index >= 0; index--) {
    const found = layers[index]?.directives.findLast(isNamed(name));
    if (found !== undefined) return found.args;
  }
  return undefined;
}

function files(exchange: Exchange, layers: Layer[]): void {
  const name = (exchange.filename ?? '').split('/').at(-1) ?? '';
  for (const { directives, folder } of [...layers]) {
    for (const section of directives) {
      const kind = section.name.toLowerCase();
      const [first = '', second] = section.args;
      const pattern = kind === 'filesmatch' ? first : kind === 'files' && first === '~' ? second : undefined;
      const holds =
        pattern === undefined
          ? kind === 'files' && name !== '' && globPattern(first).test(name)
          : regex(pattern)?.test(name) === true;
      if (holds) layers.push({ directives: section.block ?? [], folder });
    }
  }
}
