import type { Cli } from '../cli';
import { Failure } from '../errors';
import { kustomized } from '../kustomize/build';
import { toYaml } from '../printers/yaml';
import { expandPath, expandPattern, readFile, type Source } from './files';
import type { BuilderOptions } from './info';
import { readUrl } from './url';

/** The files, addresses and streams that `-f` and `-k` name. `many`: a folder or a pattern gave several. */
export async function sourcesOf(
  cli: Cli,
  { filenames = [], recursive = false, kustomize = '', stream: given }: BuilderOptions,
  failures: Failure[],
): Promise<{ readonly items: readonly Source[]; readonly stream: boolean; readonly many: boolean }> {
  if (kustomize !== '' && filenames.length > 0) failures.push(new Failure('only one of -f or -k can be specified'));
  if (kustomize !== '' && recursive) failures.push(new Failure("the -k flag can't be used with -f or -R"));
  if (failures.length > 0) return { items: [], stream: false, many: false };
  const { fs } = cli.process;
  const items: Source[] = given === undefined ? [] : [given];
  if (kustomize !== '')
    items.push({
      name: kustomize,
      read: async () => {
        const { objects, warnings } = kustomized(cli.process, kustomize);
        for (const warning of warnings) await cli.err(`${warning}\n`);
        return objects.map((object) => toYaml(object)).join('---\n');
      },
    });
  let stream = false;
  let many = false;
  for (const name of filenames) {
    if (name === '-') {
      if (stream) failures.push(new Failure('standard input cannot be used for multiple arguments'));
      stream = true;
      items.push({ name: 'STDIN', read: () => cli.process.stdin.text() });
      continue;
    }
    if (/^https?:\/\//.test(name)) {
      items.push({ name, read: () => readUrl(cli, name) });
      continue;
    }
    try {
      for (const path of expandPattern(fs, name)) {
        const files = expandPath(fs, path, recursive);
        if (files.length === 0 && items.length === 0)
          failures.push(new Failure(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`));
        if (files.length > 1) many = true;
        for (const file of files) items.push({ name: file, read: () => Promise.resolve(readFile(fs, file)) });
      }
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      failures.push(reason);
    }
  }
  return Promise.resolve({ items, stream, many });
}
