import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export interface Clients {
  /** Path of a kubectl 1.30 to 1.33. */
  readonly kubectl: string | undefined;
  readonly docker: string | undefined;
}

/** Real clients on this machine: `KUBECTL=`, else `kubectl.1.33` beside the kubectl on `PATH`, else that kubectl. */
export function findClients(env: NodeJS.ProcessEnv = process.env): Clients {
  const found = onPath('kubectl', env);
  const beside = found === undefined ? [] : [join(dirname(realpathSync(found)), 'kubectl.1.33'), found];
  const kubectl = [env['KUBECTL'], ...beside].find((path) => path !== undefined && existsSync(path) && isRight(path));
  return { kubectl, docker: onPath('docker', env) };
}

/** The minor versions of kubectl that a cluster of this version supports, where they stand beside the one on `PATH`. */
export function kubectlVersions(env: NodeJS.ProcessEnv = process.env): readonly (readonly [string, string])[] {
  const found = onPath('kubectl', env);
  if (found === undefined) return [];
  const folder = dirname(realpathSync(found));
  return ['1.30', '1.31', '1.32', '1.33']
    .map((version) => [version, join(folder, `kubectl.${version}`)] as const)
    .filter(([, path]) => existsSync(path));
}

function onPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function isRight(path: string): boolean {
  const { stdout } = spawnSync(path, ['version', '--client'], { encoding: 'utf8', timeout: 20_000 });
  return /Client Version: v1\.3[0-3]\./.test(stdout ?? '');
}
