/// <reference lib="webworker" />
import { lessons } from '../lessons/catalogue';
import { Driver } from './driver';
import { Feed } from './feed';
import type { FromWorld, ScenarioView, Session, ToWorld } from './protocol';
import { parseSession, replay, SessionLog } from './session';
import { sessionStore } from './session-store';
import { spanView } from './life';
import { World, type WorldHooks } from './world';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromWorld): void => scope.postMessage(message);

/** One turn of the event loop: messages of a channel are tasks, so every microtask runs before. */
const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(0);
  });

/** A replay shorter than this shows no progress bar. Real milliseconds. */
const PATIENCE = 500;
/** How often a session is written to the browser's store at most. Real milliseconds. */
const SAVE_EVERY = 1000;
/** A replay that breaks more often is given up. */
const MOST_FAULTS = 50;
/** Output that is not drawn yet; with more the world waits, or `yes` would fill the page. Bytes. */
const AHEAD = 1024 * 1024;
/** Between two turns of the world. Real milliseconds. */
const TURN = 8;

/** Everything that runs in the worker: one world, its driver, its feed. */
class Bottle {
  world: World | undefined;
  log: SessionLog | undefined;
  driver: Driver | undefined;
  feed: Feed | undefined;
  /** Ends the wait for the next turn: a key is not kept waiting until then. Nothing while a turn runs. */
  #wake: () => void = () => undefined;
  #ahead = 0;
  #saved = 0;
  /** A session from somebody's link is looked at; it does not take the place of the learner's own. */
  #guest = false;
  #dirty = false;

  async start(message: Extract<ToWorld, { type: 'start' }>): Promise<void> {
    this.#guest = message.session !== undefined;
    const stored = message.session ?? (message.fresh === true ? undefined : await loadStored());
    const parsed = stored === undefined ? undefined : parseSession(stored);
    if (parsed !== undefined && 'session' in parsed) {
      try {
        await this.#replay(parsed.session);
        return;
      } catch (error) {
        await this.#setAside(stored, error instanceof Error ? error.message : String(error));
      }
    } else if (parsed !== undefined) {
      await this.#setAside(stored, parsed.error);
    }
    const seed = message.seed ?? Date.now() % 1_000_000;
    await this.#create(seed, message.topology ?? 'seed');
    this.#run('fresh');
  }

  async #setAside(stored: unknown, reason: string): Promise<void> {
    if (!this.#guest) await sessionStore.setAside(stored).catch(() => undefined);
    post({ type: 'broken', reason, stored: JSON.stringify(stored) ?? '' });
  }

