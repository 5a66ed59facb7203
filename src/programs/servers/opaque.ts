import { encode } from '../../linux/io/bytes';
import { serve } from '../../linux/net/http/server';
import { Headers } from '../../linux/net/http/message';
import type { Process, Program } from '../../linux/process/types';

/** What the image says of itself (containers/images/opaque.ts). */
function about({ fs }: Process): { readonly name: string; readonly ports: readonly number[] } {
  const text = fs.readText('/etc/opaque-image');
  const value = (key: string): string =>
    text.ok ? (new RegExp(`^${key}=(.*)$`, 'm').exec(text.value)?.[1] ?? '') : '';
  return {
    name: value('NAME'),
    ports: value('PORTS')
      .split(' ')
      .filter((port) => port !== '')
      .map(Number),
  };
}

/** The process of an image of which only the name is known: it listens where the image says and answers with its name. */
export const opaque: Program = async (process) => {
  const { name, ports } = about(process);
  const own = process.argv[0]?.split('/').at(-1) ?? 'server';
  const hostname = process.namespaces.uts.hostname;
  for (const port of ports) {
    const listener = process.net.listen(process, { address: '0.0.0.0', port });
    if (!listener.ok) {
      await process.stderr.write(`${own}: listen tcp 0.0.0.0:${port}: bind: ${listener.error.message.toLowerCase()}\n`);
      return 1;
    }
    process.thread(() =>
      serve(process, listener.value, () =>
        Promise.resolve({
          status: 200,
          headers: new Headers({ 'Content-Type': 'text/plain; charset=utf-8' }),
          body: encode(`${name}\nhostname: ${hostname}\n`),
        }),
      ),
    );
  }
  const where = ports.length === 0 ? 'running' : `listening on ${ports.map((port) => `:${port}`).join(', ')}`;
  await process.stdout.write(`${own}: ${name} (an opaque image of this simulation), ${where}\n`);
  await process.block<void>((wake) => {
    const undo = (['SIGTERM', 'SIGINT', 'SIGQUIT'] as const).map((signal) =>
      process.signals.handle(signal, () => wake()),
    );
    return () => undo.forEach((restore) => restore());
  });
  return 0;
};
