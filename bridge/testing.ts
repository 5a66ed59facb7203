import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { startBridge, type Bridge } from './bridge';

interface Wanted {
  readonly topology?: string;
  readonly speed?: number;
  /** Whether a kubeconfig is written to a file too. */
  readonly kubeconfig?: boolean;
  /** Whether the docker engine listens. */
  readonly docker?: boolean;
}

/** What a suite of tests talks to, from its `beforeAll` on. */
export interface Tested {
  readonly bridge: Bridge;
  /** A folder of the suite's own; gone at its end. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly dockerSocket: string;
}

/** A bridge for the tests of the suite this is called in. At its end nothing may have gone wrong inside. */
export function useBridge({ topology = 'seed', speed = 20, kubeconfig = false, docker = false }: Wanted = {}): Tested {
  const faults: unknown[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'bottleship-bridge-'));
  const files = { kubeconfig: join(folder, 'admin.conf'), dockerSocket: join(folder, 'docker.sock') };
  let started: Bridge | undefined;

  beforeAll(async () => {
    started = await startBridge({
      seed: 7,
      topology,
      port: 0,
      speed,
      kubeconfig: kubeconfig ? files.kubeconfig : undefined,
      dockerSocket: docker ? files.dockerSocket : undefined,
      fault: (error) => faults.push(error),
    });
  }, 60_000);

  afterAll(async () => {
    await started?.close();
    rmSync(folder, { recursive: true, force: true });
    expect(faults).toEqual([]);
  });

  return {
    ...files,
    folder,
    get bridge() {
      if (started === undefined) throw new Error('the bridge is there from beforeAll on');
      return started;
    },
  };
}

/** Waits until something holds, by the clock of the wall: the world beyond the bridge goes at its own pace. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
