import { parentPort, Worker } from 'node:worker_threads';
import type { FromWorld, ToWorld } from '../src/world/protocol';

/** What the worker's thread runs: the page's own worker script, whose `self` is this thread's port. */
export async function serveWorld(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('not in a worker');
  const scope: {
    onmessage: ((event: { readonly data: ToWorld }) => void) | null;
    postMessage: (m: FromWorld) => void;
  } = { onmessage: null, postMessage: (message) => port.postMessage(message) };
  Object.assign(globalThis, { self: scope });
  await import('../src/world/worker');
  port.on('message', (data: ToWorld) => scope.onmessage?.({ data }));
  port.postMessage('ready');
}

/**
 * From a key's message to the message with its echo, through worker, pty and line editor; nothing is drawn. Keys come
 * when nothing else runs, as a person's do. Real milliseconds, ascending.
 */
export async function measureKeys(keys: number): Promise<readonly number[]> {
  const bundle = process.env.BOTTLESHIP_BUNDLE;
  if (bundle === undefined) throw new Error('run by scripts/run.mjs, which says where the bundle is');
  const worker = new Worker(bundle);
  const decoder = new TextDecoder();
  let heard: (text: string) => boolean = () => false;
  let resume: () => void = () => undefined;
  const until = (condition: (text: string) => boolean): Promise<void> =>
    new Promise((resolve) => {
      heard = condition;
      resume = resolve;
    });
  let ready = (): void => undefined;
  worker.on('message', (message: FromWorld | 'ready') => {
    if (message === 'ready') return ready();
    if (message.type === 'output' && heard(decoder.decode(message.data))) resume();
    if (message.type === 'started') ready();
  });
  const next = (): Promise<void> => new Promise((resolve) => (ready = resolve));
  const send = (message: ToWorld): void => worker.postMessage(message);
  await next();
  send({ type: 'start', seed: 7, fresh: true });
  await next();
  const prompt = until((text) => text.includes('#'));
  send({ type: 'input', input: { kind: 'open', terminal: 't1', host: 'workstation', rows: 24, columns: 80 } });
  await prompt;
  const took: number[] = [];
  for (let key = 0; key < keys; key++) {
    // The pause is a person's, and irregular, so that it does not beat in time with the worker's turns.
    await new Promise((resolve) => setTimeout(resolve, 11 + ((key * 7) % 13)));
    // A word of letters now and then wiped out, so that the line neither wraps nor scrolls.
    const data = key % 40 === 39 ? '\x15' : String.fromCharCode(97 + (key % 26));
    const echo = until((text) => data === '\x15' || text.includes(data));
    const began = performance.now();
    send({ type: 'input', input: { kind: 'type', terminal: 't1', data } });
    await echo;
    took.push(performance.now() - began);
  }
  await worker.terminate();
  return took.sort((a, b) => a - b);
}
