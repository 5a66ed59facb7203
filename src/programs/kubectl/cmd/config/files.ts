import type { Cli } from '../../cli';
import { Failure } from '../../errors';
import { goErrno } from '../../rest/kubeconfig';
import { base64 } from '../create/base64';

/** A file's content as base64, or its absolute path. */
export function certificate(cli: Cli, name: string, embed: boolean): Readonly<Record<string, unknown>> {
  const path = cli.flags.string(name);
  const absolute = path.startsWith('/') ? path : `${cli.process.cwd}/${path}`;
  if (!embed) return { [name]: absolute, [`${name}-data`]: undefined };
  const read = cli.process.fs.readFile(path);
  return { [name]: undefined, [`${name}-data`]: read.ok ? base64(read.value) : undefined };
}

/** `--embed-certs` needs files that are there. */
export function assertFile(cli: Cli, name: string): void {
  const path = cli.flags.string(name);
  const found = cli.process.fs.stat(path);
  if (!found.ok)
    throw new Failure(`could not stat ${name} file ${path}: stat ${path}: ${goErrno(found.error.message)}`);
}
