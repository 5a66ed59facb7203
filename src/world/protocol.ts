/**
 * The only door between the page and the world. The page sends `ToWorld` messages to the worker and gets `FromWorld`
 * messages back; both are plain structured-cloneable values.
 */
import type { SpanView, WorldUpdate } from './view';

export type * from './view';

/** Something a person did, with all that is needed to do it again. A session is a seed and a list of these. */
export type Input =
  | {
      readonly kind: 'open';
      readonly terminal: string;
      readonly host: string;
      readonly rows: number;
      readonly columns: number;
    }
  | { readonly kind: 'type'; readonly terminal: string; readonly data: string }
  | { readonly kind: 'resize'; readonly terminal: string; readonly rows: number; readonly columns: number }
  | { readonly kind: 'close'; readonly terminal: string }
  /** Starts a scenario: its setup script runs on the first host. */
  | { readonly kind: 'scenario'; readonly slug: string }
  /** Runs the checks of one step of the current scenario. */
  | { readonly kind: 'check'; readonly step: number };

export interface RecordedInput {
  /** Virtual milliseconds since the epoch. */
  readonly at: number;
  readonly input: Input;
}

/** All that is needed to have the same world again. */
export interface Session {
  readonly version: 1;
  readonly seed: number;
  readonly topology: string;
  readonly inputs: readonly RecordedInput[];
  /** The virtual instant the world stood at when this was written, so that a reload comes back to it. */
  readonly until: number;
}

export type ToWorld =
  /** The first message. Without a session, the stored one is replayed; without a stored one, a fresh world begins. */
  | {
      readonly type: 'start';
      readonly seed?: number;
      readonly topology?: string;
      readonly session?: Session;
      readonly fresh?: boolean;
    }
  | { readonly type: 'input'; readonly input: Input }
  /** Virtual seconds per real second; 0 pauses. */
  | { readonly type: 'speed'; readonly factor: number }
  /** While paused: run the next instant. */
  | { readonly type: 'step' }
  /** So many bytes of output are on the screen: the world does not run far ahead of who draws it. */
  | { readonly type: 'drawn'; readonly bytes: number }
  /** Which host's nat table to show. */
  | { readonly type: 'watchNat'; readonly host: string }
  /** Whose layers to show: a key of the docker collection. */
  | { readonly type: 'watchContainer'; readonly container: string }
  /** The chain of causes of a span. */
  | { readonly type: 'why'; readonly request: number; readonly span: number }
  /** The session so far, for a file or a link. */
  | { readonly type: 'export'; readonly request: number };

export type FromWorld =
  | {
      readonly type: 'started';
      readonly session: 'fresh' | 'replayed';
      readonly hosts: readonly string[];
      readonly scenarios: readonly ScenarioView[];
    }
  /** A replay that takes long: how much of it is done, 0 to 1. */
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'output'; readonly terminal: string; readonly data: Uint8Array }
  /** The shell of a terminal ended. */
  | { readonly type: 'closed'; readonly terminal: string }
  | { readonly type: 'update'; readonly update: WorldUpdate }
  | { readonly type: 'why'; readonly request: number; readonly chain: readonly SpanView[] }
  | { readonly type: 'export'; readonly request: number; readonly session: Session; readonly hash: string }
  | { readonly type: 'checked'; readonly step: number; readonly results: readonly CheckResult[] }
  /** The stored session could not be read or replayed; a fresh one began and this is the old one, to download. */
  | { readonly type: 'broken'; readonly reason: string; readonly stored: string }
  /** Something threw that should not have. The world goes on. */
  | { readonly type: 'fault'; readonly message: string; readonly stack: string; readonly session: Session };

export interface CheckResult {
  readonly passed: boolean;
  /** The check's last line of output: what was looked at, wanted and got. */
  readonly reason: string;
}

export interface ScenarioView {
  readonly slug: string;
  readonly title: string;
  readonly minutes: number;
  readonly steps: readonly ScenarioStepView[];
}

export interface ScenarioStepView {
  readonly title: string;
  /** HTML made at build time from the step's Markdown. */
  readonly html: string;
  readonly hints: readonly string[];
  readonly solution: string;
  readonly checks: number;
}
