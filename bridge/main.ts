/** `npm run bridge`: a simulated lab for real clients. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArguments, usage } from './arguments';
import { startBridge } from './bridge';

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if ('error' in args) {
    process.stderr.write(`bridge: ${args.error}\n${usage}`);
    process.exit(2);
  }
  const bridge = await startBridge({
    ...args,
    fault: (error, where) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`bottleship: a fault in ${where}: ${text}\n`);
    },
  });
  const stop = (): void => {
    void bridge.close().then(() => {
      if (args.dockerSocket !== undefined) rmSync(args.dockerSocket, { force: true });
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const { server, token, dockerHost } = bridge;
  const ready = {
    server: server ?? null,
    token,
    kubeconfig: args.kubeconfig === undefined || server === undefined ? null : resolve(args.kubeconfig),
    dockerHost: dockerHost ?? null,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bridge: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
