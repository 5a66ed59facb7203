import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { decode, encode, noBytes } from '../../linux/io/bytes';
import { Headers } from '../../linux/net/http/message';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { namespace } from '../api/core/namespace';
import { serviceAccount } from '../api/core/serviceaccount';
import { kinds } from '../api/index';
import { createApiserver } from './apiserver';
import { createRegistry } from './create-registry';

const shared = process.env['BOTTLESHIP_SHARED'] ?? '../shared';
const folder = `${shared}/ground-truth/kubernetes/api`;
/** How many are right; raise them when more becomes right. */
const floors = { verdicts: 5600, validation: 1950 };

interface Line {
  readonly id?: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly code?: number;
  readonly response?: unknown;
}

function server() {
  const trace = new Trace();
  const start = Date.parse('2026-11-21T03:20:58Z');
  const clock = new Clock({ start, trace, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  const handler = createApiserver({ registry, clock, random, trace });
  const admin = registry.as({ user: 'admin', groups: ['system:masters'], agent: 'test' });
  const ensure = (name: string) => {
    if (registry.get(namespace, undefined, name) !== undefined) return;
    if (!admin.create(namespace, { metadata: { name }, spec: {} }).ok) return;
    admin.create(serviceAccount, { metadata: { name: 'default', namespace: name } });
  };
  const ask = async (method: string, url: string, body: unknown) => {
    const raw = body === undefined ? noBytes : encode(typeof body === 'string' ? body : JSON.stringify(body));
    const peer = { commonName: 'admin', organizations: ['system:masters'] };
    const response = await handler({ method, url, headers: new Headers(), body: raw }, { remote: 'x', peer });
    const text = response.body instanceof Uint8Array ? decode(response.body) : '';
    return { code: response.status, response: text === '' ? '' : (JSON.parse(text) as unknown) };
  };
  return { ask, ensure };
}

const dropped = new Set(['managedFields', 'uid', 'creationTimestamp', 'resourceVersion']);
const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (dropped.has(key) ? [] : [[key, without(item)]])),
  );
};

const loadNormalise = async () =>
  (
    (await import(/* @vite-ignore */ pathToFileURL(resolve(folder, 'normalise.mjs')).href)) as {
      normalise: (line: object) => string;
    }
  ).normalise;

const lines = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

const show = (name: string, wrong: readonly string[]): void => {
  if (process.env['SHOW'] === name) console.log(wrong.join('\n'));
};

const normaliseNames = (text: string): string => text.replace(/"nodePort":3\d{4}/g, '"nodePort":"N"');

test.skipIf(!existsSync(folder))(
  'manifests of the corpus get the verdict of the real server (needs ../shared)',
  { timeout: 120_000 },
  async () => {
    const normalise = await loadNormalise();
    const { ask, ensure } = server();
    const manifests = lines(`${shared}/corpus/manifests.jsonl`);
    const verdicts = lines(`${folder}/manifests-verdicts.jsonl`);
    const wrong: string[] = [];
    let tried = 0;
    for (const [index, text] of manifests.entries()) {
      const verdict = JSON.parse(verdicts[index] ?? '{}') as { code?: number; object?: unknown; status?: unknown };
      if (verdict.code === undefined) continue;
      const raw = JSON.parse(text) as { doc?: Manifest; object?: Manifest; manifest?: Manifest } & Manifest;
      const body = raw.doc ?? raw.object ?? raw.manifest ?? raw;
      const kind = kinds.find(({ apiVersion, names }) => apiVersion === body.apiVersion && names.kind === body.kind);
      if (kind === undefined) continue;
      const space = body.metadata?.namespace ?? 'default';
      if (kind.namespaced && typeof space === 'string') ensure(space);
      const base = kind.names.group === '' ? '/api/v1' : `/apis/${kind.apiVersion}`;
      const path = `${base}${kind.namespaced ? `/namespaces/${space}` : ''}/${kind.names.plural}`;
      const answer = await ask('POST', `${path}?dryRun=All&fieldManager=kubectl-create&fieldValidation=Strict`, body);
      tried++;
      const expected = normaliseNames(
        normalise({ code: verdict.code, response: without(verdict.object ?? verdict.status) }),
      );
      const got = normaliseNames(normalise({ code: answer.code, response: without(answer.response) }));
      if (expected !== got) wrong.push(difference(`${index} ${kind.names.kind}`, expected, got));
    }
    show('verdicts', wrong);
    const percent = ((tried - wrong.length) / tried) * 100;
    console.log(`verdicts: ${tried - wrong.length} of ${tried} (${percent.toFixed(1)} %)`);
    expect(tried - wrong.length).toBeGreaterThanOrEqual(floors.verdicts);
  },
);

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: unknown };
}

test.skipIf(!existsSync(folder))(
  'mistakes get the words of the real server (needs ../shared)',
  { timeout: 120_000 },
  async () => {
    const normalise = await loadNormalise();
    const { ask, ensure } = server();
    ensure('val');
    const wrong: string[] = [];
    let tried = 0;
    for (const text of lines(`${folder}/validation.jsonl`)) {
      const line = JSON.parse(text) as Line;
      const kind = kinds.find(({ apiVersion, names }) => {
        const base = names.group === '' ? '/api/v1' : `/apis/${apiVersion}`;
        const rest = names.plural === 'namespaces' ? '(/[^/?]+)?(/(status|finalize))?([?]|$)' : '([/?]|$)';
        return new RegExp(`^${base}/(namespaces/[^/]+/)?${names.plural}${rest}`).test(line.path);
      });
      if (kind === undefined) continue;
      const answer = await ask(line.method ?? 'POST', line.path, line.body);
      if (line.code === undefined) continue;
      tried++;
      const expected = normaliseNames(normalise({ code: line.code, response: without(line.response) }));
      const got = normaliseNames(normalise({ code: answer.code, response: without(answer.response) }));
      if (expected !== got) wrong.push(difference(`${line.id}`, expected, got));
    }
    show('validation', wrong);
    const percent = ((tried - wrong.length) / tried) * 100;
    console.log(`validation: ${tried - wrong.length} of ${tried} (${percent.toFixed(1)} %)`);
    expect(tried - wrong.length).toBeGreaterThanOrEqual(floors.validation);
  },
);

/** From where they differ. */
function difference(title: string, expected: string, got: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === got[at]) at++;
  const from = Math.max(0, at - 60);
  return `${title}\n   expected …${expected.slice(from, at + 260)}\n   got      …${got.slice(from, at + 160)}`;
}
