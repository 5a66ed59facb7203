import { labelFilter, query, type Api } from './api';
import { labels } from './labels';

/** A container of GET /containers/json. */
export interface Container {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  readonly Created: number;
  readonly Ports: readonly {
    readonly IP?: string;
    readonly PrivatePort: number;
    readonly PublicPort?: number;
    readonly Type: string;
  }[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
  readonly Status: string;
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, { readonly NetworkID: string }>> };
  readonly Mounts?: readonly Mount[];
}

export interface Mount {
  readonly Type: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

/** What is used of GET /containers/{id}/json. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly Tty: boolean;
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck?: object | null;
  };
  readonly HostConfig: { readonly RestartPolicy?: { readonly Name: string } };
  readonly NetworkSettings: {
    readonly Networks?: Readonly<Record<string, { readonly NetworkID: string }>>;
    readonly Ports?: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>;
  };
}

export type OneOff = 'include' | 'exclude' | 'only';

/** The containers of a project (getContainers). */
export async function listContainers(
  api: Api,
  project: string,
  oneOff: OneOff,
  all: boolean,
  services: readonly string[] = [],
): Promise<Container[]> {
  const wanted = [`${labels.project}=${project}`, labels.configHash];
  const [only] = services;
  if (services.length === 1 && only !== undefined) wanted.push(`${labels.service}=${only}`);
  if (oneOff !== 'include') wanted.push(`${labels.oneOff}=${oneOff === 'only' ? 'True' : 'False'}`);
  const filters = JSON.stringify({ label: Object.fromEntries(wanted.sort().map((label) => [label, true])) });
  const found = await api.send<Container[]>('GET', `/containers/json${query({ all: all ? '1' : undefined, filters })}`);
  return services.length > 1 ? found.filter((container) => services.includes(serviceOf(container))) : found;
}

/** What belongs to a project, whatever made it (start.go). */
export const listProject = (api: Api, project: string): Promise<Container[]> => {
  const filters = labelFilter(`${labels.project}=${project}`, `${labels.oneOff}=False`);
  return api.send<Container[]>('GET', `/containers/json${query({ all: '1', filters })}`);
};

export const serviceOf = ({ Labels }: Container): string => Labels[labels.service] ?? '';
export const numberOf = ({ Labels }: Container): number => Number(Labels[labels.number] ?? 0) || 0;
export const isOneOff = ({ Labels }: Container): boolean => Labels[labels.oneOff] === 'True';

/** The name that is not a link's, without its slash. */
export const nameOf = ({ Names, Id }: Container): string =>
  Names.find((name) => name.lastIndexOf('/') === 0)?.slice(1) ?? Names[0]?.slice(1) ?? Id.slice(0, 12);

/** What progress calls it. */
export const progressName = (container: Container): string => `Container ${nameOf(container)}`;

/** By name. */
export const byName = (containers: readonly Container[]): Container[] =>
  [...containers].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

/** One container of a service, for commands that act on one (getSpecifiedContainer). */
export async function oneContainer(
  api: Api,
  project: string,
  service: string,
  index: number,
  oneOff: OneOff = 'exclude',
  all = false,
): Promise<Container | undefined> {
  const found = (await listContainers(api, project, oneOff, all, [service])).filter(
    (container) => index === 0 || numberOf(container) === index,
  );
  return found.sort((a, b) => Number(isOneOff(a)) - Number(isOneOff(b)) || numberOf(a) - numberOf(b))[0];
}
