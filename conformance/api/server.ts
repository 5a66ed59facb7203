import { bindClusterAdmins } from '../../src/cluster/kubeadm/rbac';
import { createApiserver } from '../../src/kubernetes/apiserver/apiserver';
import { bootstrap } from '../../src/kubernetes/apiserver/bootstrap';
import type { User } from '../../src/kubernetes/apiserver/authentication/user';
import { createRegistry } from '../../src/kubernetes/apiserver/create-registry';
import { clusterRoleAggregationController } from '../../src/kubernetes/controllers/clusterrole-aggregation';
import { createControllerManager } from '../../src/kubernetes/controllers/manager';
import { loadYaml } from '../../src/kubernetes/apimachinery/yaml';
import { decode, encode, noBytes } from '../../src/linux/io/bytes';
import { Headers, type Handler, type Response } from '../../src/linux/net/http/message';
import { Clock } from '../../src/sim/clock';
import { Random } from '../../src/sim/random';
import { Trace } from '../../src/sim/trace';

export interface Request {
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answer {
  readonly code: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The token file of the recorded server (--token-auth-file). */
const users = new Map<string, User>([
  ['admintoken', { name: 'admin', uid: '1', groups: ['system:masters'] }],
  ['janetoken', { name: 'jane', uid: '2', groups: ['developers'] }],
]);

/** Where the recorded server listened. */
const recordedPort = 22101;

/** How long a watch is listened to. Virtual milliseconds. */
const WATCH = 3000;

/** An apiserver alone: no controllers, no scheduler, no nodes. */
export class Server {
  readonly #clock: Clock;
  readonly #handler: Handler;

  private constructor(clock: Clock, handler: Handler) {
    this.#clock = clock;
    this.#handler = handler;
  }

  /** With `fresh`: as a cluster that was just made has it, at the port of the recorded one and with what aggregates roles. */
  static async start(begin: number, fresh = false): Promise<Server> {
    await loadYaml();
    const trace = new Trace();
    const clock = new Clock({ start: begin, trace, settle: () => new Promise((resolve) => setImmediate(resolve)) });
    const random = new Random(1);
    const registry = createRegistry({ clock, random, trace });
    bootstrap(registry, { advertiseAddress: '172.30.1.2', ...(fresh ? { port: recordedPort } : {}) });
    if (fresh) {
      bindClusterAdmins(registry.as({ user: 'admin', groups: ['system:masters'], agent: 'kubeadm' }));
      createControllerManager({ registry, clock, random, trace, controllers: [clusterRoleAggregationController] });
      await clock.advance(1000);
    }
    return new Server(
      clock,
      createApiserver({ registry, clock, random, trace, authenticateToken: (token) => users.get(token) }),
    );
  }

  /** A namespace with its default service account, as controllers would make it. */
  async addNamespace(name: string): Promise<void> {
    const post = (path: string, kind: string, own: string) =>
      this.ask({ as: 'admin', method: 'POST', path, body: { apiVersion: 'v1', kind, metadata: { name: own } } });
    await post('/api/v1/namespaces', 'Namespace', name);
    await post(`/api/v1/namespaces/${name}/serviceaccounts`, 'ServiceAccount', 'default');
  }

  async ask({ as, method, path, headers = {}, body }: Request): Promise<Answer> {
    const bytes = body === undefined ? noBytes : encode(typeof body === 'string' ? body : JSON.stringify(body));
    const identity = 'authorization' in headers || as === 'anonymous' ? {} : { authorization: `Bearer ${as}token` };
    let response: Response;
    try {
      response = await this.#handler(
        { method, url: path, headers: new Headers({ ...identity, ...headers }), body: bytes },
        { remote: '127.0.0.1' },
      );
    } catch (fault) {
      // Ours, not the server's: it shows as a difference.
      return { code: 0, headers: new Headers(), text: fault instanceof Error ? (fault.stack ?? '') : String(fault) };
    }
    const answer = { code: response.status, headers: response.headers };
    if (response.body instanceof Uint8Array) return { ...answer, text: decode(response.body) };
    let text = '';
    const { body: stream } = response;
    const reading = (async () => {
      for (let chunk = await stream.read(); chunk !== undefined; chunk = await stream.read()) text += decode(chunk);
    })();
    await this.#clock.advance(WATCH);
    stream.cancel();
    await reading;
    return { ...answer, text };
  }
}
