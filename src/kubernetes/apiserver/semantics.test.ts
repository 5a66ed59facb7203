import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode, encode, noBytes } from '../../linux/io/bytes';
import { Headers } from '../../linux/net/http/message';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { createApiserver } from './apiserver';
import { bootstrap } from './bootstrap';
import { createRegistry } from './create-registry';
import { kinds } from '../api/index';

const folder = `${process.env['BOTTLESHIP_SHARED'] ?? '../shared'}/ground-truth/kubernetes/api`;
/** Raise it when more becomes right. */
const floor = 190;

interface Line {
  readonly id: string;
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly code?: number;
  readonly response?: unknown;
}

const users: Readonly<Record<string, { commonName: string; organizations: string[] } | undefined>> = {
  admin: { commonName: 'admin', organizations: ['system:masters'] },
  jane: { commonName: 'jane', organizations: [] },
};

/** What differs between any two servers. */
const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    if (key === 'serverAddressByClientCIDRs' || key === 'description') continue;
    kept[key] = without((value as Record<string, unknown>)[key]);
  }
  return kept;
};

test.skipIf(!existsSync(folder))(
  'the recorded sequence of requests, as far as we have its kinds (needs ../shared)',
  async () => {
    const { normalise } = (await import(/* @vite-ignore */ `${process.cwd()}/${folder}/normalise.mjs`)) as {
      normalise: (line: object) => string;
    };
    const trace = new Trace();
    const start = Date.parse('2026-11-21T03:20:58Z');
    const clock = new Clock({ start, trace, settle: () => new Promise((resolve) => setImmediate(resolve)) });
    const random = new Random(1);
    const registry = createRegistry({ clock, random, trace });
    bootstrap(registry, { advertiseAddress: '172.30.1.2' });
    const handler = createApiserver({ registry, clock, random, trace });

    const text = async (line: Line, map: (text: string) => string) => {
      const { method, headers = {} } = line;
      const raw =
        line.body === undefined
          ? noBytes
          : encode(typeof line.body === 'string' ? line.body : map(JSON.stringify(line.body)));
      const peer = 'authorization' in headers ? undefined : users[line.as];
      const response = await handler(
        { method, url: map(line.path), headers: new Headers(headers), body: raw },
        { remote: 'x', ...(peer === undefined ? {} : { peer }) },
      );
      if (response.body instanceof Uint8Array) return { code: response.status, text: decode(response.body) };
      let all = '';
      const { body } = response;
      const reading = (async () => {
        for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read()) all += decode(chunk);
      })();
      await clock.advance(3000);
      body.cancel();
      await reading;
      return { code: response.status, text: all };
    };

    const wrong: string[] = [];
    let right = 0;
    let tried = 0;
    /** Recorded revisions, uids and tokens to ours. */
    const ours = new Map<string, string>();
    const map = (input: string): string => {
      let output = input;
      for (const [theirs, mine] of ours) output = output.replaceAll(theirs, mine);
      return output;
    };
    for (const raw of readFileSync(`${folder}/semantics.jsonl`, 'utf8').split('\n')) {
      if (raw === '') continue;
      const line = JSON.parse(raw) as Line;
      const served = kinds.some(
        ({ apiVersion, names }) => line.path.includes(`/${apiVersion}/`) && line.path.includes(names.plural),
      );
      if (!served && !/^\/(api|apis|healthz|metrics|version|api\/v9\/x)$/.test(line.path)) continue;
      const answer = await text(line, map);
      if (line.code === undefined) continue;
      let response: unknown = answer.text;
      try {
        response = Array.isArray(line.response)
          ? answer.text
              .trim()
              .split('\n')
              .map((each) => JSON.parse(each) as unknown)
          : JSON.parse(answer.text);
      } catch {
        // text stays text
      }
      const theirs = line.response as
        { metadata?: { resourceVersion?: string; uid?: string; continue?: string } } | undefined;
      const mine = response as typeof theirs;
      if (theirs?.metadata?.uid !== undefined && mine?.metadata?.uid !== undefined)
        ours.set(theirs.metadata.uid, mine.metadata.uid);
      if (theirs?.metadata?.continue !== undefined && mine?.metadata?.continue !== undefined)
        ours.set(theirs.metadata.continue, mine.metadata.continue);
      if (
        theirs?.metadata?.resourceVersion !== undefined &&
        mine?.metadata?.resourceVersion !== undefined &&
        line.path.includes('/c')
      )
        ours.set(`"${theirs.metadata.resourceVersion}"`, `"${mine.metadata.resourceVersion}"`);
      tried++;
      const expected = normalise({ code: line.code, response: without(line.response) });
      const got = normalise({ code: answer.code, response: without(response) });
      if (expected === got) right++;
      else
        wrong.push(
          `${line.id} ${line.method} ${line.path}\n   expected ${expected.slice(0, 700)}\n   got      ${got.slice(0, 700)}`,
        );
    }
    console.log(`semantics: ${right} of ${tried}`);
    if (process.env['SHOW'] !== undefined) console.log(wrong.join('\n'));
    expect(right).toBeGreaterThanOrEqual(floor);
  },
);
