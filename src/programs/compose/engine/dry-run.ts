import { decode, encode } from '../../../linux/io/bytes';
import { readBody } from '../../../linux/net/http/codec';
import type { Container } from './containers';
import { Api, type ApiResponse } from './api';

/** What would be asked of the engine is not; what was made in this way is remembered (pkg/dryrun/dryrunclient.go). */
export class DryRunApi extends Api {
  readonly #made = new Map<string, Container>();
  readonly #gone = new Set<string>();
  readonly #images = new Set<string>();
  override readonly dryRun = true;

  protected override async open(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    const [place = '', search = ''] = path.split('?');
    const query = new URLSearchParams(search);
    if (method === 'GET' || method === 'HEAD') return this.#read(method, path, place);
    const [, kind = '', name = ''] = place.split('/').map(decodeURIComponent);
    switch (`${method} ${place}`) {
      case 'POST /containers/create':
        return answer(this.#create(query.get('name') ?? '', body as { Labels?: Container['Labels'] }), 201);
      case 'POST /networks/create':
        return answer({ Id: (body as { Name?: string }).Name ?? '', Warning: '' }, 201);
      case 'POST /volumes/create':
        return answer(body, 201);
      case 'POST /images/create':
        return this.#pull(`${query.get('fromImage') ?? ''}:${query.get('tag') ?? 'latest'}`);
      default:
    }
    if (method === 'DELETE' && kind === 'containers') this.#gone.add(name);
    const made = this.#made.get(name);
    if (made !== undefined && place.endsWith('/start')) this.#made.set(name, { ...made, State: 'running' });
    if (method === 'DELETE' && kind === 'images') return answer([]);
    const passed = kind === 'exec' || kind === 'commit' || place.endsWith('/wait') || place.endsWith('/resize');
    if (place.endsWith('/attach')) return refusal('interactive run is not supported in dry-run mode');
    if (place.endsWith('/exec')) return answer({ Id: this.process.random.hex(64) }, 201);
    return passed ? super.open(method, path, body, more) : answer(undefined, 204);
  }

  #create(name: string, { Labels = {} }: { Labels?: Container['Labels'] }): object {
    const container = { Id: name, Names: [`/${name}`], Labels, State: 'created', Status: 'Created', Created: 0 };
    this.#made.set(name, { ...container, Image: '', ImageID: '', Command: '', Ports: [] });
    return { Id: name, Warnings: [] };
  }

  async #read(method: string, path: string, place: string): Promise<ApiResponse> {
    if (place === '/containers/json') {
      const listed = await super.open(method, path);
      if (listed.status >= 400) return listed;
      const real = JSON.parse(decode(await readBody(listed.body))) as readonly Container[];
      return answer([...real.filter(({ Id }) => !this.#gone.has(Id)), ...this.#made.values()]);
    }
    const [, kind = '', name = ''] = place.split('/').map(decodeURIComponent);
    if (kind === 'containers' && this.#made.has(name)) return answer(inspected(name));
    if (kind === 'images' && this.#images.has(name)) return answer({ Id: 'dryRunId', Config: {}, RepoDigests: [] });
    return super.open(method, path);
  }

  /** Nothing is pulled, but the registry is asked whether the image is there. */
  async #pull(reference: string): Promise<ApiResponse> {
    const found = await super.open('GET', `/distribution/${reference}/json`);
    if (found.status >= 400) return found;
    found.close();
    for (const name of [reference, reference.replace(/^docker\.io\/(library\/)?/, '')])
      for (const one of [name, name.replace(/:latest$/, '')]) this.#images.add(one);
    return answer(undefined);
  }
}

/** A container that runs and is healthy, as `--wait` and conditions want it. */
const inspected = (name: string): object => ({
  Id: name,
  Name: `/${name}`,
  Image: '',
  State: { Status: 'running', Running: true, ExitCode: 0, Health: { Status: 'healthy' } },
  Config: { Image: '', Tty: false, Labels: {} },
  HostConfig: {},
  NetworkSettings: { Networks: {} },
});

const refusal = (message: string): ApiResponse => answer({ message }, 400);

function answer(value: unknown, status = 200): ApiResponse {
  let left: Uint8Array | undefined = value === undefined ? undefined : encode(`${JSON.stringify(value)}\n`);
  const read = (): Promise<Uint8Array | undefined> => {
    const bytes = left;
    left = undefined;
    return Promise.resolve(bytes);
  };
  return { status, line: `HTTP/1.1 ${status}`, body: { read, cancel: () => undefined }, close: () => undefined };
}
