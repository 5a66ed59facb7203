import { RealTime } from '../../sim/real-time';
import type { Input } from '../protocol';
import type { World, WorldHooks } from '../world';

const TERMINAL = 't1';

/** A shell of the world in the person's own terminal, in real time. Ends with the shell. */
export async function interactive(create: (hooks: Partial<WorldHooks>) => Promise<World>): Promise<number> {
  const { stdin, stdout } = process;
  let over = false;
  const inputs: Input[] = [];
  const world = await create({
    output: (_terminal, bytes) => void stdout.write(bytes),
    closed: () => {
      over = true;
    },
  });
  const size = (): { rows: number; columns: number } => ({ rows: stdout.rows || 24, columns: stdout.columns || 80 });
  stdin.setRawMode(true);
  stdin.on('data', (bytes) => inputs.push({ kind: 'type', terminal: TERMINAL, data: bytes.toString('utf8') }));
  stdout.on('resize', () => inputs.push({ kind: 'resize', terminal: TERMINAL, ...size() }));
  inputs.push({ kind: 'open', terminal: TERMINAL, host: world.lab.first.name, ...size() });

  const { clock } = world.lab;
  const realTime = new RealTime({ clock, wall: () => performance.now(), interrupted: () => inputs.length > 0 });
  try {
    while (!over) {
      for (const input of inputs.splice(0)) {
        world.apply(input);
        await clock.advanceTo(clock.now);
      }
      await realTime.turn();
      await new Promise((resolve) => setTimeout(resolve, inputs.length > 0 ? 0 : 8));
    }
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
  return 0;
}
