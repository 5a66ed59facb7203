import type { ProbeNetwork, ProbeResult } from '../../kubernetes/kubelet/types';
import { request } from '../../linux/net/http/client';
import { goErrnoText, goUrlError } from '../../linux/net/http/go-text';
import { Headers } from '../../linux/net/http/message';
import type { Errno } from '../../linux/errno';
import type { Process } from '../../linux/process/types';

/** Probes as connections of the kubelet's own process. Texts of failures are Go's (net, net/http). */
export const probeNetwork = (process: Process): ProbeNetwork => ({
  http({ url, headers, timeout }, done) {
    process.thread(async () => {
      const fields = new Headers({ 'User-Agent': 'kube-probe/1.33', Accept: '*/*', Connection: 'close' });
      for (const { name, value } of headers) fields.set(name, value);
      const answer = await request(process, {
        url,
        method: 'GET',
        headers: fields,
        timeout,
        tls: { insecure: true, roots: [] },
      });
      done(answer.ok ? verdict(answer.value.status) : { ok: false, output: goUrlError('Get', url, answer.error) });
      if (answer.ok) answer.value.close();
    });
  },
  tcp(address, port, timeout, done) {
    process.thread(async () => {
      const connected = await process.net.connect(process, { address, port }, { timeout });
      if (connected.ok) connected.value.close();
      done(
        connected.ok
          ? { ok: true, output: '' }
          : { ok: false, output: dialText(`${address}:${port}`, connected.error) },
      );
    });
  },
});

const verdict = (status: number): ProbeResult =>
  status >= 200 && status < 400
    ? { ok: true, output: '' }
    : { ok: false, output: `HTTP probe failed with statuscode: ${status}` };

const dialText = (endpoint: string, error: Errno): string =>
  error.code === 'ETIMEDOUT'
    ? `dial tcp ${endpoint}: i/o timeout`
    : `dial tcp ${endpoint}: connect: ${goErrnoText(error)}`;
