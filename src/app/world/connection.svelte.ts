/* eslint-disable svelte/prefer-svelte-reactivity -- private maps of listeners: nothing draws them */
import { SvelteMap } from 'svelte/reactivity';
import type {
  ChainView,
  CheckResult,
  CollectionChange,
  DockerView,
  FromWorld,
  Input,
  NodeView,
  PodView,
  ScenarioView,
  ServiceView,
  Session,
  SheetView,
  SpanView,
  ToWorld,
  WorkloadView,
} from '../../world/protocol';

/** What the page needs of a worker; a test may pass another port. */
export interface WorldPort {
  postMessage(message: ToWorld): void;
  onmessage: ((event: MessageEvent<FromWorld>) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
}

/** Draws what a terminal shows and says when it has. */
type OutputListener = (data: Uint8Array, drawn: () => void) => void;

/** How much is drawn before the world is told. Bytes. */
const TOLD_EVERY = 32 * 1024;

/**
 * The page's end of the door. Holds no state of its own, only the newest views that the world sent, keyed as it keys
 * them, for the lenses to draw.
 */
export class Connection {
  readonly nodes = new SvelteMap<string, NodeView>();
  readonly pods = new SvelteMap<string, PodView>();
  readonly workloads = new SvelteMap<string, WorkloadView>();
  readonly services = new SvelteMap<string, ServiceView>();
  readonly docker = new SvelteMap<string, DockerView>();
  readonly sheets = new SvelteMap<string, SheetView>();
  readonly nat = new SvelteMap<string, ChainView>();
  readonly life = new SvelteMap<string, SpanView>();

  hosts = $state<readonly string[]>([]);
  scenarios = $state<readonly ScenarioView[]>([]);
  started = $state<'fresh' | 'replayed' | undefined>(undefined);
  /** 0 to 1 while a stored session is replayed. */
  replayed = $state<number | undefined>(undefined);
  now = $state(0);
  revision = $state(0);
  speed = $state(1);
  paused = $state(false);
  checked = $state<{ readonly step: number; readonly results: readonly CheckResult[] } | undefined>(undefined);
  /** How many hosts' rules were shown: counters of two hosts are not compared. */
  tables = $state(0);
  why = $state<readonly SpanView[]>([]);
  fault = $state<{ readonly message: string; readonly stack: string; readonly session: Session } | undefined>(
    undefined,
  );
  broken = $state<{ readonly reason: string; readonly stored: string } | undefined>(undefined);

  readonly #port: WorldPort;
  readonly #outputs = new Map<string, OutputListener>();
  /** What came before somebody listened: a replayed session writes before its terminal is on the page. */
  readonly #early = new Map<string, Uint8Array[]>();
  readonly #closed = new Map<string, () => void>();
  readonly #exports = new Map<number, (session: Session, hash: string) => void>();
  #requests = 0;
  /** Drawn and not told yet. */
  #undrawn = 0;

  constructor(port: WorldPort) {
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data);
    port.onerror = (event) => {
      this.fault = { message: event.message, stack: '', session: emptySession };
    };
  }

  /** `session`, if given, is what somebody's link holds: the worker parses it. */
  start(options: { readonly fresh?: boolean; readonly session?: unknown } = {}): void {
    this.#port.postMessage({ type: 'start', ...options } as ToWorld);
  }

  /** Shows a fault of the page itself; the session is asked of the world, which may be able to tell. */
  async fail(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    this.fault = { message, stack, session: emptySession };
    const { session } = await this.exportSession();
    this.fault = { message, stack, session };
  }

  send(input: Input): void {
    this.#port.postMessage({ type: 'input', input });
  }

  setSpeed(factor: number): void {
    this.#port.postMessage({ type: 'speed', factor });
  }

  step(): void {
    this.#port.postMessage({ type: 'step' });
  }

  watchNat(host: string): void {
    this.#port.postMessage({ type: 'watchNat', host });
  }

  watchContainer(container: string): void {
    this.#port.postMessage({ type: 'watchContainer', container });
  }

  askWhy(span: number): void {
    this.#port.postMessage({ type: 'why', request: ++this.#requests, span });
  }

  exportSession(): Promise<{ readonly session: Session; readonly hash: string }> {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#exports.set(request, (session, hash) => resolve({ session, hash }));
      this.#port.postMessage({ type: 'export', request });
    });
  }

  /** What a terminal shows goes to `listener`; the result ends it. */
  onOutput(terminal: string, listener: OutputListener): () => void {
    this.#outputs.set(terminal, listener);
    // What nobody heard was told as drawn at once: a world that waits for a listener would never have one.
    for (const data of this.#early.get(terminal) ?? []) listener(data, () => undefined);
    this.#early.delete(terminal);
    return () => this.#outputs.delete(terminal);
  }

  /** Calls whenever the shell of a terminal has ended. */
  onClosed(terminal: string, listener: () => void): () => void {
    this.#closed.set(terminal, listener);
    return () => this.#closed.delete(terminal);
  }

  #drawn(bytes: number): void {
    this.#undrawn += bytes;
    if (this.#undrawn < TOLD_EVERY) return;
    this.#port.postMessage({ type: 'drawn', bytes: this.#undrawn });
    this.#undrawn = 0;
  }

  #output(terminal: string, data: Uint8Array): void {
    const listener = this.#outputs.get(terminal);
    if (listener !== undefined) {
      listener(data, () => this.#drawn(data.length));
      return;
    }
    this.#drawn(data.length);
    if (this.#early.get(terminal)?.push(data) === undefined) this.#early.set(terminal, [data]);
  }

  #receive(message: FromWorld): void {
    switch (message.type) {
      case 'started':
        this.hosts = message.hosts;
        this.scenarios = message.scenarios;
        this.replayed = undefined;
        this.started = message.session;
        return;
      case 'progress':
        this.replayed = message.done;
        return;
      case 'output':
        this.#output(message.terminal, message.data);
        return;
      case 'closed':
        this.#closed.get(message.terminal)?.();
        return;
      case 'update':
        this.now = message.update.now;
        this.revision = message.update.revision;
        this.speed = message.update.speed;
        this.paused = message.update.paused;
        for (const change of message.update.changes) this.#change(change);
        return;
      case 'why':
        this.why = message.chain;
        return;
      case 'export':
        this.#exports.get(message.request)?.(message.session, message.hash);
        this.#exports.delete(message.request);
        return;
      case 'checked':
        this.checked = message;
        return;
      case 'broken':
        this.broken = message;
        return;
      case 'fault':
        this.fault = message;
    }
  }

  #change(change: CollectionChange): void {
    const map: SvelteMap<string, { readonly key: string }> = this[change.of];
    if (change.reset) {
      map.clear();
      if (change.of === 'nat') this.tables++;
    }
    for (const key of change.removed) map.delete(key);
    for (const view of change.set) map.set(view.key, view);
  }
}

const emptySession: Session = { version: 1, seed: 0, topology: 'seed', inputs: [], until: 0 };
