import type { Process } from '../../../linux/process/types';
import type { Api } from './api';
import type { Flag, FlagValues } from './flags';
import type { Session } from './session';

/** What a command is given when it runs. */
export interface Invocation {
  readonly process: Process;
  readonly api: Api;
  readonly session: Session;
  readonly flags: FlagValues;
  readonly args: readonly string[];
  /** How it was called: `docker container ls`. */
  readonly path: string;
  /** Prints to standard output and standard error. */
  readonly out: (text: string) => Promise<unknown>;
  readonly error: (text: string) => Promise<unknown>;
}

/** A command of the CLI: one file each in `commands/`. */
export interface Command {
  /** `rm [OPTIONS] CONTAINER [CONTAINER...]`: the first word is its name. */
  readonly use: string;
  readonly short: string;
  readonly long?: string;
  /** All ways to call it, as the usage text lists them. */
  readonly aliases?: readonly string[];
  readonly flags?: readonly Flag[];
  readonly examples?: string;
  /** Neither listed nor offered. */
  readonly hidden?: boolean;
  /** Its place among the common commands. */
  readonly order?: number;
  /** Listed only in this state of the engine; `''` belongs to swarm without needing one. */
  readonly swarm?: SwarmState;
  readonly experimental?: boolean;
  /** Does not talk to the engine: nobody is asked who is there. */
  readonly offline?: boolean;
  /** How many operands it takes. */
  readonly operands: readonly [least: number, most: number];
  /** Without any flag its help is shown (pflag.ErrHelp). */
  readonly needsFlag?: true;
  /** Flags end at the first operand. */
  readonly stopsAtOperand?: boolean;
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** What a node has to be for a command to make sense: any, a part of a swarm, a manager. */
type SwarmState = '' | 'active' | 'manager';

/** A group of commands: `docker network`. */
export interface Group {
  readonly name: string;
  readonly short: string;
  readonly aliases?: readonly string[];
  readonly commands: readonly (Command | Group)[];
  readonly long?: string;
  /** Flags of the group itself. */
  readonly flags?: readonly Flag[];
  /** Neither listed nor offered. */
  readonly hidden?: boolean;
  readonly order?: number;
  readonly swarm?: SwarmState;
  /** Groups that need swarm have their own section (the root). */
  readonly swarmSection?: boolean;
  readonly experimental?: boolean;
  /** A plugin of the CLI: where it is on the disk. */
  readonly plugin?: Plugin;
}

/** What a plugin says of itself (`docker-cli-plugin-metadata`). */
export interface Plugin {
  readonly Name: string;
  readonly Vendor: string;
  readonly Version: string;
  readonly ShortDescription: string;
  readonly URL?: string;
}

export const isGroup = (entry: Command | Group): entry is Group => 'commands' in entry;
export const nameOf = (entry: Command | Group): string =>
  isGroup(entry) ? entry.name : (entry.use.split(' ')[0] ?? '');

/** A request failed: the text is ready to print. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}
