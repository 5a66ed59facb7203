import type { FileSystem } from '../../../linux/fs/types';
import { encode } from '../../../linux/io/bytes';
import type { Request } from '../../../linux/net/http/message';
import { createRepository } from '../../../programs/git/commands/init';
import { Repository } from '../../../programs/git/repository';
import { advertise, uploadPack } from '../../../programs/git/transport/serve';
import type { TreeEntry } from '../../../programs/git/objects/object';
import { example } from './manifests/examples';
import { exercise } from './manifests/learners';
import type { Page } from './page';
import { projectOf } from './projects';

/** Repositories over HTTP (gitprotocol-http(5), version 0). They are made, on the server's disk, when first asked for. */
export function serveGit(fs: FileSystem, request: Request, repository: string, rest: string, exists: boolean): Page {
  if (!exists || rest.startsWith('/git-receive-pack') || request.url.includes('git-receive-pack')) {
    return {
      status: 401,
      headers: { 'WWW-Authenticate': 'Basic realm="GitHub"' },
      body: exists ? 'Invalid username or token.' : 'Repository not found.',
    };
  }
  const there = open(fs, repository);
  if (rest.startsWith('/info/refs')) {
    if (!request.url.includes('service=git-upload-pack'))
      return { status: 403, body: 'Please upgrade your git client.\n' };
    return { status: 200, type: 'application/x-git-upload-pack-advertisement', body: advertise(there) };
  }
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
  return { status: 200, type: 'application/x-git-upload-pack-result', body: uploadPack(there, body) };
}

const author = 'Bottleship mirror <mirror@bottleship.example>';

function open(fs: FileSystem, name: string): Repository {
  const folder = `/srv/git/${name}.git`;
  const known = Repository.at(fs, folder);
  if (known !== undefined) return known;
  createRepository(fs, folder, { bare: true, branch: 'main' });
  const repository = new Repository(fs, folder, undefined);
  const { objects, refs } = repository;
  let parents: readonly string[] = [];
  const commit = (files: Readonly<Record<string, string>>, message: string, seconds: number): void => {
    const person = `${author} ${seconds} +0000`;
    const tree = writeFolder(repository, files);
    parents = [objects.writeCommit({ tree, parents, author: person, committer: person, message: `${message}\n` })];
  };
  const readme = { 'README.md': `# ${name.split('/')[1] ?? name}\n\nA stand-in of the lab's mirror for ${name}.\n` };
  commit(readme, 'Initial commit', 1_735_689_600);
  commit({ ...readme, ...contentsOf(name) }, 'Add examples', 1_736_294_400);
  const [tip = ''] = parents;
  refs.write('refs/heads/main', tip);
  const version = projectOf(name)?.version;
  if (version !== undefined) refs.write(`refs/tags/${version}`, tip);
  return repository;
}

/** What stands in a repository besides its README: manifests to apply, and something to build. */
function contentsOf(name: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {
    Dockerfile: 'FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/index.html\n',
    'index.html': `<!doctype html>\n<title>${name}</title>\n<h1>Hello from ${name}</h1>\n`,
    'k8s/deployment.yaml': example('application/deployment.yaml') ?? '',
    'k8s/service.yaml': exercise('nginx-service') ?? '',
    'docker-compose.yml': 'services:\n  web:\n    image: nginx:1.27\n    ports:\n      - "8080:80"\n',
  };
  if (/^kubernetes\/(examples|website)$/.test(name)) {
    for (const part of [
      'frontend-deployment',
      'frontend-service',
      'redis-master-deployment',
      'redis-master-service',
      'redis-slave-deployment',
      'redis-slave-service',
    ]) {
      files[`guestbook/${part}.yaml`] = example(`application/guestbook/${part}.yaml`) ?? '';
    }
  }
  return files;
}

function writeFolder(
  { objects }: Pick<Repository, 'objects'>,
  files: Readonly<Record<string, string>>,
  below = '',
): string {
  const entries = new Map<string, TreeEntry>();
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith(below)) continue;
    const [name = '', more] = path.slice(below.length).split('/');
    if (more === undefined) entries.set(name, { name, mode: 0o100644, oid: objects.writeBlob(encode(text)) });
    else if (!entries.has(name))
      entries.set(name, { name, mode: 0o40000, oid: writeFolder({ objects }, files, `${below}${name}/`) });
  }
  return objects.writeTree([...entries.values()]);
}
