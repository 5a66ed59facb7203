import { decode } from '../../../linux/io/bytes';
import { query, type Api } from './api';
import { labels } from './labels';

/** An event of the engine. */
export interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly time: number;
  readonly timeNano: number;
}

/** The containers' events of a project, from now on; the connection is there when this resolves. */
export async function watchEvents(
  api: Api,
  project: string,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<(take: (event: EngineEvent) => Promise<'go on' | 'enough'>) => Promise<void>> {
  const filters = JSON.stringify({
    label: { [`${labels.project}=${project}`]: true },
    type: { container: true },
  });
  const response = await api.stream('GET', `/events${query({ filters, ...more })}`);
  return async (take) => {
    let rest = '';
    for (;;) {
      const bytes = await response.body.read();
      if (bytes === undefined) return;
      rest += decode(bytes);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        if (line.trim() !== '' && (await take(JSON.parse(line) as EngineEvent)) === 'enough') return;
    }
  };
}
