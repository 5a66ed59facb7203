import { encode } from '../../../../linux/io/bytes';
import { sha256HexOf } from '../../../../containers/images/digest';
import { familiarString, fullString, withDefaultTag } from '../../../../containers/images/reference';
import { failureText } from '../../../../containers/registry/client';
import { types, type Descriptor, type Platform } from '../../../../containers/registry/manifest';
import { CommandError, type Command, type Invocation } from '../../cli/command';
import { flags } from '../../cli/flags';
import { referenceOf } from '../../cli/pull';
import { fetchManifest, openFor, platformOf } from './remote';

/** A list that is not pushed yet: by reference, what it names. */
type LocalList = Readonly<Record<string, Descriptor>>;

/** `localhost:5000/app:1` as the name of a folder (cli/manifest/store). */
const fileOf = (text: string): string =>
  fullString(withDefaultTag(referenceOf(text)))
    .replaceAll('/', '_')
    .replaceAll(':', '-');

const folderOf = ({ session }: Invocation, list: string): string => `${session.configDir}/manifests/${fileOf(list)}`;

/** What `create` left on the disk. */
export function localList(invocation: Invocation, list: string): LocalList | undefined {
  const { fs } = invocation.process;
  const folder = folderOf(invocation, list);
  const files = fs.readdir(folder);
  if (!files.ok) return undefined;
  return Object.fromEntries(
    files.value.flatMap(({ name }) => {
      const text = fs.readText(`${folder}/${name}`);
      return text.ok ? [[name, JSON.parse(text.value) as Descriptor]] : [];
    }),
  );
}

function write(invocation: Invocation, list: string, name: string, descriptor: Descriptor): void {
  const { fs } = invocation.process;
  const folder = folderOf(invocation, list);
  fs.mkdirAll(folder, 0o755);
  fs.writeFile(`${folder}/${name}`, JSON.stringify(descriptor), 0o644);
}

/** The list as a registry would have it. */
export const shownList = (list: LocalList): object => ({
  schemaVersion: 2,
  mediaType: types.dockerList,
  manifests: Object.values(list).map(({ mediaType, size, digest, platform }) => ({
    mediaType,
    size,
    digest,
    platform,
  })),
});

export const create: Command = {
  use: 'create MANIFEST_LIST MANIFEST [MANIFEST...]',
  short: 'Create a local manifest list for annotating and pushing to a registry',
  experimental: true,
  offline: true,
  flags: flags(`
    -a, --amend | Amend an existing manifest list
    --insecure | Allow communication with an insecure registry
  `),
  operands: [2, Infinity],
  async run(invocation) {
    const [list = '', ...names] = invocation.args;
    if (localList(invocation, list) !== undefined && !invocation.flags.on('amend'))
      throw new CommandError(`refusing to amend an existing manifest list with no --amend flag`);
    for (const name of names) {
      const fetched = await fetchManifest(invocation, name);
      if (fetched.manifest.manifests !== undefined) throw new CommandError(`${name} is a manifest list`);
      const platform = await platformOf(invocation, fetched);
      write(invocation, list, fileOf(name), { ...fetched.descriptor, platform });
    }
    await invocation.out(`Created manifest list ${fullString(withDefaultTag(referenceOf(list)))}\n`);
    return 0;
  },
};

export const annotate: Command = {
  use: 'annotate [OPTIONS] MANIFEST_LIST MANIFEST',
  short: 'Add additional information to a local image manifest',
  experimental: true,
  offline: true,
  flags: flags(`
    --arch string | Set architecture
    --os string | Set operating system
    --os-features strings | Set operating system feature
    --os-version string | Set operating system version
    --variant string | Set architecture variant
  `),
  operands: [2, 2],
  run(invocation) {
    const { args, flags: given } = invocation;
    const [list = '', name = ''] = args;
    const found = localList(invocation, list)?.[fileOf(name)];
    if (found === undefined)
      throw new CommandError(`manifest for image ${name} does not exist in ${familiarString(referenceOf(list))}`);
    const changed: Platform = {
      architecture: given.last('arch') ?? found.platform?.architecture ?? '',
      os: given.last('os') ?? found.platform?.os ?? '',
      ...(given.last('os-version') === undefined ? {} : { 'os.version': given.text('os-version') }),
      ...(given.last('variant') === undefined ? {} : { variant: given.text('variant') }),
    };
    write(invocation, list, fileOf(name), { ...found, platform: changed });
    return Promise.resolve(0);
  },
};

export const pushList: Command = {
  use: 'push [OPTIONS] MANIFEST_LIST',
  short: 'Push a manifest list to a repository',
  experimental: true,
  offline: true,
  flags: flags(`
    --insecure | Allow push to an insecure registry
    -p, --purge | Remove the local manifest list after push
  `),
  operands: [1, 1],
  async run(invocation) {
    const [name = ''] = invocation.args;
    const list = localList(invocation, name);
    const reference = withDefaultTag(referenceOf(name));
    if (list === undefined) throw new CommandError(`${familiarString(reference)} not found`);
    const client = await openFor(invocation, reference);
    const bytes = encode(JSON.stringify(shownList(list), null, '   '));
    const { path, tag = 'latest' } = reference;
    const put = await client.read('PUT', `/v2/${path}/manifests/${tag}`, {
      headers: { 'Content-Type': types.dockerList },
      body: bytes,
      actions: 'pull,push',
    });
    if (!put.ok) throw new CommandError(failureText(put.error));
    if (invocation.flags.on('purge')) invocation.process.fs.removeAll(folderOf(invocation, name));
    await invocation.out(`sha256:${sha256HexOf([bytes])}\n`);
    return 0;
  },
};

export const rm: Command = {
  use: 'rm MANIFEST_LIST [MANIFEST_LIST...]',
  short: 'Delete one or more manifest lists from local storage',
  experimental: true,
  offline: true,
  operands: [1, Infinity],
  run(invocation) {
    for (const name of invocation.args) {
      if (localList(invocation, name) === undefined) throw new CommandError(`No such manifest: ${name}`);
      invocation.process.fs.removeAll(folderOf(invocation, name));
    }
    return Promise.resolve(0);
  },
};
