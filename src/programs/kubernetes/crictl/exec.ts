import type { ExecSession } from '../../../containers/containerd/cri';
import { rpcErrorText } from '../../../containers/containerd/cri';
import type { Process } from '../../../linux/process/types';
import { ask } from './ask';
import { fatal, type CrictlCommand } from './crictl';
import { containersOf, notFound } from './found';

/** crictl exec. */
export const exec: CrictlCommand = {
  names: ['exec'],
  usage: 'Run a command in a running container',
  arguments: 'CONTAINER-ID COMMAND [ARG...]',
  stopAt: 1,
  flags: [
    { names: ['interactive', 'i'], usage: 'Keep STDIN open' },
    { names: ['sync', 's'], usage: 'Run the command synchronously' },
    { names: ['timeout'], value: 'value', usage: 'Timeout in seconds (default: 0)' },
    { names: ['tty', 't'], usage: 'Allocate a pseudo-TTY' },
  ],
  async run(crictl) {
    const { cri, flags, operands, process } = crictl;
    const [asked, ...command] = operands;
    if (asked === undefined || command.length === 0)
      return fatal(crictl, asked === undefined ? 'ID cannot be empty' : 'container ID or command is empty');
    const [container] = containersOf(cri, asked);
    if (container === undefined) return fatal(crictl, `execing command in container: ${notFound('container', asked)}`);
    const terminal = flags.has('tty');
    const stdin = flags.has('interactive');
    const begun = await ask<ExecSession>(process, (done) =>
      cri.exec(
        {
          containerId: container.id,
          command,
          tty: terminal,
          stdin,
          stdout: async (bytes) => void (await process.stdout.write(bytes)),
          stderr: async (bytes) => void (await process.stderr.write(bytes)),
          ...(terminal && process.tty !== undefined ? { size: process.tty.size } : {}),
        },
        done,
      ),
    );
    if (!begun.ok) return fatal(crictl, `execing command in container: ${rpcErrorText(begun.error)}`);
    const session = begun.value;
    const restore = terminal && stdin ? rawTerminal(process) : () => undefined;
    process.atExit(() => session.detach());
    const unlisten = process.signals.handle('SIGWINCH', () => {
      if (terminal && process.tty !== undefined) session.resize(process.tty.size);
    });
    if (stdin) {
      process.thread(async () => {
        for await (const bytes of process.stdin) await session.write(bytes);
        session.closeStdin();
      });
    }
    let code: number | undefined;
    let wake = (): void => undefined;
    session.onExit((status) => {
      code = status;
      wake();
    });
    // A signal that is handled (the window's size) ends a wait, not the session.
    while (code === undefined) {
      await process.block<void>((woken) => {
        wake = woken;
        return () => undefined;
      });
    }
    unlisten();
    restore();
    if (code === 0) return 0;
    // The streaming protocol knows the status, but crictl itself always fails with 1.
    return fatal(crictl, `execing command in container: command terminated with exit code ${code}`);
  },
};

/** Puts the terminal into raw mode (cfmakeraw(3)); the result puts it back. */
function rawTerminal(process: Process): () => void {
  const { tty } = process;
  if (tty === undefined) return () => undefined;
  const before = { ...tty.termios };
  Object.assign(tty.termios, {
    canonical: false,
    echo: false,
    signals: false,
    outputNewline: false,
    inputNewline: false,
    flowControl: false,
  });
  const restore = (): void => void Object.assign(tty.termios, before);
  const forget = process.atExit(restore);
  return () => {
    forget();
    restore();
  };
}
