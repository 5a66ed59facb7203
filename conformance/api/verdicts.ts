import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../src/kubernetes/api/index';
import { readLines } from '../lines';
import { shared, type Comparison } from '../runner';
import { normalise } from './normalise';
import { apart } from './requests';
import { Server } from './server';

interface Document {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

interface Verdict {
  readonly from: string;
  readonly code?: number;
  readonly warning?: readonly string[];
  readonly object?: unknown;
  readonly status?: unknown;
  readonly unserved?: true;
}

/** Every kind in every version that it is served in. */
const versions = kinds.flatMap((kind) => [kind, ...kind.views]);

/** Dry-run creation of every manifest that people publish. */
export async function* replayVerdicts(recordings: string, file: string): AsyncIterable<Comparison> {
  const beside = join(recordings, 'manifests.jsonl');
  const corpus = existsSync(beside) ? beside : join(shared, 'corpus/manifests.jsonl');
  const documents = readLines<{ readonly doc: Document }>(corpus);
  const verdicts = readLines<Verdict>(join(recordings, `${file}.jsonl`));
  const server = await Server.start(Date.parse('2026-11-21T03:20:58Z'));
  const known = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
  const post = (path: string, body: unknown) =>
    server.ask({ as: 'admin', method: 'POST', path, body, headers: { 'content-type': 'application/json' } });
  const withNamespace = async (name: string): Promise<void> => {
    if (known.has(name)) return;
    known.add(name);
    await server.addNamespace(name);
  };
  for (const name of known) await server.addNamespace(name);

  // As it was recorded: the namespaces before all that may stand in them.
  const isNamespace = (index: number): boolean => documents[index]?.doc.kind === 'Namespace';
  const order = [...verdicts.keys()];
  for (const index of [...order.filter(isNamespace), ...order.filter((each) => !isNamespace(each))]) {
    const doc = documents[index]?.doc;
    const verdict = verdicts[index];
    if (verdict === undefined) continue;
    if (doc === undefined || (verdict.code === undefined && verdict.unserved === undefined)) continue;
    const { apiVersion = '', kind: kindName = '' } = doc;
    const kind = versions.find((each) => each.apiVersion === apiVersion && each.names.kind === kindName);
    if (verdict.unserved === true) continue;
    if (kind === undefined) {
      yield { id: verdict.from, same: false, difference: `  ${apiVersion} ${kindName} is not served\n` };
      continue;
    }
    const namespace = kind.namespaced ? (doc.metadata?.namespace ?? 'default') : undefined;
    if (namespace !== undefined && verdict.code !== 404) await withNamespace(namespace);
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    const query = '?fieldManager=kubectl-create&fieldValidation=Strict&dryRun=All';
    const answer = await post(`${group}${place}/${kind.names.plural}${query}`, doc);
    const body = answer.code === 0 ? { fault: answer.text } : (JSON.parse(answer.text) as Record<string, unknown>);
    const warning = answer.headers.get('warning');
    const got = normalise({ code: answer.code, ...(warning === undefined ? {} : { warning }), body: bare(body) });
    const wanted = normalise({
      code: verdict.code,
      ...(verdict.warning === undefined ? {} : { warning: verdict.warning.join(', ') }),
      body: bare((verdict.object ?? verdict.status) as Record<string, unknown>),
    });
    yield { id: verdict.from, same: got === wanted, difference: `  ${apiVersion} ${kindName}\n${apart(wanted, got)}` };
  }
}

/** Without what a dry run makes anew each time. */
function bare(body: Readonly<Record<string, unknown>>): unknown {
  const { metadata } = body as { readonly metadata?: Readonly<Record<string, unknown>> };
  if (metadata === undefined) return body;
  const left = ['uid', 'creationTimestamp', 'resourceVersion', 'managedFields'];
  return { ...body, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !left.includes(key))) };
}
