import { sha256Hex } from '../../containers/images/digest';
import type { FileSystem } from '../../linux/fs/types';
import { pipePath } from '../../programs/docker/pipe';

/** What Docker Desktop keeps in the home of its user. */
export const desktopFolder = '/root/.docker/desktop';
export const desktopSocket = `${desktopFolder}/docker.sock`;
export const windowsPipe = pipePath('docker_engine');

const contexts: readonly (readonly [name: string, description: string, host: string])[] = [
  ['desktop-linux', 'Docker Desktop', `unix://${desktopSocket}`],
  ['windows', 'Windows containers', 'npipe:////./pipe/docker_engine'],
];

/** The contexts that Docker Desktop writes when it is installed. The one in use stays `default`. */
export function writeContexts(fs: FileSystem): void {
  for (const [Name, Description, Host] of contexts) {
    const folder = `/root/.docker/contexts/meta/${sha256Hex(Name)}`;
    fs.mkdirAll(folder);
    const Endpoints = { docker: { Host, SkipTLSVerify: false } };
    fs.writeFile(`${folder}/meta.json`, JSON.stringify({ Name, Metadata: { Description }, Endpoints }));
  }
}
