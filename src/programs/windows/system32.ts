import type { Program } from '../../linux/process/types';
import { resolve } from '../../linux/net/dns/resolve';
import { variable } from './paths';

export const hostname: Program = async (process) => {
  await process.stdout.write(`${process.namespaces.uts.hostname}\r\n`);
  return 0;
};

export const whoami: Program = async (process) => {
  const name = `${variable(process, 'USERDOMAIN') ?? ''}\\${variable(process, 'USERNAME') ?? ''}`;
  await process.stdout.write(`${name.toLowerCase()}\r\n`);
  return 0;
};

export const ipconfig: Program = async (process) => {
  let text = '\r\nWindows IP Configuration\r\n\r\n';
  for (const { name, addresses } of process.net.links()) {
    const [address = '', prefix = '32'] = (addresses[0] ?? '').split('/');
    if (name === 'lo' || address === '') continue;
    const bits = (2 ** 32 - 2 ** (32 - Number(prefix))) >>> 0;
    const mask = [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
    const gateway = process.net.routes().find(({ destination }) => destination === 'default')?.via ?? '';
    text +=
      `\r\nEthernet adapter ${name.replace('eth0', 'Ethernet')}:\r\n\r\n` +
      `   Connection-specific DNS Suffix  . : \r\n   IPv4 Address. . . . . . . . . . . : ${address}\r\n` +
      `   Subnet Mask . . . . . . . . . . . : ${mask}\r\n   Default Gateway . . . . . . . . . : ${gateway}\r\n`;
  }
  await process.stdout.write(text);
  return 0;
};

/** ping.exe: four times, with `-t` until it is ended, with `-n` as often as that. */
export const ping: Program = async (process) => {
  const { args } = process;
  const endless = args.includes('-t');
  const counted = args.indexOf('-n');
  const count = endless ? Infinity : counted < 0 ? 4 : Number(args[counted + 1]);
  const target = args.findLast((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-n') ?? '';
  const found = await resolve(process, target);
  const [address] = found.ok ? found.value : [];
  if (address === undefined) {
    await process.stdout.write(`Ping request could not find host ${target}. Please check the name and try again.\r\n`);
    return 1;
  }
  const shown = address === target ? address : `${target} [${address}]`;
  await process.stdout.write(`\r\nPinging ${shown} with 32 bytes of data:\r\n`);
  const times: number[] = [];
  let sent = 0;
  while (sent < count) {
    if (sent > 0) await process.sleep(1000);
    sent++;
    const reply = await process.net.echo(process, address, { size: 32, timeout: 4000, sequence: sent });
    if (reply.ok && reply.value.kind === 'reply') {
      const time = Math.floor(reply.value.time);
      times.push(time);
      await process.stdout.write(
        `Reply from ${address}: bytes=32 time${time < 1 ? '<1' : `=${time}`}ms TTL=${reply.value.ttl}\r\n`,
      );
    } else await process.stdout.write('Request timed out.\r\n');
  }
  const lost = sent - times.length;
  const average = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  await process.stdout.write(
    `\r\nPing statistics for ${address}:\r\n    Packets: Sent = ${sent}, Received = ${times.length}, Lost = ${lost} (${Math.floor((lost / sent) * 100)}% loss),\r\n` +
      (times.length === 0
        ? ''
        : `Approximate round trip times in milli-seconds:\r\n    Minimum = ${Math.min(...times)}ms, Maximum = ${Math.max(...times)}ms, Average = ${Math.floor(average)}ms\r\n`),
  );
  return times.length === 0 ? 1 : 0;
};
