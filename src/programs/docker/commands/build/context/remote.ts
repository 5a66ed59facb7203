import { readBody } from '../../../../../linux/net/http/codec';
import { request } from '../../../../../linux/net/http/client';
import { goFailureText } from '../../../../../linux/net/http/go-text';
import type { Process } from '../../../../../linux/process/types';
import { CommandError } from '../../../cli/command';

/** A repository's place: `URL#REF:DIRECTORY` (moby/buildkit: gitutil). */
interface GitSource {
  readonly url: string;
  readonly ref: string;
  readonly directory: string;
}

/** Whether a context is a repository and not a single file. */
export function gitSource(context: string): GitSource | undefined {
  const [address = '', fragment = ''] = context.split('#');
  const isGit =
    /^(git|ssh):\/\//.test(address) ||
    /^github\.com\//.test(address) ||
    /^[\w.-]+@[\w.-]+:/.test(address) ||
    /^https?:\/\/.*\.git$/.test(address);
  if (!isGit) return undefined;
  const [ref = '', directory = ''] = fragment.split(':');
  return { url: address.startsWith('github.com/') ? `https://${address}` : address, ref, directory };
}

/** What is at an HTTP URL. */
export async function download(process: Process, url: string): Promise<Uint8Array> {
  const sent = await request(process, { url });
  if (!sent.ok)
    throw new CommandError(`unable to download remote context ${url}: Get "${url}": ${goFailureText(sent.error)}`);
  const bytes = await readBody(sent.value.body);
  const { status, line } = sent.value;
  if (status < 400) return bytes;
  throw new CommandError(
    `unable to download remote context ${url}: failed to GET ${url} with status ${line.replace(/^\S+ /, '')}: ${new TextDecoder().decode(bytes).trim()}`,
  );
}

/** Clones a repository into a folder of its own; the result is where the context is, and how it is removed. */
export async function clone(
  process: Process,
  { url, ref, directory }: GitSource,
): Promise<{ readonly path: string; readonly remove: () => void }> {
  const git = process.which('git');
  if (git === undefined)
    throw new CommandError(`unable to find 'git': exec: "git": executable file not found in $PATH`);
  const folder = `/tmp/docker-build-git${process.random.string(9, '0123456789')}`;
  const remove = (): void => void process.fs.removeAll(folder);
  const run = async (...args: string[]): Promise<void> => {
    const child = process.spawn({ file: git, argv: ['git', ...args] });
    if (!child.ok)
      throw new CommandError(`unable to 'git clone' to temporary context directory: ${child.error.message}`);
    const status = await child.value.wait();
    if (status.kind === 'exited' && status.code === 0) return;
    remove();
    throw new CommandError(
      `unable to 'git clone' to temporary context directory: error fetching: exit status ${status.kind === 'exited' ? status.code : 1}`,
    );
  };
  await run('clone', '--quiet', url, folder);
  if (ref !== '') await run('-C', folder, 'checkout', '--quiet', ref);
  return { path: directory === '' ? folder : `${folder}/${directory}`, remove };
}
