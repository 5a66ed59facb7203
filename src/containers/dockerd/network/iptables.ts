import type { NetfilterAdmin } from '../../../linux/net/types';
import { err, ok, type Result } from '../../../sim/result';

type Rule = readonly string[];

/**
 * The rules dockerd 28 keeps (libnetwork/drivers/bridge/internal/iptabler). Each call runs an iptables command, as dockerd
 * does; what is there already is left alone (`-C`).
 */
export class DockerRules {
  constructor(
    readonly netfilter: NetfilterAdmin,
    /** Told of each rule that is put in or taken out. */
    readonly note: (args: readonly string[]) => void = () => undefined,
  ) {}

  /** Chains and jumps that are there as long as dockerd runs. */
  setUp(): void {
    for (const chain of [
      'DOCKER',
      'DOCKER-BRIDGE',
      'DOCKER-CT',
      'DOCKER-FORWARD',
      'DOCKER-ISOLATION-STAGE-1',
      'DOCKER-ISOLATION-STAGE-2',
      'DOCKER-USER',
    ])
      this.#run(['-t', 'filter', '-N', chain]);
    this.#run(['-t', 'nat', '-N', 'DOCKER']);
    this.#run(['-t', 'filter', '-P', 'FORWARD', 'DROP']);
    this.#append('filter', 'FORWARD', ['-j', 'DOCKER-USER']);
    this.#append('filter', 'FORWARD', ['-j', 'DOCKER-FORWARD']);
    for (const chain of ['DOCKER-CT', 'DOCKER-ISOLATION-STAGE-1', 'DOCKER-BRIDGE'])
      this.#append('filter', 'DOCKER-FORWARD', ['-j', chain]);
    this.#append('nat', 'PREROUTING', ['-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER']);
    this.#append('nat', 'OUTPUT', ['!', '-d', '127.0.0.0/8', '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', 'DOCKER']);
  }

  addBridge(bridge: string, subnet: string, internal: boolean): void {
    for (const [table, chain, rule, first] of bridgeRules(bridge, subnet, internal))
      (first ? this.#insert : this.#append)(table, chain, rule);
  }

  removeBridge(bridge: string, subnet: string, internal: boolean): void {
    for (const [table, chain, rule] of bridgeRules(bridge, subnet, internal)) this.#delete(table, chain, rule);
  }

  /** Nobody reaches a container's address from elsewhere but by its bridge. */
  addAddress(bridge: string, address: string): void {
    this.#append('raw', 'PREROUTING', directAccess(bridge, address));
  }

  removeAddress(bridge: string, address: string): void {
    this.#delete('raw', 'PREROUTING', directAccess(bridge, address));
  }

  addPort(port: PublishedPort): Result<void, string> {
    for (const [table, chain, rule, first] of portRules(port)) {
      const problem = (first ? this.#insert : this.#append)(table, chain, rule);
      if (problem !== undefined) return err(problem);
    }
    return ok(undefined);
  }

  removePort(port: PublishedPort): void {
    for (const [table, chain, rule] of portRules(port)) this.#delete(table, chain, rule);
  }

  readonly #append = (table: string, chain: string, rule: Rule): string | undefined => {
    if (this.#run(['-t', table, '-C', chain, ...rule]) === undefined) return undefined;
    return this.#run(['-t', table, '-A', chain, ...rule]);
  };

  readonly #insert = (table: string, chain: string, rule: Rule): string | undefined => {
    if (this.#run(['-t', table, '-C', chain, ...rule]) === undefined) return undefined;
    return this.#run(['-t', table, '-I', chain, ...rule]);
  };

  #delete(table: string, chain: string, rule: Rule): void {
    this.#run(['-t', table, '-D', chain, ...rule]);
  }

  /** iptables' complaint, if it has one. */
  #run(args: readonly string[]): string | undefined {
    const { code, stderr } = this.netfilter.command(['--wait', ...args]);
    if (code === 0) this.note(args);
    return code === 0 ? undefined : stderr.trim() || `exit status ${code}`;
  }
}

export interface PublishedPort {
  readonly protocol: string;
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerIp: string;
  readonly containerPort: number;
  readonly bridge: string;
}

type Placed = readonly [table: string, chain: string, rule: Rule, first: boolean];

function bridgeRules(bridge: string, subnet: string, internal: boolean): readonly Placed[] {
  if (internal) {
    return [
      ['filter', 'DOCKER-ISOLATION-STAGE-1', ['!', '-s', subnet, '-o', bridge, '-j', 'DROP'], true],
      ['filter', 'DOCKER-ISOLATION-STAGE-1', ['!', '-d', subnet, '-i', bridge, '-j', 'DROP'], true],
    ];
  }
  return [
    ['nat', 'POSTROUTING', ['-s', subnet, '!', '-o', bridge, '-j', 'MASQUERADE'], true],
    ['nat', 'DOCKER', ['-i', bridge, '-j', 'RETURN'], true],
    ['filter', 'DOCKER', ['!', '-i', bridge, '-o', bridge, '-j', 'DROP'], false],
    ['filter', 'DOCKER-BRIDGE', ['-o', bridge, '-j', 'DOCKER'], false],
    [
      'filter',
      'DOCKER-CT',
      ['-o', bridge, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
      false,
    ],
    ['filter', 'DOCKER-FORWARD', ['-i', bridge, '-j', 'ACCEPT'], false],
    ['filter', 'DOCKER-ISOLATION-STAGE-1', ['-i', bridge, '!', '-o', bridge, '-j', 'DOCKER-ISOLATION-STAGE-2'], false],
    ['filter', 'DOCKER-ISOLATION-STAGE-2', ['-o', bridge, '-j', 'DROP'], true],
  ];
}

const directAccess = (bridge: string, address: string): Rule => ['-d', address, '!', '-i', bridge, '-j', 'DROP'];

function portRules({
  protocol,
  hostIp,
  hostPort,
  containerIp,
  containerPort,
  bridge,
}: PublishedPort): readonly Placed[] {
  const any = hostIp === '0.0.0.0' || hostIp === '';
  const destination = any ? [] : ['-d', hostIp];
  const target = `${containerIp}:${containerPort}`;
  const proto = ['-p', protocol];
  return [
    [
      'nat',
      'DOCKER',
      [
        ...proto,
        ...destination,
        '--dport',
        String(hostPort),
        '-j',
        'DNAT',
        '--to-destination',
        target,
        '!',
        '-i',
        bridge,
      ],
      false,
    ],
    [
      'filter',
      'DOCKER',
      ['!', '-i', bridge, '-o', bridge, ...proto, '-d', containerIp, '--dport', String(containerPort), '-j', 'ACCEPT'],
      true,
    ],
  ];
}
