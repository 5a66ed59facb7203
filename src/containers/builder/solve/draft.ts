import type { History, Image, ImageDetails, RunConfig } from '../../images/image';

/** A line of an image's history whose time may not be known yet. */
export interface HistoryDraft {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: true;
}

export type MutableConfig = { -readonly [K in keyof RunConfig]: RunConfig[K] };

/** The configuration of an image as it comes into being. */
export class ImageDraft {
  readonly config: MutableConfig;
  readonly history: HistoryDraft[];
  author: string;
  /** Other than the host's. */
  platform: Pick<ImageDetails, 'architecture' | 'variant'> = {};

  private constructor(config: RunConfig, history: readonly HistoryDraft[], author: string) {
    this.config = { ...config };
    this.history = [...history];
    this.author = author;
  }

  static empty(): ImageDraft {
    return new ImageDraft({ WorkingDir: '/' }, [], '');
  }

  static from(image: Image): ImageDraft {
    const history: readonly History[] = image.history;
    const draft = new ImageDraft(image.config, history, '');
    const { architecture, variant } = image.details;
    if (architecture !== undefined) draft.platform = { architecture, ...(variant === undefined ? {} : { variant }) };
    return draft;
  }

  clone(): ImageDraft {
    const draft = new ImageDraft(this.config, this.history, this.author);
    draft.platform = this.platform;
    return draft;
  }

  /** One more line of history (commitToHistory). */
  commit(says: string, withLayer: boolean): void {
    this.history.push({
      created_by: says,
      comment: 'buildkit.dockerfile.v0',
      ...(withLayer ? {} : { empty_layer: true as const }),
    });
  }

  get env(): ReadonlyMap<string, string> {
    return new Map(
      (this.config.Env ?? []).map((entry) => {
        const equals = entry.indexOf('=');
        return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
      }),
    );
  }

  setEnv(key: string, value: string): void {
    const env = [...(this.config.Env ?? [])];
    const at = env.findIndex((entry) => entry.split('=')[0] === key);
    if (at < 0) env.push(`${key}=${value}`);
    else env[at] = `${key}=${value}`;
    this.config.Env = env;
  }
}
