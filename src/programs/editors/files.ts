import type { Process } from '../../linux/process/types';
import type { Files } from './vi/types';

/** A process's files, for an editor. */
export function filesOf(process: Process): Files {
  const { fs } = process;
  const absolute = (path: string): string =>
    path.startsWith('~') ? `${process.env.get('HOME') ?? ''}${path.slice(1)}` : path;
  return {
    read(name) {
      const path = absolute(name);
      const stat = fs.stat(path);
      if (!stat.ok)
        return stat.error.code === 'ENOENT' || stat.error.code === 'ENOTDIR'
          ? { missing: true }
          : { error: stat.error.message };
      if (stat.value.type === 'directory') return { error: 'is a directory' };
      const text = fs.readText(path);
      if (!text.ok) return { error: text.error.message };
      return { text: text.value, readOnly: !fs.access(path, { write: true }).ok };
    },
    write(name, text, { append, force }) {
      const path = absolute(name);
      const stat = fs.stat(path);
      if (stat.ok && stat.value.type === 'directory') return 'is a directory';
      const put = (): ReturnType<typeof fs.writeFile> =>
        append ? fs.appendFile(path, text) : fs.writeFile(path, text);
      let written = put();
      if (
        !written.ok &&
        force &&
        stat.ok &&
        written.error.code === 'EACCES' &&
        fs.chmod(path, stat.value.mode | 0o200).ok
      ) {
        // The owner may: the mode is given back afterwards, as vim does.
        written = put();
        fs.chmod(path, stat.value.mode);
      }
      return written.ok ? undefined : written.error.message;
    },
    exists: (name) => fs.stat(absolute(name)).ok,
    complete(prefix) {
      const slash = prefix.lastIndexOf('/') + 1;
      const [folder, begin] = [prefix.slice(0, slash), prefix.slice(slash)];
      const entries = fs.readdir(folder === '' ? '.' : absolute(folder));
      if (!entries.ok) return [];
      return entries.value
        .filter(({ name }) => name.startsWith(begin) && (begin.startsWith('.') || !name.startsWith('.')))
        .map(({ name, type }) => `${folder}${name}${type === 'directory' ? '/' : ''}`)
        .sort();
    },
    expand: (path) =>
      path === '.' ? process.cwd : absolute(path).replace(/\$(\w+)/g, (_, name: string) => process.env.get(name) ?? ''),
  };
}
