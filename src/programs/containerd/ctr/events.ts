import type { Envelope } from '../../../containers/containerd/events';
import type { CtrCommand } from './ctr';

/** `2026-11-20 21:17:40.488 +0000 UTC moby /tasks/start {…}`. */
const line = ({ timestamp, namespace, topic, event }: Envelope): string =>
  `${new Date(timestamp).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC ${namespace} ${topic} ${JSON.stringify(event)}\n`;

/** ctr events: prints what containerd tells until it is interrupted. */
export const events: CtrCommand = {
  names: ['events', 'event'],
  usage: 'Display containerd events',
  run: async ({ process, containerd }) => {
    const told: Envelope[] = [];
    let wake: (() => void) | undefined;
    const end = containerd.events.subscribe((envelope) => {
      told.push(envelope);
      wake?.();
    });
    process.atExit(end);
    for (;;) {
      const next = told.shift();
      if (next !== undefined) await process.stdout.write(line(next));
      else
        await process.block<void>((resume) => {
          wake = resume;
          return () => (wake = undefined);
        });
    }
  },
};
