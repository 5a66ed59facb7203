import { ComposeError } from '../cli/error';
import { networkHash } from '../load/hash';
import type { NetworkConfig, Project } from '../load/types';
import { query, version } from './api';
import { listContainers } from './containers';
import { labels } from './labels';
import { step, type Session } from './session';
import { stopServices } from './stop';

interface Network {
  readonly Id: string;
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** Makes the project's networks that are missing; the ids by key. */
export async function ensureNetworks(session: Session, project: Project): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [key, network] of Object.entries(project.networks))
    ids.set(
      key,
      await (network.external === true ? external(session, network) : ensure(session, project, key, network)),
    );
  return ids;
}

const byName = async ({ api }: Session, name: string): Promise<readonly Network[]> =>
  (
    await api.send<Network[]>('GET', `/networks${query({ filters: JSON.stringify({ name: { [name]: true } }) })}`)
  ).filter((network) => network.Name === name);

async function external(session: Session, { name }: NetworkConfig): Promise<string> {
  const [found, ...more] = await byName(session, name);
  if (more.length > 0)
    throw new ComposeError(
      `multiple networks with name "${name}" were found. Use network ID as \`name\` to avoid ambiguity`,
    );
  const id = found?.Id ?? (await session.api.find<Network>(`/networks/${encodeURIComponent(name)}`))?.Id;
  if (id === undefined) throw new ComposeError(`network ${name} declared as external, but could not be found`);
  return id;
}

async function ensure(session: Session, project: Project, key: string, network: NetworkConfig): Promise<string> {
  const { api, warnings } = session;
  const { name } = network;
  const hash = networkHash(network);
  let dangling: readonly string[] = [];
  const found = await api.find<Network>(`/networks/${encodeURIComponent(name)}`);
  if (found !== undefined && (found.Name === name || found.Id === name)) {
    const has = found.Labels ?? {};
    const owner = has[labels.project];
    const use = 'Set `external: true` to use an existing network';
    if (owner === undefined) warnings.add(`a network with name ${name} exists but was not created by compose.\n${use}`);
    else if (owner !== project.name)
      warnings.add(`a network with name ${name} exists but was not created for project "${project.name}".\n${use}`);
    if (has[labels.network] !== key)
      throw new ComposeError(
        `network ${name} was found but has incorrect label ${labels.network} set to "${has[labels.network] ?? ''}" (expected: "${key}")`,
      );
    const actual = has[labels.configHash];
    if (actual === undefined || actual === hash) return found.Id;
    dangling = await removeDiverged(session, project, key, network);
  } else await byName(session, name);
  const { ipam } = network;
  const body = {
    Driver: network.driver ?? '',
    Scope: '',
    ...(network.enable_ipv4 === undefined ? {} : { EnableIPv4: network.enable_ipv4 }),
    ...(network.enable_ipv6 === undefined ? {} : { EnableIPv6: network.enable_ipv6 }),
    IPAM:
      ipam === undefined
        ? null
        : {
            Driver: ipam.driver ?? '',
            Options: null,
            Config: (ipam.config ?? []).map((pool) => ({
              ...(pool.subnet === undefined ? {} : { Subnet: pool.subnet }),
              ...(pool.ip_range === undefined ? {} : { IPRange: pool.ip_range }),
              ...(pool.gateway === undefined ? {} : { Gateway: pool.gateway }),
              ...(pool.aux_addresses === undefined ? {} : { AuxiliaryAddresses: pool.aux_addresses }),
            })),
          },
    Internal: network.internal === true,
    Attachable: network.attachable === true,
    Ingress: false,
    ConfigOnly: false,
    ConfigFrom: null,
    Options: network.driver_opts ?? null,
    Labels: {
      ...network.labels,
      [labels.configHash]: hash,
      [labels.network]: key,
      [labels.project]: project.name,
      [labels.version]: version,
    },
    Name: name,
  };
  return step(session, `Network ${name}`, ['Creating', 'Created'], async () => {
    let id: string;
    try {
      id = (await api.send<{ Id: string }>('POST', '/networks/create', body)).Id;
    } catch (error) {
      if (!(error instanceof ComposeError)) throw error;
      throw new ComposeError(`failed to create network ${name}: ${error.message}`);
    }
    for (const container of dangling) await api.send('POST', `/networks/${id}/connect`, { Container: container });
    return id;
  });
}

/** The network's configuration changed: it is made anew, once nothing is on it. */
async function removeDiverged(
  session: Session,
  project: Project,
  key: string,
  { name }: NetworkConfig,
): Promise<readonly string[]> {
  const { api, progress } = session;
  const services = Object.keys(project.services).filter((each) => key in (project.services[each]?.networks ?? {}));
  await stopServices(session, project, services);
  const containers = await listContainers(api, project.name, 'exclude', true, services);
  for (const { Id } of containers)
    await api.send('POST', `/networks/${encodeURIComponent(name)}/disconnect`, { Container: Id, Force: true });
  await api.send('DELETE', `/networks/${encodeURIComponent(name)}`);
  await progress.event({ id: `Network ${name}`, status: 'done', text: 'Removed' });
  return containers.map(({ Id }) => Id);
}
