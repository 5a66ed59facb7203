import type { Directive } from './config';
import type { Exchange } from './exchange';
import { regex } from './glob';

const words: Readonly<Record<string, number>> = { permanent: 301, temp: 302, seeother: 303, gone: 410 };

/** mod_alias: the first Redirect of these that takes the path; its status, with the place to go to in `location`. */
export function redirectOf(directives: readonly Directive[], exchange: Exchange): number | undefined {
  for (const { name, args } of directives) {
    const kind = name.toLowerCase();
    if (!/^redirect(match|temp|permanent)?$/.test(kind)) continue;
    const [first = ''] = args;
    const own = words[first.toLowerCase()] ?? (/^\d{3}$/.test(first) ? Number(first) : undefined);
    const hasStatus = own !== undefined && !kind.endsWith('temp') && !kind.endsWith('permanent');
    const status = hasStatus ? own : kind === 'redirectpermanent' ? 301 : 302;
    const [from = '', to = ''] = hasStatus ? args.slice(1) : args;
    const rest = taken(kind, from, exchange.uri);
    if (rest === undefined) continue;
    if (status < 300 || status > 399) return status;
    const whole =
      kind === 'redirectmatch'
        ? to.replace(/\$(\d)/g, (_, group: string) => rest.groups[Number(group)] ?? '')
        : `${to}${encodeURI(rest.rest)}`;
    const query = exchange.args === undefined || whole.includes('?') ? '' : `?${exchange.args}`;
    exchange.location = whole.startsWith('/') ? exchange.whole(`${whole}${query}`) : `${whole}${query}`;
    return status;
  }
  return undefined;
}

function taken(
  kind: string,
  from: string,
  uri: string,
): { readonly rest: string; readonly groups: readonly (string | undefined)[] } | undefined {
  if (kind === 'redirectmatch') {
    const match = regex(from)?.exec(uri);
    return match === null || match === undefined ? undefined : { rest: '', groups: match };
  }
  if (!uri.startsWith(from)) return undefined;
  const rest = uri.slice(from.length);
  return from.endsWith('/') || rest === '' || rest.startsWith('/') ? { rest, groups: [] } : undefined;
}
