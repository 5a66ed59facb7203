import type { Process } from '../../../linux/process/types';
import type { Config, Directive } from './config';
import { hasModule, known, type Known } from './directives';
import { regex } from './glob';

/** A fault of the configuration: `text` is the whole message. */
export interface Fault {
  readonly text: string;
  readonly directive?: Directive;
}

/** Groups of directives that `AllowOverride` grants, by their letters in the table. */
const groups: Readonly<Record<string, string>> = {
  authconfig: 'a',
  limit: 'l',
  options: 'o',
  fileinfo: 'f',
  indexes: 'i',
  all: 'alofi',
  none: '',
};

/** What a `.htaccess` may say under these words of AllowOverride. */
export const overridesOf = (args: readonly string[]): string =>
  args.map((word) => groups[word.toLowerCase().split('=')[0] ?? ''] ?? '').join('');

type Place = 'server' | 'vhost' | 'directory' | 'location' | 'files' | 'htaccess';
const paths = new Set<Place>(['directory', 'location', 'files']);
/** What may stand at a place: the letters of the table. */
const allowed = (place: Place, overrides: string): string =>
  place === 'htaccess' ? overrides : paths.has(place) ? 'Aalofi' : place === 'vhost' ? 'Rofi' : 'GRofi';

/** ap_process_config_tree: the first fault of a tree of directives. */
export function faultOf(
  process: Process,
  config: Config,
  directives: readonly Directive[] = config.directives,
  place: Place = 'server',
  overrides = '',
): Fault | undefined {
  for (const directive of directives) {
    const fault = faultAt(process, config, directive, place, overrides);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultAt(
  process: Process,
  config: Config,
  directive: Directive,
  place: Place,
  overrides: string,
): Fault | undefined {
  const { name, block } = directive;
  const entry = known.get(name.toLowerCase());
  const shown = block === undefined ? name : `<${name}`;
  const is = (text: string): Fault => ({ text, directive });
  if (entry === undefined || (entry.shape === 'section') !== (block !== undefined) || !hasModule(config.modules, entry))
    return is(
      `Invalid command '${shown}', perhaps misspelled or defined by a module not included in the server configuration`,
    );
  const here = allowed(place, overrides);
  if (![...entry.where].some((letter) => here.includes(letter))) {
    if (entry.where === 'G' && place === 'vhost') return is(`${shown} cannot occur within <VirtualHost> section`);
    if (block !== undefined && paths.has(place)) return is(`${shown} not allowed in <${sectionName(place)}> context`);
    return is(`${shown} not allowed here`);
  }
  if (block !== undefined) return section(process, config, directive, place, overrides);
  const text = arity(entry, directive) ?? special(process, config, directive, entry, place);
  return text === undefined ? undefined : is(text);
}

const sectionName = (place: Place): string => place.charAt(0).toUpperCase() + place.slice(1);

function section(
  process: Process,
  config: Config,
  directive: Directive,
  place: Place,
  overrides: string,
): Fault | undefined {
  const { name, raw, args, block = [] } = directive;
  if (!raw.includes('>')) return { text: `<${name}> directive missing closing '>'`, directive };
  const kind = name.toLowerCase();
  if (args.length === 0 && !['requireall', 'requireany', 'requirenone', 'else'].includes(kind))
    return { text: `<${name}> directive requires additional arguments`, directive };
  const pattern = kind.endsWith('match') ? args[0] : args[0] === '~' ? args[1] : undefined;
  if (pattern !== undefined && regex(pattern) === undefined) return { text: 'Regex could not be compiled', directive };
  const inner: Place = kind.startsWith('directory')
    ? 'directory'
    : kind.startsWith('location') || kind.startsWith('proxy')
      ? 'location'
      : kind.startsWith('files') || kind === 'if' || kind.startsWith('else')
        ? place === 'htaccess'
          ? 'htaccess'
          : 'files'
        : kind === 'virtualhost'
          ? 'vhost'
          : place;
  const fault = faultOf(process, config, block, inner, overrides);
  if (fault !== undefined) return fault;
  if (kind === 'directory' && place !== 'htaccess') return undefined;
  const negative = block.find((one) => one.name.toLowerCase() === 'require' && one.args[0]?.toLowerCase() === 'not');
  if (negative !== undefined && kind === 'requireany')
    return { text: 'negative Require directive has no effect in <RequireAny> directive', directive };
  return undefined;
}

/** How many words stand there, and how many should. */
function arity({ name, shape, help }: Known & { name: string }, { args }: Directive): string | undefined {
  const tail = help === '' ? '' : `, ${help}`;
  const count = args.length;
  switch (shape) {
    case '0':
      return count === 0 ? undefined : `${name} takes no arguments`;
    case '1':
      return count === 1 ? undefined : `${name} takes one argument${tail}`;
    case '2':
      return count === 2 ? undefined : `${name} takes two arguments${tail}`;
    case '12':
      return count === 1 || count === 2 ? undefined : `${name} takes 1-2 arguments${tail}`;
    case '23':
      return count === 2 || count === 3 ? undefined : `${name} takes two or three arguments${tail}`;
    case '123':
      return count >= 1 && count <= 3 ? undefined : `${name} takes one, two or three arguments${tail}`;
    case '3':
      return count === 3 ? undefined : `${name} takes three arguments${tail}`;
    case '13':
      return count === 1 || count === 3 ? undefined : `${name} takes one or three arguments${tail}`;
    case 'iterate':
      return count > 0 ? undefined : `${name} requires at least one argument${tail}`;
    case 'iterate2':
      return count > 1 ? undefined : `${name} requires at least two arguments${tail}`;
    case 'flag':
      return count === 1 && /^(on|off)$/i.test(args[0] ?? '') ? undefined : `${name} must be On or Off`;
    default:
      return undefined;
  }
}

const levels = /^(\w+:)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])$/i;
const options =
  /^[+-]?(All|None|Indexes|Includes|IncludesNOEXEC|FollowSymLinks|SymLinksIfOwnerMatch|ExecCGI|MultiViews)$/i;
