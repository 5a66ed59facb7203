import type { ApiObject } from '../../../apimachinery/object';
import { failure, type Status } from '../../../apimachinery/status';
import type { Result } from '../../../../sim/result';
import type { WebhookRequest, WebhookResponse, WebhookTransport } from './transport';

export type Answer = Result<WebhookResponse, string>;

/** What mutating admission has come to for one write. */
export interface Progress {
  readonly object: ApiObject;
  /** How many webhooks have been asked. */
  readonly asked: number;
  /** By name, what each left behind. */
  readonly left: ReadonlyMap<string, ApiObject>;
  /** The revision that an update starts from: another one starts anew. */
  readonly from: string | undefined;
}

/** Stands for "not yet": no client sees it. */
export const notYet: Status = failure(500, 'InternalError', 'a webhook has not answered yet');

/** The webhooks' answers during one request: asked for in one run of the write, there in the next. */
export class WebhookCalls {
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, WebhookRequest>();
  readonly #running = new Set<string>();
  readonly #uids = new Map<string, string>();
  readonly progress = new Map<string, Progress>();

  constructor(readonly newUid: () => string) {}

  /** A review's uid: the same in every run of the write. */
  uid(key: string): string {
    let uid = this.#uids.get(key);
    if (uid === undefined) this.#uids.set(key, (uid = this.newUid()));
    return uid;
  }

  /** The answer; undefined: it is noted as wanted. */
  answer(key: string, request: () => WebhookRequest): Answer | undefined {
    const known = this.#answers.get(key);
    if (known === undefined && !this.#pending.has(key) && !this.#running.has(key)) this.#pending.set(key, request());
    return known;
  }

  get waiting(): boolean {
    return this.#pending.size > 0;
  }

  /** Whether something was asked that has not been answered. */
  get busy(): boolean {
    return this.#pending.size > 0 || this.#running.size > 0;
  }

  /** Makes the calls that are wanted, side by side. */
  async make(transport: WebhookTransport): Promise<void> {
    const running = [...this.#pending].map(([key, request]) => [key, transport.post(request)] as const);
    for (const [key] of running) this.#running.add(key);
    this.#pending.clear();
    for (const [key, answer] of running) {
      this.#answers.set(key, await answer);
      this.#running.delete(key);
    }
  }
}
