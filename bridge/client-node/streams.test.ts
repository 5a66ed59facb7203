import { Attach, CoreV1Api, Exec, Log, PortForward, type KubeConfig, type V1Status } from '@kubernetes/client-node';
import { PassThrough, Writable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { until } from '../testing';
import { namespace, useClients } from './testing';

const clients = useClients();

/** A sink and what was written to it so far. */
class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.emit('more');
    done();
  }
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) await new Promise((resolve) => this.once('more', resolve));
  }
}

describe.each(['kubernetes-admin@kubernetes', 'token'])('a pod, in context %s', (context) => {
  const name = context === 'token' ? 'shell-token' : 'shell';
  let config: KubeConfig;

  beforeAll(async () => {
    config = clients.configOf(context);
    const core = config.makeApiClient(CoreV1Api);
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'echo ready; while read line; do echo "got $line"; done; sleep 3600'],
              stdin: true,
            },
            { name: 'web', image: 'nginx:1.27' },
          ],
        },
      },
    });
    await until(async () => {
      const { status } = await core.readNamespacedPod({ name, namespace });
      return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
    });
  }, 40_000);

  it('runs a command, with its streams and its status', async () => {
    const [out, err] = [new Sink(), new Sink()];
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config)
        .exec(
          namespace,
          name,
          'main',
          ['sh', '-c', 'cat; echo oh >&2; exit 3'],
          out,
          err,
          input('hello\n'),
          false,
          resolve,
        )
        .catch(reject);
    });
    expect([out.text, err.text]).toEqual(['hello\n', 'oh\n']);
    expect([status.status, status.reason, status.details?.causes?.[0]]).toEqual([
      'Failure',
      'NonZeroExitCode',
      { reason: 'ExitCode', message: '3' },
    ]);
  });

  it('attaches', async () => {
    const out = new Sink();
    const typed = new PassThrough();
    const socket = await new Attach(config).attach(namespace, name, 'main', out, null, typed, false);
    typed.write('ahoy\n');
    await out.until('got ahoy\n');
    socket.close();
  });

  it('streams logs', async () => {
    const sink = new Sink();
    const abort = await new Log(config).log(namespace, name, 'main', sink, { follow: true });
    await sink.until('ready\n');
    abort.abort();
  });

  it('forwards a port', async () => {
    const [out, err] = [new Sink(), new Sink()];
    // Its end would close the whole connection.
    const typed = new PassThrough();
    const socket = await new PortForward(config).portForward(namespace, name, [80], out, err, typed);
    typed.write('GET / HTTP/1.0\r\n\r\n');
    await out.until('</html>');
    expect(out.text).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
    expect(err.text).toBe('');
    if ('close' in socket) socket.close();
  });
});

/** A stream that says `text` and then ends. */
function input(text: string): PassThrough {
  const stream = new PassThrough();
  stream.end(text);
  return stream;
}
