import { decode } from '../../../linux/io/bytes';
import { parseReference, withDefaultTag } from '../../../containers/images/reference';
import { ComposeError } from '../cli/error';
import type { Project, Service } from '../load/types';
import { query, type Api } from './api';
import { imageOf } from './names';
import { together } from './order';
import type { Session } from './session';

export interface ImageInspect {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Size: number;
  readonly Created: string;
  readonly Architecture: string;
  readonly Os: string;
  readonly Variant?: string;
  readonly Metadata?: { readonly LastTagTime?: string };
  readonly Config?: {
    readonly Volumes?: Readonly<Record<string, object>> | null;
    readonly ExposedPorts?: object | null;
  };
}

/** An image that is here. */
export const findImage = (api: Api, name: string): Promise<ImageInspect | undefined> =>
  api.find<ImageInspect>(`/images/${encodeURI(name)}/json`);

/** The images of the project's services that are here, by name. */
export async function localImages(api: Api, project: Project): Promise<Map<string, ImageInspect>> {
  const names = new Set<string>();
  for (const [name, service] of Object.entries(project.services)) {
    if (service.provider !== undefined) continue;
    names.add(imageOf(project, name, service));
    for (const { type, source } of service.volumes ?? [])
      if (type === 'image' && source !== undefined) names.add(source);
  }
  const found = new Map<string, ImageInspect>();
  for (const name of names) {
    const image = await findImage(api, name);
    if (image !== undefined) found.set(name, image);
  }
  return found;
}

const periods: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };

/** Milliseconds after which `pull_policy: daily` and its like pull again. */
function refreshAfter(policy: string): number | undefined {
  if (policy === 'daily') return 86_400_000;
  if (policy === 'weekly') return 604_800_000;
  if (!policy.startsWith('every_')) return undefined;
  let total = 0;
  for (const [, count = '', unit = ''] of policy.matchAll(/(\d+)([wdhms])/g))
    total += Number(count) * (periods[unit] ?? 0);
  return total * 1000;
}

function mustPull(service: Service, image: ImageInspect | undefined, now: number): boolean {
  if (service.image === undefined || service.provider !== undefined) return false;
  const policy = service.pull_policy ?? 'missing';
  if (policy === 'always') return true;
  if (policy === 'never' || policy === 'build') return false;
  if (image === undefined) return true;
  const after = refreshAfter(policy);
  return after !== undefined && now > Date.parse(image.Metadata?.LastTagTime ?? image.Created) + after;
}

/** Pulls what is missing (pullRequiredImages). */
export async function pullRequired(
  session: Session,
  project: Project,
  images: Map<string, ImageInspect>,
  quiet: boolean,
): Promise<void> {
  const { api, process } = session;
  const needed = new Map<string, Service>();
  for (const [name, service] of Object.entries(project.services)) {
    if (mustPull(service, images.get(service.image ?? ''), process.clock.now)) needed.set(name, service);
    service.volumes?.forEach(({ type, source }, index) => {
      if (type === 'image' && source !== undefined && !images.has(source))
        needed.set(`${name}:volume ${index}`, { image: source });
    });
  }
  await together([...needed], async ([name, service]) => {
    try {
      await pullImage(session, name, service, quiet);
    } catch (error) {
      const built = Object.values(project.services).some(
        (other) => other.build !== undefined && (other === service || other.image === service.image),
      );
      if (!built || !(error instanceof ComposeError)) throw error;
      return;
    }
    const image = await findImage(api, service.image ?? '');
    if (image !== undefined) images.set(service.image ?? '', image);
  });
}

interface Message {
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly progress?: string;
  readonly error?: string;
}

const finished = new Set(['Download complete', 'Already exists', 'Pull complete']);

/** Pulls a service's image while its layers are shown (pullServiceImage). */
export async function pullImage(session: Session, name: string, service: Service, quiet: boolean): Promise<void> {
  const { api, progress } = session;
  await progress.event({ id: name, status: 'working', text: '', detail: 'Pulling' });
  const parsed = parseReference(service.image ?? '');
  if (!parsed.ok) throw new ComposeError(parsed.error);
  const { domain, path, tag, digest } = withDefaultTag(parsed.value);
  const shown = domain === 'docker.io' ? `docker.io/${path}` : `${domain}/${path}`;
  try {
    const params = query({ fromImage: shown, tag: digest ?? tag, platform: service.platform });
    const response = await api.stream('POST', `/images/create${params}`);
    await eachMessage(response.body, async (message) => {
      if (message.error !== undefined) throw new ComposeError(message.error);
      const { id, status = '', progressDetail } = message;
      if (quiet || id === undefined || progressDetail === undefined) return;
      const { current = 0, total = 0 } = progressDetail;
      await progress.event({
        id,
        parent: name,
        status: finished.has(status) ? 'done' : 'working',
        detail: status,
        text: current === 0 && total === 0 ? '' : bar(current, total),
        ...(current === 0 ? {} : { current }),
        ...(total === 0 ? {} : { total }),
      });
    });
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    const text = error.message.replace(/^Error response from daemon: /, '');
    await (service.build === undefined
      ? progress.event({ id: name, status: 'error', detail: 'Error', text })
      : progress.event({ id: name, status: 'warning', detail: 'Warning', text }));
    throw error;
  }
  await progress.event({ id: name, status: 'done', text: '', detail: 'Pulled' });
}

/** `[====>   ]  1.2MB/3.4MB` (jsonmessage.JSONProgress at 200 columns). */
function bar(current: number, total: number): string {
  if (total <= 0) return size(current).padStart(8);
  const percent = Math.min(50, Math.floor((current / total) * 50));
  const line = `[${'='.repeat(percent)}>${' '.repeat(50 - percent)}] `;
  return `${line}${size(current).padStart(8)}/${size(total)}`;
}

/** go-units' HumanSize, to so many digits. */
export function size(bytes: number, digits = 4): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let index = 0;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index++;
  }
  return `${Number(value.toPrecision(digits))}${units[index] ?? ''}`;
}

interface Reader {
  read(): Promise<Uint8Array | undefined>;
}

/** JSON messages, one a line, of a pull, push or build. */
export async function eachMessage(from: Reader, take: (message: Message) => Promise<void>): Promise<void> {
  let rest = '';
  for (;;) {
    const bytes = await from.read();
    rest += bytes === undefined ? '\n' : decode(bytes);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') await take(JSON.parse(line) as Message);
    if (bytes === undefined) return;
  }
}
