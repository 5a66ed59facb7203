import { CommandError } from '../cli/command';
import type { Api } from '../cli/api';

interface Container {
  readonly Names: readonly string[];
  readonly State: string;
}

/** The engine as completion asks it: where it does not answer, nothing is offered. */
export class Engine {
  constructor(readonly api: Api) {}

  /** Names of containers in some states; of all if none are given. The newest is first. */
  async containers(...states: readonly string[]): Promise<readonly string[]> {
    const all = await this.#ask<readonly Container[]>('/containers/json?all=1', []);
    return all
      .filter(({ State }) => states.length === 0 || states.includes(State))
      .map(({ Names }) => (Names[0] ?? '').replace(/^\//, ''));
  }

  async images(): Promise<readonly string[]> {
    const all = await this.#ask<readonly { readonly RepoTags: readonly string[] | null }[]>('/images/json', []);
    return all.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => !tag.includes('<none>'));
  }

  async networks(): Promise<readonly string[]> {
    return (await this.#ask<readonly { readonly Name: string }[]>('/networks', [])).map(({ Name }) => Name);
  }

  async volumes(): Promise<readonly string[]> {
    const { Volumes } = await this.#ask<{ readonly Volumes: readonly { readonly Name: string }[] | null }>('/volumes', {
      Volumes: [],
    });
    return (Volumes ?? []).map(({ Name }) => Name);
  }

  async #ask<T>(path: string, otherwise: T): Promise<T> {
    try {
      return await this.api.get<T>(path);
    } catch (reason) {
      if (reason instanceof CommandError) return otherwise;
      throw reason;
    }
  }
}
