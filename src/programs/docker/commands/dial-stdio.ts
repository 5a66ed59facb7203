import type { Command } from '../cli/command';

/** What `DOCKER_HOST=ssh://…` runs on the other side: standard streams, connected to the engine's socket. */
export const dialStdio: Command = {
  use: 'dial-stdio',
  short: 'Proxy the stdio stream to the daemon connection. Should not be invoked manually.',
  hidden: true,
  operands: [0, 0],
  offline: true,
  async run({ api, process }) {
    const path = api.host.replace(/^unix:\/\//, '');
    const opened = await process.net.connectUnix(process, path);
    if (!opened.ok) {
      await process.stderr.write(
        `failed to open the raw stream connection: dial unix ${path}: connect: ${opened.error.message.toLowerCase()}\n`,
      );
      return 1;
    }
    const socket = opened.value;
    process.thread(async () => {
      for (;;) {
        const bytes = await process.stdin.read();
        if (bytes === undefined) break;
        await socket.write(bytes);
      }
      socket.shutdown();
    });
    for (;;) {
      const bytes = await socket.read();
      if (!bytes.ok || bytes.value === undefined) return 0;
      await process.stdout.write(bytes.value);
    }
  },
};