const actions = /^(add|set|setifempty|append|merge|unset|echo|note|edit\*?)$/i;
const rewriteFlags =
  /^(B|C|chain|CO|cookie|DPI|discardpath|E|env|END|F|forbidden|G|gone|H|handler|L|last|N|next|NC|nocase|NE|noescape|NS|nosubreq|P|proxy|PT|passthrough|QSA|qsappend|QSD|qsdiscard|QSL|qslast|R|redirect|S|skip|T|type|BNP|BCTLS|BNE|UnsafeAllow3F|UnsafePrefixStat|UNC)(=.*)?$/i;

/** What single directives say of their words. */
function special(
  process: Process,
  config: Config,
  { name, args, raw }: Directive,
  entry: Known,
  place: Place,
): string | undefined {
  const [first = '', second, third] = args;
  const folder = (path: string): boolean => {
    const stat = process.fs.stat(path.startsWith('/') ? path : `${config.root}/${path}`);
    return stat.ok && stat.value.type === 'directory';
  };
  switch (name.toLowerCase()) {
    case 'documentroot':
      return place === 'vhost' || folder(first)
        ? undefined
        : `DocumentRoot '${first.startsWith('/') ? first : `${config.root}/${first}`}' is not a directory, or is not readable`;
    case 'listen':
      if (args.length < 1 || args.length > 2) return 'Listen requires 1 or 2 arguments.';
      return /(^|:)\d+$/.test(first) ? undefined : 'Port must be specified';
    case 'require':
      return requirement(args);
    case 'options': {
      const bad = args.find((word) => !options.test(word));
      if (bad !== undefined) return `Illegal option ${bad.replace(/^[+-]/, '')}`;
      const signed = args.filter((word) => /^[+-]/.test(word)).length;
      return signed === 0 || signed === args.length
        ? undefined
        : 'Either all Options must start with + or -, or no Option may.';
    }
    case 'allowoverride': {
      const bad = args.find((word) => groups[word.toLowerCase().split('=')[0] ?? ''] === undefined);
      return bad === undefined ? undefined : `Illegal override option ${bad}`;
    }
    case 'redirect':
    case 'redirectmatch':
    case 'redirecttemp':
    case 'redirectpermanent':
      return redirection(name, args);
    case 'errordocument':
      return /^[45]\d\d$/.test(first) ? undefined : `Unsupported HTTP response code ${first}`;
    case 'rewriterule':
    case 'rewritecond': {
      if (args.length < 2 || args.length > 3) return `${name}: bad argument line '${raw}'`;
      if (name.toLowerCase() === 'rewritecond' && /^!?(-|[<>=])/.test(second ?? '')) return undefined;
      const pattern = (name.toLowerCase() === 'rewriterule' ? first : (second ?? '')).replace(/^!/, '');
      if (regex(pattern) === undefined) return `${name}: cannot compile regular expression '${pattern}'`;
      if (third === undefined) return undefined;
      if (!/^\[.*\]$/.test(third)) return `${name}: bad flag delimiters`;
      const wrong = third
        .slice(1, -1)
        .split(',')
        .map((flag) => flag.trim())
        .find((flag) => !rewriteFlags.test(flag) && !/^(OR|ornext|NV|novary)$/i.test(flag));
      return wrong === undefined ? undefined : `${name}: unknown flag '${wrong.split('=')[0] ?? ''}'`;
    }
    case 'proxypass':
    case 'proxypassmatch':
      if (place !== 'location' && args.length < 2)
        return 'ProxyPass|ProxyPassMatch needs a path when not defined in a location';
      if (place === 'location' && args.length > 1 && first.startsWith('/') && second?.includes('://') === true)
        return 'ProxyPass|ProxyPassMatch can not have a path when defined in a location';
      return undefined;
    case 'header':
    case 'requestheader': {
      const given = /^(always|onsuccess|early)$/i.test(first) ? (second ?? '') : first;
      return actions.test(given)
        ? undefined
        : "first argument must be 'add', 'set', 'setifempty', 'append', 'merge', 'unset', 'echo', 'note', 'edit', or 'edit*'.";
    }
    case 'loglevel':
      return args.every((word) => levels.test(word))
        ? undefined
        : 'Log level keyword must be one of emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8';
    case 'servertokens':
      return /^(prod|productonly|major|minor|min|minimal|os|full)$/i.test(first)
        ? undefined
        : "ServerTokens takes 1 argument: 'Prod(uctOnly)' | 'Major' | 'Minor' | 'Min(imal)' | 'OS' | 'Full'";
    case 'sslcertificatefile':
    case 'sslcertificatekeyfile':
      return process.fs.stat(first.startsWith('/') ? first : `${config.root}/${first}`).ok
        ? undefined
        : `${name}: file '${first.startsWith('/') ? first : `${config.root}/${first}`}' does not exist or is empty`;
    default:
      return entry.shape === 'raw' && args.length === 0 && /^(directoryindex|rewritebase)$/i.test(name)
        ? `${name} requires at least one argument, ${entry.help}`
        : undefined;
  }
}

