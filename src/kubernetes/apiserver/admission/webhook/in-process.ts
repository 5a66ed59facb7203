import { mutatingWebhookConfiguration } from '../../../api/admissionregistration/mutatingwebhookconfiguration';
import { validatingWebhookConfiguration } from '../../../api/admissionregistration/validatingwebhookconfiguration';
import type { Status } from '../../../apimachinery/status';
import type { Result } from '../../../../sim/result';
import type { Actor } from '../../registry';
import type { Admission } from '../admission';
import { WebhookCalls } from './calls';
import type { WebhookTransport } from './transport';

/** Whether a write may meet a webhook at all. */
export const meetsWebhooks = ({ storage, enabled }: Admission): boolean =>
  storage.count(mutatingWebhookConfiguration) > 0 ||
  storage.count(validatingWebhookConfiguration) > 0 ||
  enabled().has('ImagePolicyWebhook');

interface Open {
  readonly calls: WebhookCalls;
  readonly since: number;
}

/** How long the answers wait for somebody to try again. Milliseconds. */
const patience = 60_000;
const most = 1000;

/**
 * Webhooks of writes that do not come through HTTP: who writes is synchronous, so a write that a webhook has to be
 * asked about fails, and succeeds when it is tried again after the answer. Controllers do that anyway.
 */
export class InProcessWebhooks {
  readonly #open = new Map<string, Open>();
  /** The same write several times at one instant: several objects of one template. */
  readonly #turns = new Map<string, number>();
  #instant = -1;

  constructor(
    readonly transport: WebhookTransport,
    readonly newUid: () => string,
  ) {}

  run<R>(key: string, actor: Actor, now: number, write: (actor: Actor) => Result<R, Status>): Result<R, Status> {
    if (now !== this.#instant) this.#turns.clear();
    this.#instant = now;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    const own = `${key}#${turn}`;
    const known = this.#open.get(own);
    const calls = known !== undefined && now - known.since < patience ? known.calls : new WebhookCalls(this.newUid);
    const result = write({ ...actor, webhooks: calls });
    if (calls.busy) this.#keep(own, calls, now);
    else this.#open.delete(own);
    if (calls.waiting) void calls.make(this.transport);
    return result;
  }

  #keep(key: string, calls: WebhookCalls, since: number): void {
    this.#open.delete(key);
    this.#open.set(key, { calls, since });
    const [oldest] = this.#open.size > most ? this.#open.keys() : [];
    if (oldest !== undefined) this.#open.delete(oldest);
  }
}
