import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { World } from '../src/world/world';
import type { BridgeArguments } from './arguments';
import { Authority } from './certificates';
import { kubeconfig } from './kubeconfig';
import { Pump } from './pump';
import { createServer } from './serve';
import { translator, withOpenapiMessages } from './translate';

export interface Bridge {
  readonly world: World;
  readonly pump: Pump;
  /** `https://127.0.0.1:PORT`; none in a topology without Kubernetes. */
  readonly server: string | undefined;
  readonly token: string;
  readonly authority: string;
  /** Text of a kubeconfig for the administrator. */
  readonly kubeconfig: string | undefined;
  readonly dockerHost: string | undefined;
  close(): Promise<void>;
}

export interface BridgeOptions extends BridgeArguments {
  /** When the world begins, in milliseconds since the epoch; default: so that it has booted by now. */
  readonly begin?: number;
  readonly fault: (error: unknown, where: string) => void;
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
const admin = { commonName: 'kubernetes-admin', organizations: ['system:masters'] };

/** How long before the present a world begins, so that it has booted when it gets there. Virtual milliseconds. */
const HEAD_START = 180_000;
export const beginning = (): number => Math.floor(Date.now() / 1000) * 1000 - HEAD_START;

/** Boots a world and serves it on loopback. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { seed, topology, speed, fault, begin = beginning() } = options;
  const world = await World.create({
    seed,
    topology,
    settle,
    // Real clients tell ages by their own clock.
    begin,
    hooks: { output: () => undefined, closed: () => undefined, checked: () => undefined, fault },
  });
  const { lab } = world;
  await lab.clock.advanceTo(Date.now());
  const pump = new Pump({ clock: lab.clock, trace: lab.trace, speed, fault: (error) => fault(error, 'pump') });
  const servers: Server[] = [];
  const common = { clock: lab.clock, pump };
  const token = randomBytes(16).toString('hex');
  const authority = new Authority('kubernetes', Date.now());

  let server: string | undefined;
  let config: string | undefined;
  const { controlPlane } = lab;
  if (controlPlane !== undefined) {
    const { certificate, key } = authority.server(
      { commonName: 'kube-apiserver' },
      ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      ['127.0.0.1'],
    );
    const https = createServer({
      ...common,
      handler: withOpenapiMessages(controlPlane.handler),
      up: () => controlPlane.apiserver.up,
      tls: { key, cert: certificate, ca: authority.certificate },
      translate: translator(token, admin),
      fault: (error) => fault(error, 'kube-apiserver'),
    });
    servers.push(https);
    await listening(https, () => https.listen(options.port, '127.0.0.1'));
    server = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
    config = kubeconfig({ server, authority: authority.certificate, admin: authority.client(admin), token });
    if (options.kubeconfig !== undefined) writeFileSync(options.kubeconfig, config, { mode: 0o600 });
  }

  let dockerHost: string | undefined;
  if (options.dockerSocket !== undefined) {
    const path = resolve(options.dockerSocket);
    const engine = () => lab.docker.engine(lab.first.name);
    const http = createServer({
      ...common,
      handler: async (request, context) => {
        const dockerd = engine();
        if (dockerd === undefined) throw new Error('dockerd is not running');
        return dockerd.handler(request, context);
      },
      up: () => engine() !== undefined,
      remote: 'unix',
      fault: (error) => fault(error, 'dockerd'),
    });
    servers.push(http);
    if (existsSync(path)) rmSync(path);
    await listening(http, () => http.listen(path));
    dockerHost = `unix://${path}`;
  }

  return {
    world,
    pump,
    server,
    token,
    authority: authority.certificate,
    kubeconfig: config,
    dockerHost,
    async close() {
      for (const each of servers) {
        each.close();
        each.closeAllConnections();
      }
      await pump.stop();
    },
  };
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.once('listening', done);
    listen();
  });
}
