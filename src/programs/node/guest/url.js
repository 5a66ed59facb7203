const { coded } = require('internal_errors');
const ports = { 'http:': '80', 'https:': '443', 'ftp:': '21', 'ws:': '80', 'wss:': '443' };
const encode = (text, keep) => text.replace(keep, (char) => encodeURIComponent(char).replace(/'/g, '%27'));
const form = (text) =>
  encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (char) => '%' + char.charCodeAt(0).toString(16).toUpperCase());
const unform = (text) => {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
};
class URLSearchParams {
  #pairs = [];
  #changed;
  constructor(init = '', changed) {
    this.#changed = typeof changed === 'function' ? changed : () => undefined;
    if (typeof init === 'string') {
      for (const part of init.replace(/^\?/, '').split('&')) {
        if (part === '') continue;
        const at = part.indexOf('=');
        this.#pairs.push(at < 0 ? [unform(part), ''] : [unform(part.slice(0, at)), unform(part.slice(at + 1))]);
      }
    } else
      for (const [name, value] of init[Symbol.iterator] ? init : Object.entries(init))
        this.#pairs.push([String(name), String(value)]);
  }
  get size() {
    return this.#pairs.length;
  }
  append(name, value) {
    this.#pairs.push([String(name), String(value)]);
    this.#changed();
  }
  delete(name) {
    this.#pairs = this.#pairs.filter(([each]) => each !== name);
    this.#changed();
  }
  get(name) {
    const found = this.#pairs.find(([each]) => each === name);
    return found ? found[1] : null;
  }
  getAll(name) {
    return this.#pairs.filter(([each]) => each === name).map(([, value]) => value);
  }
  has(name) {
    return this.#pairs.some(([each]) => each === name);
  }
  set(name, value) {
    const at = this.#pairs.findIndex(([each]) => each === name);
    if (at < 0) this.#pairs.push([String(name), String(value)]);
    else {
      this.#pairs[at][1] = String(value);
      this.#pairs = this.#pairs.filter(([each], index) => each !== name || index === at);
    }
    this.#changed();
  }
  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }
  forEach(run) {
    for (const [name, value] of this.#pairs) run(value, name, this);
  }
  *entries() {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys() {
    for (const [name] of this.#pairs) yield name;
  }
  *values() {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${form(name)}=${form(value)}`).join('&');
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    const shown = this.#pairs.map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`);
    return shown.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${shown.join(', ')} }`;
  }
}
const invalid = (input, base) =>
  coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL', { input, ...(base === undefined ? {} : { base }) });
class URL {
  #parts = { protocol: '', username: '', password: '', hostname: '', port: '', pathname: '', search: '', hash: '' };
  #params;
  constructor(input, base) {
    const text = String(input).trim();
    let found = /^([a-z][a-z\d+.-]*:)([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(text);
    if (!found) {
      if (base === undefined) throw invalid(text);
      const from = new URL(base);
      const [, path, search = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text);
      if (path.startsWith('//')) found = [0, from.protocol, path, search, hash];
      else {
        const folder = from.pathname.replace(/[^/]*$/, '');
        const whole = path === '' ? from.pathname : path.startsWith('/') ? path : folder + path;
        const user = from.username ? `${from.username}${from.password ? `:${from.password}` : ''}@` : '';
        found = [
          0,
          from.protocol,
          `//${user}${from.host}${whole}`,
          path === '' && !search ? from.search : search,
          hash,
        ];
      }
    }
    const parts = this.#parts;
    parts.protocol = found[1].toLowerCase();
    const rest = found[2].replaceAll('\\', '/');
    if (rest.startsWith('//') || parts.protocol in ports) {
      const [, authority, path] = /^\/*([^/]*)(.*)$/.exec(
        parts.protocol === 'file:' ? rest.replace(/^\/\//, '//') : rest,
      );
      const where = parts.protocol === 'file:' && rest.startsWith('///') ? ['', rest.slice(2)] : [authority, path];
      const found = /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(where[0]);
      if (
        !found ||
        (found[3] === '' && parts.protocol !== 'file:') ||
        /[\s<>^|%]/.test(found[3]) ||
        Number(found[4] || 0) > 65535
      )
        throw invalid(text, base);
      parts.username = found[1] || '';
      parts.password = found[2] || '';
      parts.hostname = found[3].toLowerCase();
      parts.port = found[4] && found[4] !== ports[parts.protocol] ? String(Number(found[4])) : '';
      const out = [];
      const segments = (where[1] || '/').split('/').slice(1);
      segments.forEach((each, at) => {
        const last = at === segments.length - 1;
        if (each === '..') out.pop();
        if (each === '.' || each === '..') return last ? out.push('') : undefined;
        out.push(each);
      });
      parts.pathname = encode(`/${out.join('/')}`, /[\s"<>`{}^]|[^\x00-\x7f]+/g);
    } else parts.pathname = rest;
    parts.search = found[3] && found[3] !== '?' ? encode(found[3], /[\s"<>']|[^\x00-\x7f]+/g) : '';
    parts.hash = found[4] && found[4] !== '#' ? encode(found[4], /[\s"<>`]|[^\x00-\x7f]+/g) : '';
    this.#params = new URLSearchParams(parts.search, () => {
      const made = this.#params.toString();
      parts.search = made === '' ? '' : `?${made}`;
    });
  }
  static canParse(input, base) {
    try {
      return Boolean(new URL(input, base));
    } catch {
      return false;
    }
  }
  static parse(input, base) {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }
  get searchParams() {
    return this.#params;
  }
  get host() {
    return this.#parts.hostname + (this.#parts.port === '' ? '' : `:${this.#parts.port}`);
  }
  get origin() {
    return this.protocol in ports ? `${this.protocol}//${this.host}` : 'null';
  }
  get href() {
    const { protocol, username, password, pathname, search, hash } = this.#parts;
    const user = username || password ? `${username}${password ? `:${password}` : ''}@` : '';
    return `${protocol}${this.host || protocol === 'file:' ? '//' : ''}${user}${this.host}${pathname}${search}${hash}`;
  }
  $set(name, value) {
    const made = {
      protocol: (text) => text.replace(/:?$/, ':'),
      search: (text) => (text ? `?${text.replace(/^\?/, '')}` : ''),
      hash: (text) => (text ? `#${text.replace(/^#/, '')}` : ''),
      pathname: (text) => text.replace(/^\/?/, '/'),
    }[name];
    this.#parts[name] = made ? made(String(value)) : String(value);
    if (name === 'search') this.#params = new URLSearchParams(this.#parts.search);
  }
  $get(name) {
    return this.#parts[name];
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, options, inspect) {
    const shown = {};
    for (const name of [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'searchParams',
      'hash',
    ])
      shown[name] = this[name];
    return `URL ${inspect(shown, options)}`;
  }
}
for (const name of ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'])
  Object.defineProperty(URL.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.$get(name);
    },
    set(value) {
      this.$set(name, value);
    },
  });
const parse = (text, query) => {
  const found =
    /^(?:([a-z][a-z\d+.-]*:))?(?:\/\/(?:([^@/?#]*)@)?([^/?#:]*)(?::(\d+))?)?([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(text) ||
    [];
  const [, protocol = null, auth = null, hostname, port = null, pathname, search = null, hash = null] = found;
  const raw = search === null ? null : search.slice(1);
  return {
    protocol,
    slashes: text.includes('//') ? true : null,
    auth,
    host: hostname === undefined ? null : hostname + (port ? `:${port}` : ''),
    port,
    hostname: hostname === undefined ? null : hostname,
    hash,
    search,
    query: query ? require('querystring').parse(raw || '') : raw,
    pathname: pathname || (hostname ? '/' : null),
    path: (pathname || (hostname ? '/' : '')) + (search || '') || null,
    href: text,
  };
};
module.exports = {
  URL,
  URLSearchParams,
  parse,
  resolve: (from, to) => new URL(to, new URL(from, 'resolve://')).href.replace(/^resolve:\/\//, ''),
  format: (url) =>
    typeof url === 'string'
      ? url
      : url instanceof URL
        ? url.href
        : `${url.protocol ? url.protocol.replace(/:?$/, '://') : ''}${url.host || url.hostname || ''}${url.port && !url.host ? `:${url.port}` : ''}${url.pathname || ''}${url.search || ''}${url.hash || ''}`,
  fileURLToPath: (url) => decodeURIComponent(String(url.href || url).replace(/^file:\/\//, '')),
  pathToFileURL: (path) => new URL(`file://${encodeURI(require('path').resolve(path))}`),
};
