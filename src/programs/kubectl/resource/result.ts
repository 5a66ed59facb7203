import type { Cli } from '../cli';
import { Aggregate, Failure, throwAll } from '../errors';
import type { BuilderOptions, Info } from './info';
import type { Mapping } from './mapper';

/** Finds objects. A failure stands where it happened: what came before it counts. */
export type Maker = () => AsyncIterable<Info | Failure> | Promise<readonly Info[]>;

/** What was asked for, found when it is visited. */
export class Result {
  constructor(
    readonly cli: Cli,
    readonly options: BuilderOptions,
    readonly singleItemImplied: boolean,
    /** Named objects or files, not whole types. */
    readonly targetsSingleItems: boolean,
    readonly makers: readonly Maker[],
    /** For types: what a watch has to watch. */
    readonly mappings: readonly Mapping[],
    readonly continues: boolean,
    readonly forgiven: (failure: Failure) => boolean = () => false,
  ) {}

  /** The same, but failures of this sort are passed over. */
  ignoring(forgiven: (failure: Failure) => boolean): Result {
    const { cli, options, singleItemImplied, targetsSingleItems, makers, mappings, continues } = this;
    return new Result(cli, options, singleItemImplied, targetsSingleItems, makers, mappings, continues, forgiven);
  }

  /** Calls `visit` for each object. Throws what went wrong; with `continueOnError` at the end. */
  async visit(visit: (info: Info) => Promise<void>): Promise<void> {
    const failures: Failure[] = [];
    const guard = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (reason) {
        if (!(reason instanceof Failure)) throw reason;
        if (this.forgiven(reason)) return undefined;
        if (!this.continues) throw reason;
        if (reason instanceof Aggregate) failures.push(...reason.errors);
        else failures.push(reason);
        return undefined;
      }
    };
    for (const make of this.makers) {
      // Each is visited as it is found: what comes behind it may not be asked for at all.
      await guard(async () => {
        for await (const info of await make())
          await guard(() => (info instanceof Failure ? Promise.reject(info) : visit(info)));
      });
    }
    throwAll(failures);
  }

  /** All objects. */
  async infos(): Promise<readonly Info[]> {
    const found: Info[] = [];
    await this.visit((info) => {
      found.push(info);
      return Promise.resolve();
    });
    return found;
  }

  /** All objects that could be had, and what went wrong with the others. */
  async collect(): Promise<{ readonly infos: readonly Info[]; readonly failures: readonly Failure[] }> {
    const infos: Info[] = [];
    try {
      await this.visit((info) => {
        infos.push(info);
        return Promise.resolve();
      });
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      return { infos, failures: reason instanceof Aggregate ? reason.errors : [reason] };
    }
    return { infos, failures: [] };
  }
}
