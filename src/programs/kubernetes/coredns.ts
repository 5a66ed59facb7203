import { sha256Hex } from '../../containers/images/digest';
import { answerKubernetes } from '../../kubernetes/network/coredns';
import { textResponse, listenAndServe } from '../../linux/net/http/server';
import { readResolvConf } from '../../linux/net/dns/config';
import { ask } from '../../linux/net/dns/resolve';
import { noRecords } from '../../linux/net/dns/message';
import { serveDns } from '../../linux/net/dns/server';
import type { Sys } from '../../linux/errno';
import type { Listener } from '../../linux/net/types';
import type { Program } from '../../linux/process/types';
import { flagsOf, reach, untilTerminated } from './component';
import type { ControlPlane } from './control-plane';

/** CoreDNS with the plugins of kubeadm's Corefile: kubernetes, forward, health, ready. */
export const coredns =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const corefile = process.fs.readText(flagsOf(process.args).get('conf') ?? 'Corefile');
    if (!corefile.ok) {
      await process.stderr.write(`open Corefile: ${corefile.error.message.toLowerCase()}\n`);
      return 1;
    }
    const zone = /^\s*kubernetes\s+(\S+)/m.exec(corefile.value)?.[1] ?? 'cluster.local';
    const any = (port: number): Sys<Listener> => process.net.listen(process, { address: '0.0.0.0', port });
    let ready = false;
    listenAndServe(process, any(8080), async () => textResponse(200, 'OK'));
    listenAndServe(process, any(8181), async () => textResponse(ready ? 200 : 503, ready ? 'OK' : 'kubernetes'));
    await reach(process, cluster.apiserver, 'plugin/kubernetes: Kubernetes API connection failure');

    const client = cluster.registry.as({ user: 'system:serviceaccount:kube-system:coredns', agent: 'coredns' });
    const served = serveDns(process, { address: '0.0.0.0', port: 53 }, async (question) => {
      const answer = answerKubernetes(question, { reader: client, zone });
      if (answer !== undefined) return answer;
      const reply = await ask(process, question, { ...readResolvConf(process.fs), timeout: 2000, attempts: 1 });
      if (!reply.ok) return { code: 'SERVFAIL', answers: noRecords };
      const { code, answers, authority } = reply.value.message;
      return { code, answers, authority };
    });
    if (!served.ok) {
      await process.stderr.write(`Listen: listen udp :53: bind: ${served.error.message.toLowerCase()}\n`);
      return 1;
    }
    ready = true;
    const digest = sha256Hex(corefile.value);
    await process.stdout.write(
      `.:53\n[INFO] plugin/reload: Running configuration SHA256 = ${digest}\nCoreDNS-1.12.0\nlinux/amd64, go1.23.3, 51e11f1\n`,
    );
    return untilTerminated(process);
  };
