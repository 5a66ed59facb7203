import type { NetfilterAdmin } from '../../../linux/net/types';
import { err, ok, type Result } from '../../../sim/result';
import {
  bridgeRules,
  chains,
  endpointRules,
  jumps,
  portRules,
  staleRules,
  type BridgeConfig,
  type PublishedPort,
  type Rule,
} from './rules';

/**
 * Keeps the rules of dockerd 28 (libnetwork/drivers/bridge/internal/iptabler). Each call runs an iptables command, as
 * dockerd does; what is there already is left alone (`-C`).
 */
export class DockerRules {
  constructor(
    readonly netfilter: NetfilterAdmin,
    /** Told of each rule that is put in or taken out. */
    readonly note: (args: readonly string[]) => void = () => undefined,
  ) {}

  /** Chains and jumps that are there as long as dockerd runs. */
  setUp(): void {
    for (const [table, chain] of chains) this.#run(['-t', table, '-N', chain]);
    this.#run(['-t', 'filter', '-P', 'FORWARD', 'DROP']);
    for (const jump of jumps) this.add(jump);
  }

  addBridge(config: BridgeConfig): void {
    for (const rule of bridgeRules(config)) this.add(rule);
  }

  removeBridge(config: BridgeConfig): void {
    for (const rule of bridgeRules(config)) this.delete(rule);
  }

  addAddress(config: BridgeConfig, address: string): void {
    for (const rule of endpointRules(config, address)) this.add(rule);
  }

  removeAddress(config: BridgeConfig, address: string): void {
    for (const rule of endpointRules(config, address)) this.delete(rule);
  }

  addPort(port: PublishedPort): Result<void, string> {
    for (const rule of staleRules(port)) this.delete(rule);
    for (const rule of portRules(port)) {
      const problem = this.add(rule);
      if (problem !== undefined) return err(problem);
    }
    return ok(undefined);
  }

  removePort(port: PublishedPort): void {
    for (const rule of portRules(port)) this.delete(rule);
  }

  /** iptables' complaint, if it has one. */
  add({ table, chain, words, first }: Rule): string | undefined {
    if (this.#run(['-t', table, '-C', chain, ...words]) === undefined) return undefined;
    return this.#run(['-t', table, first ? '-I' : '-A', chain, ...words]);
  }

  delete({ table, chain, words }: Rule): void {
    if (this.#run(['-t', table, '-C', chain, ...words]) === undefined) this.#run(['-t', table, '-D', chain, ...words]);
  }

  #run(args: readonly string[]): string | undefined {
    const { code, stderr } = this.netfilter.command(['--wait', ...args]);
    if (code === 0 && args[2] !== '-C') this.note(args);
    return code === 0 ? undefined : stderr.trim() || `exit status ${code}`;
  }
}
