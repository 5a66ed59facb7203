import { serveAlpha } from '../../kubernetes/apiserver/alpha';
import { bootstrap } from '../../kubernetes/apiserver/bootstrap';
import { listenAndServe } from '../../linux/net/http/server';
import { parseCertificates, parseKey, type Identity } from '../../linux/net/tls/certificate';
import type { Process, Program } from '../../linux/process/types';
import { publishAuthentication } from './authentication-info';
import { settingsOf } from './apiserver-settings';
import { flagsOf, klog, reach, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';
import { chargeFor } from './cpu-cost';

/** kube-apiserver: serves the REST face on its secure port while it runs and etcd does. */
export const kubeApiserver =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const flags = flagsOf(process.args);
    const identity = readIdentity(process, flags.get('tls-cert-file'), flags.get('tls-private-key-file'));
    const clientCa = process.fs.readText(flags.get('client-ca-file') ?? '');
    if (identity === undefined || !clientCa.ok) {
      klog(
        process,
        'run.go:72',
        '"command failed" err="error creating self-signed certificates: open certificate"',
        'E',
      );
      return 1;
    }
    const settings = settingsOf(process, flags);
    if (typeof settings === 'string') {
      klog(process, 'run.go:72', `"command failed" err=${JSON.stringify(settings)}`, 'E');
      return 1;
    }
    await reach(
      process,
      cluster.etcd,
      'Failed to create storage: dial tcp 127.0.0.1:2379: connect: connection refused',
    );
    const address = flags.get('advertise-address') ?? '127.0.0.1';
    const port = Number(flags.get('secure-port') ?? 6443);
    Object.assign(cluster.settings, settings);
    serveAlpha(cluster.registry.storage, settings);
    const key = process.fs.readText(flags.get('service-account-signing-key-file') ?? '');
    if (key.ok) cluster.registry.tokens.useKey(key.value);
    bootstrap(cluster.registry, { advertiseAddress: address, port });
    publishAuthentication(process, cluster, flags);
    const served = listenAndServe(process, process.net.listen(process, { address: '0.0.0.0', port }), cluster.handler, {
      tls: {
        chain: [identity.certificate],
        key: identity.key,
        clientRoots: parseCertificates(clientCa.value),
        now: () => process.clock.now,
      },
    });
    if (!served.ok) {
      klog(
        process,
        'run.go:72',
        `"command failed" err="listen tcp 0.0.0.0:${port}: bind: address already in use"`,
        'E',
      );
      return 1;
    }
    cluster.apiserver.serve(process);
    chargeFor(process, 'kube-apiserver', cluster);
    klog(process, 'secure_serving.go:211', `Serving securely on [::]:${port}`);
    return untilTerminated(process);
  };

/** A certificate with its key from two files. */
export function readIdentity(process: Process, certificate = '', key = ''): Identity | undefined {
  const pem = process.fs.readText(certificate);
  const keyText = process.fs.readText(key);
  if (!pem.ok || !keyText.ok) return undefined;
  const [first] = parseCertificates(pem.value);
  const parsed = parseKey(keyText.value);
  return first === undefined || parsed === undefined ? undefined : { certificate: first, key: parsed };
}
