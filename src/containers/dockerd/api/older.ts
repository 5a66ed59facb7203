import { isLess } from './versions';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of container.Config that an image's configuration once had, too. */
const ofContainers: Fields = {
  AttachStderr: false,
  AttachStdin: false,
  AttachStdout: false,
  Domainname: '',
  Hostname: '',
  Image: '',
  OpenStdin: false,
  StdinOnce: false,
  Tty: false,
};

const emptyConfig: Fields = {
  Hostname: '',
  Domainname: '',
  User: '',
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Image: '',
  Volumes: null,
  WorkingDir: '',
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/** An image as clients of older versions get it inspected (api/server/router/image). */
export function olderImage(image: Fields, version: string): Fields {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(image)) {
    fields[name] = name === 'Config' && isLess(version, '1.50') ? olderConfig(value as Fields) : value;
    if (name === 'Created' && isLess(version, '1.45')) fields['ContainerConfig'] = emptyConfig;
    if (name === 'Size' && isLess(version, '1.44')) fields['VirtualSize'] = value;
  }
  return fields;
}

const olderConfig = (config: Fields): Fields =>
  Object.fromEntries(Object.entries({ ...ofContainers, ...config }).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** An entry of GET /images/json for older clients. */
export function olderSummary(summary: Fields, version: string): Fields {
  const fields: Record<string, unknown> = { ...summary };
  if (isLess(version, '1.51')) fields['Containers'] = -1;
  const [tags, digests] = [summary['RepoTags'], summary['RepoDigests']];
  const nameless = Array.isArray(tags) && Array.isArray(digests) && tags.length === 0 && digests.length === 0;
  if (isLess(version, '1.43')) {
    const orNull = (list: unknown): unknown => (Array.isArray(list) && list.length === 0 ? null : list);
    fields['RepoTags'] = nameless ? ['<none>:<none>'] : orNull(tags);
    fields['RepoDigests'] = nameless ? ['<none>@<none>'] : orNull(digests);
  }
  if (isLess(version, '1.44')) fields['VirtualSize'] = summary['Size'];
  return fields;
}
