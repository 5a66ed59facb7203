import type { Response } from '../../../linux/net/http/message';
import { plain } from '../rest/respond';
import { Counter, Gauge, labelsOf } from './instruments';

/** The results of health checks, for /metrics/slis (component-base/metrics/prometheus/slis). */
export class HealthSlis {
  readonly #last = new Gauge('kubernetes_healthcheck', '[STABLE] Whether a check of health succeeded last.');
  readonly #results = new Counter('kubernetes_healthchecks_total', '[STABLE] Results of checks of health.');

  observe(name: string, type: string, success: boolean): void {
    this.#last.set(labelsOf({ name, type }), success ? 1 : 0);
    this.#results.add(labelsOf({ name, status: success ? 'success' : 'error', type }));
  }

  render(): Response {
    return plain(200, this.#last.render() + this.#results.render());
  }
}