  async #create(seed: number, topology: string): Promise<World> {
    const world = await World.create({
      seed,
      topology,
      settle,
      hooks: this.#hooks(),
      scenario: (slug) => lessons.get(slug)?.scenario,
    });
    this.world = world;
    this.log = new SessionLog(seed, topology, () => {
      this.#dirty = true;
    });
    this.feed = await Feed.create(world.lab);
    return world;
  }

  async #replay(session: Session): Promise<void> {
    const began = performance.now();
    const world = await this.#create(session.seed, session.topology);
    const { log } = this;
    await replay(
      {
        advanceTo: (instant) => this.#advance(world, instant),
        apply: (input) => {
          log?.record(world.lab.clock.now, input);
          world.apply(input);
        },
      },
      session,
      (done) => {
        if (performance.now() - began > PATIENCE) post({ type: 'progress', done });
      },
    );
    this.#run('replayed');
  }

  /** What broke when the session was lived breaks again: as then, it is told, and the world goes on. */
  async #advance(world: World, instant: number): Promise<void> {
    for (let broken = 0; ; broken++) {
      try {
        await world.advanceTo(instant);
        return;
      } catch (error) {
        if (broken >= MOST_FAULTS) throw error;
        this.fault(error, 'the replay');
      }
    }
  }

  #hooks(): WorldHooks {
    return {
      output: (terminal, data) => {
        this.#ahead += data.length;
        post({ type: 'output', terminal, data });
      },
      closed: (terminal) => post({ type: 'closed', terminal }),
      checked: (step, results) => post({ type: 'checked', step, results }),
      fault: (error, where) => this.fault(error, where),
    };
  }

  fault(error: unknown, where: string): void {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    post({ type: 'fault', message: `${where}: ${message}`, stack, session: this.#session() });
  }

  #session(): Session {
    const { log, world } = this;
    return log === undefined || world === undefined
      ? { version: 1, seed: 0, topology: 'seed', inputs: [], until: 0 }
      : log.at(world.lab.clock.now);
  }

  #run(session: 'fresh' | 'replayed'): void {
    const { world, log, feed } = this;
    if (world === undefined || log === undefined || feed === undefined) return;
    const driver = new Driver({ world, log, wall: () => performance.now(), turned: () => this.#turned() });
    this.driver = driver;
    post({ type: 'started', session, hosts: world.lab.hosts.map(({ name }) => name), scenarios: scenarioViews() });
    const loop = async (): Promise<void> => {
      try {
        if (this.#ahead <= AHEAD) await driver.turn();
      } catch (error) {
        this.fault(error, 'the world');
      }
      if (driver.busy) void settle().then(loop);
      else this.#sleep(loop);
    };
    void loop();
  }

  #sleep(loop: () => Promise<void>): void {
    const timer = setTimeout(() => this.#wake(), TURN);
    this.#wake = () => {
      clearTimeout(timer);
      this.#wake = () => undefined;
      void loop();
    };
  }

  #turned(): void {
    const { driver, feed, world } = this;
    if (driver === undefined || feed === undefined || world === undefined) return;
    const update = feed.flush(driver.factor);
    if (update !== undefined) post({ type: 'update', update });
    const now = performance.now();
    if (this.#dirty && !this.#guest && now - this.#saved > SAVE_EVERY) {
      this.#dirty = false;
      this.#saved = now;
      void sessionStore.save(this.#session()).catch(() => undefined);
    }
  }

  receive(message: ToWorld): void {
    switch (message.type) {
      case 'start':
        void this.start(message).catch((error: unknown) => this.fault(error, 'start'));
        return;
      case 'input':
        this.driver?.input(message.input);
        this.#wake();
        return;
      case 'speed':
        if (this.driver !== undefined) this.driver.factor = message.factor;
        return;
      case 'step':
        this.driver?.step();
        return;
      case 'drawn':
        this.#ahead -= message.bytes;
        return;
      case 'watchNat':
        this.feed?.watchNat(message.host);
        return;
      case 'watchContainer':
        this.feed?.watchContainer(message.container);
        return;
      case 'why': {
        const chain = this.world?.lab.trace.why(message.span).map(spanView) ?? [];
        post({ type: 'why', request: message.request, chain });
        return;
      }
      case 'export':
        post({ type: 'export', request: message.request, session: this.#session(), hash: this.world?.hash ?? '' });
    }
  }
}

async function loadStored(): Promise<unknown> {
  try {
    return await sessionStore.load();
  } catch {
    return undefined;
  }
}

const scenarioViews = (): readonly ScenarioView[] =>
  [...lessons.values()].map(({ slug, scenario, html }) => ({
    slug,
    title: scenario.title,
    minutes: scenario.minutes,
    steps: scenario.steps.map(({ title, text, hints, solution, checks }) => ({
      title,
      html: html[text] ?? '',
      hints,
      solution,
      checks: checks.length,
    })),
  }));

const bottle = new Bottle();
scope.onmessage = (event: MessageEvent<ToWorld>) => bottle.receive(event.data);
scope.onunhandledrejection = (event) => bottle.fault(event.reason, 'a promise');
scope.onerror = (event) => bottle.fault(event, 'the worker');
