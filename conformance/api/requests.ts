import { join } from 'node:path';
import { readLines } from '../lines';
import type { Comparison } from '../runner';
import { normalise } from './normalise';
import { Server, type Answer, type Request } from './server';

interface Recorded extends Request {
  readonly id: string;
  readonly code?: number;
  readonly response?: unknown;
  readonly responseHeaders?: Readonly<Record<string, string | readonly string[]>>;
}

interface WithMetadata {
  readonly metadata?: { readonly resourceVersion?: string; readonly uid?: string; readonly continue?: string };
}

/** Headers that are behaviour and not transport. */
const headers = ['content-type', 'warning'];

/** Replays recorded requests in their order against one server. */
export async function* replayRequests(recordings: string, file: string): AsyncIterable<Comparison> {
  const server = await Server.start(Date.parse('2026-11-21T03:20:58Z'));
  if (file === 'validation') await server.addNamespace('val');
  /** Recorded revisions, uids and tokens to ours. */
  const ours = new Map<string, string>();
  const translate = (text: string): string => {
    let result = text;
    for (const [theirs, mine] of ours) result = result.replaceAll(theirs, mine);
    return result;
  };
  for (const line of readLines<Recorded>(join(recordings, `${file}.jsonl`))) {
    const body =
      line.body === undefined || typeof line.body === 'string' || ours.size === 0
        ? line.body
        : (JSON.parse(translate(JSON.stringify(line.body))) as unknown);
    const answer = await server.ask({ ...line, path: translate(line.path), body });
    const response = parsed(answer.text, Array.isArray(line.response));
    if (line.code === undefined) continue;
    learn(ours, line, response as WithMetadata | undefined);
    const prefix = (line.body as { metadata?: { generateName?: string } } | undefined)?.metadata?.generateName;
    const wanted = normalise(
      { code: line.code, headers: recordedHeaders(line), response: kept(file, line.response) },
      prefix,
    );
    const got = normalise({ code: answer.code, headers: sentHeaders(answer), response: kept(file, response) }, prefix);
    yield {
      id: line.id,
      same: wanted === got,
      difference: `  ${line.method} ${line.path} ${JSON.stringify(line.body)?.slice(0, 300) ?? ''}\n${apart(wanted, got)}`,
    };
  }
}

/** The recordings of mistakes came without what each client manages. */
function kept(file: string, response: unknown): unknown {
  const { metadata } = (response ?? {}) as { readonly metadata?: Readonly<Record<string, unknown>> };
  if (file !== 'validation' || metadata?.['managedFields'] === undefined) return response;
  const { managedFields: _managed, ...rest } = metadata;
  return { ...(response as object), metadata: rest };
}

const recordedHeaders = ({ responseHeaders = {} }: Recorded): Record<string, string> =>
  Object.fromEntries(
    headers.flatMap((name) => {
      const value = responseHeaders[name];
      return value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]];
    }),
  );

const sentHeaders = ({ headers: sent }: Answer): Record<string, string> =>
  Object.fromEntries(
    headers.flatMap((name) => {
      const value = sent.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

function parsed(text: string, lines: boolean): unknown {
  try {
    if (!lines) return JSON.parse(text) as unknown;
    return text
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each) as unknown);
  } catch {
    return text;
  }
}

/** What later requests say of this answer, they must say in our terms. */
function learn(ours: Map<string, string>, { response, path }: Recorded, mine: WithMetadata | undefined): void {
  const theirs = (response as WithMetadata | undefined)?.metadata;
  const own = mine?.metadata;
  if (theirs?.uid !== undefined && own?.uid !== undefined) ours.set(theirs.uid, own.uid);
  if (theirs?.continue !== undefined && own?.continue !== undefined) ours.set(theirs.continue, own.continue);
  for (const [wanted, got] of generated(response, mine)) ours.set(wanted, got);
  if (theirs?.resourceVersion !== undefined && own?.resourceVersion !== undefined && path.includes('/c'))
    ours.set(`"${theirs.resourceVersion}"`, `"${own.resourceVersion}"`);
}

interface WithSpec {
  readonly spec?: { readonly clusterIP?: string; readonly volumes?: readonly { readonly name: string }[] };
}

/** What the server chose: addresses of services, names of token volumes. */
function* generated(theirs: unknown, mine: unknown): Iterable<readonly [string, string]> {
  const { clusterIP: address, volumes = [] } = (theirs as WithSpec | undefined)?.spec ?? {};
  const { clusterIP: ownAddress, volumes: ownVolumes = [] } = (mine as WithSpec | undefined)?.spec ?? {};
  if (address?.startsWith('10.') === true && ownAddress !== undefined) yield [`"${address}"`, `"${ownAddress}"`];
  const token = (each: { readonly name: string }): boolean => each.name.startsWith('kube-api-access-');
  const [volume, own] = [volumes.find(token), ownVolumes.find(token)];
  if (volume !== undefined && own !== undefined) yield [volume.name, own.name];
}

/** Where two long texts part. */
export function apart(wanted: string, got: string): string {
  const width = Number(process.env['CONFORMANCE_WIDTH'] ?? 400);
  let at = 0;
  while (at < wanted.length && wanted[at] === got[at]) at++;
  const from = Math.max(0, at - (width === 400 ? 60 : width));
  return `  - …${wanted.slice(from, at + width)}\n  + …${got.slice(from, at + width)}\n`;
}
