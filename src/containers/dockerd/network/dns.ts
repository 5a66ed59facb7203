import type { Process } from '../../../linux/process/types';
import type { Container } from '../container';
import type { Engine } from '../engine';

/** The resolver at 127.0.0.11 that user-defined networks have. */
export function startEmbeddedDns(_engine: Engine, _container: Container, _child: Process): void {
  // Comes with the DNS server of linux/net/dns.
}
