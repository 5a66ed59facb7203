import type { Lab } from '../../src/cluster/lab';
import { Host } from '../../src/linux/host';
import { encode } from '../../src/linux/io/bytes';
import type { Question } from '../../src/linux/net/dns/message';
import { serveDns, type Answer } from '../../src/linux/net/dns/server';
import { createLan } from '../../src/linux/net/lan';
import type { Program } from '../../src/linux/process/types';

/** The recordings' host: its address, and the gateway that was name server and web server in one. */
const address = '10.0.2.15';
const gateway = '10.0.2.2';

/** Gives the lab's host the network of the recordings' host instead of its own. */
export function moveOutside({ first, clock, random, trace }: Lab): void {
  const lan = createLan('slirp');
  const outside = new Host({ name: 'outside', clock, random: random.fork('outside'), trace, programs: new Map() });
  outside.net.setUp('lo', true);
  outside.net.addCard('eth0', lan);
  outside.net.setUp('eth0', true);
  outside.net.addAddress('eth0', `${gateway}/24`);
  outside.spawn({ file: nameServer, argv: ['dns'] });
  outside.spawn({ file: webServer, argv: ['web'] });
  const { net, fs } = first;
  const [, card] = net.links();
  for (const cidr of card?.addresses ?? []) net.deleteAddress('eth0', cidr);
  net.deleteRoute('default');
  net.addCard('enp0s3', lan);
  net.setUp('enp0s3', true);
  net.addAddress('enp0s3', `${address}/24`);
  net.addRoute({ destination: 'default', via: gateway, device: 'enp0s3' });
  fs.writeFile('/etc/resolv.conf', `nameserver ${gateway}\n`);
}

const nameServer: Program = async (process) => {
  serveDns(process, { address: gateway, port: 53 }, answer);
  await process.block<void>(() => () => undefined);
  return 0;
};

function answer({ name, type }: Question): Answer {
  if (name !== 'example.com') return { code: 'NXDOMAIN', answers: [], authoritative: false };
  const answers = type === 'A' ? [{ name, type, ttl: 60, data: gateway }] : [];
  return { code: 'NOERROR', answers, authoritative: false };
}

/** Tells whoever asks who they are, as seen from here. */
const webServer: Program = async (process) => {
  const opened = process.net.listen(process, { address: gateway, port: 80 });
  if (!opened.ok) return 1;
  for (;;) {
    const accepted = await opened.value.accept();
    if (!accepted.ok) return 1;
    const socket = accepted.value;
    process.thread(async () => {
      await socket.read();
      const body = `you are ${socket.remote.address}:${socket.remote.port}\n`;
      await socket.write(encode(`HTTP/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
      socket.close();
    });
  }
};
