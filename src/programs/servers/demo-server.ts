import { encode } from '../../linux/io/bytes';
import { serve } from '../../linux/net/http/server';
import { Headers, type Request, type RequestContext, type Response } from '../../linux/net/http/message';
import type { Process } from '../../linux/process/types';

export interface DemoServer {
  readonly port: number;
  /** What it prints when it begins to listen, or fails to. */
  readonly started?: string;
  readonly answer: (request: Request, context: RequestContext) => Response;
}

/** A small server that answers until it is stopped; what Go's do without a handler is to die of the signal. */
export async function runDemoServer(process: Process, { port, started, answer }: DemoServer): Promise<number> {
  const listener = process.net.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) {
    const why = listener.error.message.toLowerCase();
    await process.stderr.write(`listen tcp :${port}: bind: ${why}\n`);
    return 1;
  }
  if (started !== undefined) await process.stdout.write(started);
  process.thread(() => serve(process, listener.value, (request, context) => Promise.resolve(answer(request, context))));
  await process.block<void>((wake) => {
    const undo = (['SIGTERM', 'SIGINT'] as const).map((signal) => process.signals.handle(signal, () => wake()));
    return () => undo.forEach((restore) => restore());
  });
  return 0;
}

export const plain = (text: string, status = 200, type = 'text/plain; charset=utf-8'): Response => ({
  status,
  headers: new Headers({ 'Content-Type': type }),
  body: encode(text),
});

/** The addresses of the machine's interfaces, as Go lists them. */
export const addressesOf = (process: Process): readonly string[] =>
  process.namespaces.net
    .links()
    .flatMap(({ addresses }) => addresses.map((address) => String(address).split('/')[0] ?? ''));

/** `-name=value`, `--name value`, `-name value`. */
export function flagOf(process: Process, name: string): string | undefined {
  const { args } = process;
  for (const [index, arg] of args.entries()) {
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (match?.[1] === name) return match[2] ?? args[index + 1];
  }
  return undefined;
}
