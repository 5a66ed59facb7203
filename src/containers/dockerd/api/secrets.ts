import type { Response } from '../../../linux/net/http/message';
import type { FileReference, FileSpec, Service, StoredFile } from '../../swarm/objects';
import { findIn, Refused, type Store } from '../../swarm/store';
import { checkVersion, filtered, swarmOf, tellSwarm } from './swarm-common';
import { json, noContent, readJson, type Call, type Route } from './respond';

/** Secrets and configs differ in little: whether their contents are told, how long they may be. */
interface Kind {
  readonly name: 'secret' | 'config';
  readonly objects: (store: Store) => Map<string, StoredFile>;
  readonly used: (service: Service) => readonly FileReference[];
  readonly idOf: (reference: FileReference) => string | undefined;
  readonly shown: (spec: FileSpec) => FileSpec;
  readonly most: number;
}

const secrets: Kind = {
  name: 'secret',
  objects: ({ secrets: all }) => all,
  used: ({ Spec }) => Spec.TaskTemplate.ContainerSpec?.Secrets ?? [],
  idOf: ({ SecretID }) => SecretID,
  shown: ({ Data: _, ...spec }) => spec,
  most: 500 * 1024,
};

const configs: Kind = {
  name: 'config',
  objects: ({ configs: all }) => all,
  used: ({ Spec }) => Spec.TaskTemplate.ContainerSpec?.Configs ?? [],
  idOf: ({ ConfigID }) => ConfigID,
  shown: (spec) => spec,
  most: 1000 * 1024,
};

function routesOf(kind: Kind): readonly Route[] {
  const { name } = kind;
  const shown = (file: StoredFile): object => ({ ...file, Spec: kind.shown(file.Spec) });
  const find = (call: Call): StoredFile => {
    const text = call.params[0] ?? '';
    const found = findIn(kind.objects(swarmOf(call).store), text, ({ Spec }) => Spec.Name);
    if (found === undefined) throw new Refused(404, `${name} ${text} not found`);
    return found;
  };
  const create = async (call: Call): Promise<Response> => {
    const { store } = swarmOf(call);
    const spec = await readJson<FileSpec>(call);
    const { Name = '', Labels = {}, Data = '' } = spec ?? {};
    if (!/^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/.test(Name) || Name.length > 64)
      throw new Refused(
        400,
        `rpc error: code = InvalidArgument desc = invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]`,
      );
    const size = atob(Data).length;
    if (size > kind.most || (size === 0 && spec?.Driver === undefined))
      throw new Refused(
        400,
        `rpc error: code = InvalidArgument desc = ${name} data must be larger than 0 and less than ${kind.most} bytes`,
      );
    if ([...kind.objects(store).values()].some(({ Spec }) => Spec.Name === Name))
      throw new Refused(409, `rpc error: code = AlreadyExists desc = ${name} ${Name} already exists`);
    const file: StoredFile = { ...store.meta(), Spec: { ...spec, Name, Labels, Data } };
    kind.objects(store).set(file.ID, file);
    tellSwarm(call, name, 'create', file.ID, { name: Name });
    return json({ ID: file.ID }, 201);
  };
  const remove = (call: Call): Response => {
    const { store } = swarmOf(call);
    const file = find(call);
    const users = [...store.services.values()].filter((service) =>
      kind.used(service).some((reference) => kind.idOf(reference) === file.ID),
    );
    if (users.length > 0)
      throw new Refused(
        400,
        `rpc error: code = InvalidArgument desc = ${name} '${file.Spec.Name}' is in use by the following service${users.length === 1 ? '' : 's'}: ${users.map(({ Spec }) => Spec.Name).join(', ')}`,
      );
    kind.objects(store).delete(file.ID);
    tellSwarm(call, name, 'remove', file.ID, { name: file.Spec.Name });
    return noContent();
  };
  const update = async (call: Call): Promise<Response> => {
    const { store } = swarmOf(call);
    const file = find(call);
    const spec = await readJson<FileSpec>(call);
    checkVersion(call, file);
    if (spec !== undefined) file.Spec = { ...file.Spec, Labels: spec.Labels };
    store.touch(file);
    return noContent(200);
  };
  const list = (call: Call): Response =>
    json(
      filtered(
        call,
        kind.objects(swarmOf(call).store).values(),
        {
          name: ({ Spec }, value) => Spec.Name.startsWith(value),
          names: ({ Spec }, value) => Spec.Name === value,
        },
        ({ Spec }) => Spec.Labels,
      ).map(shown),
    );
  return [
    ['GET', new RegExp(`^/${name}s$`), list],
    ['POST', new RegExp(`^/${name}s/create$`), create],
    ['GET', new RegExp(`^/${name}s/([^/]+)$`), (call) => json(shown(find(call)))],
    ['DELETE', new RegExp(`^/${name}s/([^/]+)$`), remove],
    ['POST', new RegExp(`^/${name}s/([^/]+)/update$`), update],
  ];
}

export const secretRoutes = routesOf(secrets);
export const fileRoutesOfConfigs = routesOf(configs);
