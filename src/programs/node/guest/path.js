const check = (value, name) => {
  if (typeof value !== 'string') throw require('internal_errors').invalidType(name, 'of type string', value);
};
const normalized = (path, above) => {
  const out = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out[out.length - 1] !== '..') out.pop();
    else if (part !== '..' || above) out.push(part);
  }
  return out.join('/');
};
const path = {
  sep: '/',
  delimiter: ':',
  resolve(...parts) {
    let all = '';
    for (let at = parts.length - 1; at >= -1 && !all.startsWith('/'); at--) {
      const part = at >= 0 ? parts[at] : host('cwd');
      check(part, `paths[${at}]`);
      if (part !== '') all = all === '' ? part : `${part}/${all}`;
    }
    return '/' + normalized(all, false);
  },
  normalize(text) {
    check(text, 'path');
    if (text === '') return '.';
    const absolute = text.startsWith('/');
    const made = normalized(text, !absolute);
    if (made === '') return absolute ? '/' : text.endsWith('/') ? './' : '.';
    return (absolute ? '/' : '') + made + (text.endsWith('/') ? '/' : '');
  },
  isAbsolute: (text) => text.startsWith('/'),
  join(...parts) {
    for (const part of parts) check(part, 'path');
    const joined = parts.filter((part) => part !== '').join('/');
    return joined === '' ? '.' : path.normalize(joined);
  },
  relative(from, to) {
    const a = path.resolve(from).split('/').filter(Boolean);
    const b = path.resolve(to).split('/').filter(Boolean);
    let same = 0;
    while (same < a.length && a[same] === b[same]) same++;
    return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
  },
  dirname(text) {
    check(text, 'path');
    const bare = text.replace(/(?<=.)\/+$/, '');
    const at = bare.lastIndexOf('/');
    return at < 0 ? '.' : at === 0 ? '/' : bare.slice(0, at).replace(/(?<=.)\/+$/, '');
  },
  basename(text, suffix) {
    check(text, 'path');
    const base = text.replace(/\/+$/, '').split('/').pop();
    return suffix && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
  },
  extname(text) {
    check(text, 'path');
    const base = path.basename(text);
    const at = base.lastIndexOf('.');
    return at <= 0 ? '' : base.slice(at);
  },
  parse(text) {
    check(text, 'path');
    const root = text.startsWith('/') ? '/' : '';
    const base = path.basename(text);
    const ext = path.extname(text);
    const dir = base === '' ? root : path.dirname(text);
    return {
      root,
      dir: dir === '.' && !text.startsWith('.') ? '' : dir,
      base,
      ext,
      name: ext ? base.slice(0, -ext.length) : base,
    };
  },
  format: ({ root = '', dir, base, name = '', ext = '' }) => {
    const file = base || name + (ext && !ext.startsWith('.') ? `.${ext}` : ext);
    return dir ? (dir === root ? dir + file : `${dir}/${file}`) : root + file;
  },
  toNamespacedPath: (text) => text,
};
path.posix = path;
path.win32 = path;
module.exports = path;