function requirement(args: readonly string[]): string | undefined {
  const [kind = '', what] = args[0]?.toLowerCase() === 'not' ? args.slice(1) : args;
  switch (kind.toLowerCase()) {
    case 'all':
      return /^(granted|denied)$/i.test(what ?? '')
        ? undefined
        : "Argument for 'Require all' must be 'granted' or 'denied'";
    case 'ip':
      return what === undefined ? "'require ip' requires an argument" : undefined;
    case 'valid-user':
    case 'user':
    case 'group':
    case 'file-group':
    case 'host':
    case 'forward-dns':
    case 'local':
    case 'method':
    case 'env':
    case 'expr':
      return undefined;
    default:
      return `Unknown Authz provider: ${kind}`;
  }
}

const statuses = /^(permanent|temp|seeother|gone|[1-5]\d\d)$/i;

function redirection(name: string, args: readonly string[]): string | undefined {
  const kind = name.toLowerCase();
  const [first = '', second, third] = args;
  if (kind === 'redirect' || kind === 'redirectmatch') {
    if (args.length === 3 && !statuses.test(first)) return 'Redirect: invalid first argument (of three)';
    const status = statuses.test(first) ? first.toLowerCase() : undefined;
    const url = status === undefined ? second : third;
    const needed = status === undefined || /^(permanent|temp|seeother|3\d\d)$/.test(status);
    if (url === undefined) return needed ? 'URL to redirect to is missing' : undefined;
    if (!needed) return 'Redirect URL not valid for this status';
    return kind === 'redirect' && !/^([a-z][\w+.-]*:|\/)/i.test(url) ? 'Redirect to non-URL' : undefined;
  }
  return second === undefined ? 'URL to redirect to is missing' : undefined;
}
