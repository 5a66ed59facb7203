import type { PublishedPort } from '../../containers/dockerd/network/rules';
import type { Host } from '../../linux/host';
import type { StreamSocket } from '../../linux/net/types';
import type { Process } from '../../linux/process/types';
import { err, ok, type Result } from '../../sim/result';
import { copy } from './desktop';

/**
 * A published port on the user's machine: no rule leads there, the backend listens and passes bytes on into the machine,
 * where somebody connects to the container.
 */
export function forwardPort(backend: Process, host: Host, port: PublishedPort): Result<() => void, string> {
  const { protocol, hostIp, hostPort, containerIp, containerPort } = port;
  if (protocol !== 'tcp') return ok(() => undefined);
  const opened = backend.net.listen(backend, { address: hostIp, port: hostPort });
  const shown = hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`;
  if (!opened.ok)
    return err(
      `ports are not available: exposing port TCP ${shown} -> 127.0.0.1:0: listen tcp ${shown}: bind: ${opened.error.message.toLowerCase()}`,
    );
  const listener = opened.value;
  backend.thread(async () => {
    for (;;) {
      const accepted = await listener.accept();
      if (accepted.ok) backend.thread(() => relay(accepted.value));
      else if (accepted.error.code !== 'EINTR') return;
    }
  });
  const relay = async (client: StreamSocket): Promise<void> => {
    const { trace, host: here } = backend;
    const span = trace.record(`com.docker.backend@${here.name}`, 'forward', shown, {
      over: 'vsock',
      to: `${containerIp}:${containerPort}`,
    });
    const inside = await trace.within(span.id, () =>
      host.init.net.connect(host.init, { address: containerIp, port: containerPort }),
    );
    if (!inside.ok) {
      client.close();
      return;
    }
    backend.thread(() => copy(backend, inside.value, client));
    await copy(backend, client, inside.value);
  };
  return ok(() => listener.close());
}
