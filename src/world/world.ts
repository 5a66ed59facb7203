import { createLab, type Lab } from '../cluster/lab';
import { topologies } from '../cluster/topology';
import type { Process } from '../linux/process/types';
import type { PtyMaster } from '../linux/tty/types';
import { encode } from '../linux/io/bytes';
import { loginEnvironment } from './environment';
import type { Input } from './protocol';
import { runCheck, type CheckOutcome } from './check';
import type { Replayable } from './session';

export interface WorldOptions {
  readonly seed: number;
  /** A name of `topologies`; an unknown one is an error. */
  readonly topology: string;
  /** When the world begins, in virtual milliseconds since the epoch. */
  readonly begin?: number;
  /** One turn of the real event loop. */
  readonly settle: () => Promise<void>;
  readonly hooks: WorldHooks;
  /** Finds the lesson that a `scenario` input names. */
  readonly scenario?: (slug: string) => RunnableScenario | undefined;
}

/** What the world tells whoever holds it. */
export interface WorldHooks {
  output(terminal: string, bytes: Uint8Array): void;
  closed(terminal: string): void;
  checked(step: number, outcomes: readonly CheckOutcome[]): void;
  /** Something of ours threw. The world goes on. */
  fault(error: unknown, where: string): void;
}

/** What the world needs of a lesson. */
export interface RunnableScenario {
  readonly setup: string;
  readonly steps: readonly { readonly checks: readonly string[] }[];
}

/** The bottle: a lab of hosts and the terminals that people opened on them. */
export class World implements Replayable {
  readonly lab: Lab;
  readonly #terminals = new Map<string, PtyMaster>();
  readonly #options: WorldOptions;
  #scenario: RunnableScenario | undefined;

  private constructor(options: WorldOptions, lab: Lab) {
    this.#options = options;
    this.lab = lab;
  }

  /** A booted world: every node Ready, the prompt near. */
  static async create(options: WorldOptions): Promise<World> {
    const topology = topologies[options.topology];
    if (topology === undefined || !Object.hasOwn(topologies, options.topology)) {
      throw new Error(`unknown topology "${options.topology}"; there are: ${Object.keys(topologies).join(', ')}`);
    }
    const lab = await createLab({
      topology,
      seed: options.seed,
      ...(options.begin === undefined ? {} : { begin: options.begin }),
      settle: options.settle,
      fault: (error: unknown, process: Process) => options.hooks.fault(error, process.argv.join(' ')),
    });
    await lab.boot();
    return new World(options, lab);
  }

  async advanceTo(instant: number): Promise<void> {
    await this.lab.clock.advanceTo(instant);
  }

  /** Does what a person did. Call it only between two instants. */
  apply(input: Input): void {
    const { trace } = this.lab;
    try {
      trace.within(0, () => this.#apply(input));
    } catch (error) {
      this.#options.hooks.fault(error, input.kind);
    }
    this.lab.clock.wake();
  }

  #apply(input: Input): void {
    switch (input.kind) {
      case 'open':
        this.#open(input.terminal, input.host, { rows: input.rows, columns: input.columns });
        return;
      case 'type':
        this.#terminals.get(input.terminal)?.input(encode(input.data));
        return;
      case 'resize':
        this.#terminals.get(input.terminal)?.resize({ rows: input.rows, columns: input.columns });
        return;
      case 'close':
        this.#terminals.get(input.terminal)?.hangup();
        this.#terminals.delete(input.terminal);
        return;
      case 'scenario':
        this.#begin(input.slug);
        return;
      case 'check':
        this.#check(input.step);
    }
  }

  #open(terminal: string, hostName: string, size: { readonly rows: number; readonly columns: number }): void {
    const host = this.lab.host(hostName) ?? this.lab.first;
    const master = host.openPty(size);
    this.#terminals.set(terminal, master);
    master.onOutput((bytes) => this.#options.hooks.output(terminal, bytes));
    const { tty } = master;
    const file = tty.open();
    const shell = host.spawn({
      file: '/bin/bash',
      argv: ['bash'],
      cwd: '/root',
      env: loginEnvironment,
      cgroup: '/user.slice/user-0.slice/session-1.scope',
      newSession: true,
      controllingTty: tty,
      foreground: true,
      fds: new Map([0, 1, 2].map((fd) => [fd, file])),
    });
    if (!shell.ok) {
      this.#options.hooks.fault(new Error(`/bin/bash: ${shell.error.message}`), 'open');
      return;
    }
    shell.value.process.atExit(() => {
      if (!this.#terminals.delete(terminal)) return;
      this.#options.hooks.closed(terminal);
    });
  }

  #begin(slug: string): void {
    this.#scenario = this.#options.scenario?.(slug);
    const setup = this.#scenario?.setup ?? '';
    if (setup !== '') runCheck(this.lab.first, setup, () => undefined);
  }

  #check(step: number): void {
    const checks = this.#scenario?.steps[step]?.checks ?? [];
    const outcomes: (CheckOutcome | undefined)[] = checks.map(() => undefined);
    checks.forEach((script, index) => {
      runCheck(this.lab.first, script, (outcome) => {
        outcomes[index] = outcome;
        if (outcomes.includes(undefined)) return;
        this.#options.hooks.checked(step, outcomes as readonly CheckOutcome[]);
      });
    });
  }

  /** A digest of everything that happened and of what the store holds: equal for equal worlds. */
  get hash(): string {
    return this.lab.hash;
  }
}
