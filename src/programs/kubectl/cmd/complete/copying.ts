import { Directive, files, type Completions } from '../../../cobra/directives';
import type { Complete } from './resources';

const open = (values: readonly string[]): Completions => ({ values, directive: Directive.noSpace });

/** `cp`: pods with a colon, namespaces with a slash, local paths. Source: kubectl cmd/cp. */
export const copying: Complete = async (objects, args, wanted) => {
  if (args.length > 0 || wanted.includes(':')) return open([]);
  if (/^[./]/.test(wanted)) return files;
  const slash = wanted.indexOf('/');
  if (slash >= 0) {
    const namespace = wanted.slice(0, slash);
    const pods = await objects.names('pod', wanted.slice(slash + 1), namespace);
    return open(pods.map((pod) => `${namespace}/${pod}:`));
  }
  const namespaces = (await objects.names('namespace', wanted)).map((name) => `${name}/`);
  const pods = (await objects.names('pod', wanted)).map((name) => `${name}:`);
  const local = wanted === '' ? ['./', '/'] : localPaths(objects.factory.process.fs.readdir('.'), wanted);
  return open([...namespaces, ...pods, ...local]);
};

type Entries = ReturnType<Parameters<Complete>[0]['factory']['process']['fs']['readdir']>;

const localPaths = (entries: Entries, wanted: string): readonly string[] =>
  entries.ok
    ? entries.value
        .filter(({ name }) => name.startsWith(wanted))
        .map(({ name, type }) => (type === 'directory' ? `${name}/` : name))
        .toSorted()
    : [];
