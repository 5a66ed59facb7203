import { Counter, Gauge, Histogram } from '../metrics/instruments';

/** requestDurationSecondsBuckets */
const durations = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

const named = (name: string): string => `apiserver_flowcontrol_${name}`;

/** What is counted of each request that a FlowSchema took. Nobody waits here: queues are always empty. */
export class FlowMetrics {
  readonly #requests = new Gauge(named('current_executing_requests'), '[BETA] Requests that are executed now.');
  readonly #seats = new Gauge(named('current_executing_seats'), '[BETA] Seats of the requests that are executed now.');
  readonly #waiting = new Gauge(named('current_inqueue_requests'), '[BETA] Requests that wait in queues now.');
  readonly #waitingSeats = new Gauge(named('current_inqueue_seats'), '[ALPHA] Seats that wait in queues now.');
  readonly #dispatched = new Counter(
    named('dispatched_requests_total'),
    '[BETA] Requests that were executed, by what took them.',
  );
  readonly #execution = new Histogram(
    named('request_execution_seconds'),
    '[ALPHA] Seconds that requests were executed; of watches until they began.',
    durations,
  );
  readonly #lengths = new Histogram(
    named('request_queue_length_after_enqueue'),
    '[ALPHA] How long the queue of a request was with it.',
    [0, 10, 25, 50, 100, 250, 500, 1000],
  );
  readonly #waits = new Histogram(
    named('request_wait_duration_seconds'),
    '[BETA] Seconds that requests waited in queues.',
    durations,
  );
  readonly #estimates = new Histogram(
    named('work_estimated_seats'),
    '[ALPHA] Seats that requests take.',
    [1, 2, 4, 10],
  );

  /** A request begins; call the result with how many seconds it took. */
  begin(schema: string, level: string, seats: number, queued: boolean, watch: boolean): (seconds: number) => void {
    const labels = `flow_schema="${schema}",priority_level="${level}"`;
    this.#dispatched.add(labels);
    this.#requests.add(labels, 1);
    this.#seats.add(labels, seats);
    this.#estimates.observe(labels, seats);
    if (queued) {
      this.#lengths.observe(labels, 1);
      this.#waits.observe(`execute="true",${labels}`, 0);
      this.#waiting.set(labels, 0);
      this.#waitingSeats.set(labels, 0);
    }
    return (seconds) => {
      this.#requests.add(labels, -1);
      this.#seats.add(labels, -seats);
      this.#execution.observe(`${labels},type="${watch ? 'watch' : 'regular'}"`, seconds);
    };
  }

  /** How many requests of a level are executed now. */
  executing(level: string): number {
    return this.#requests.sum(`priority_level="${level}"`);
  }
  /** How many were. */
  dispatched(level: string): number {
    return this.#dispatched.sum(`priority_level="${level}"`);
  }

  render(): string {
    const all = [
      this.#requests,
      this.#seats,
      this.#waiting,
      this.#waitingSeats,
      this.#dispatched,
      this.#execution,
      this.#lengths,
      this.#waits,
      this.#estimates,
    ];
    return all.map((each) => each.render()).join('');
  }
}
