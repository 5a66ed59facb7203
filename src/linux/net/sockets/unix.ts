import type { Clock } from '../../../sim/clock';
import { ok } from '../../../sim/result';
import { fail, type Sys } from '../../errno';
import type { Process } from '../../process/types';
import type { Stack } from '../stack';
import type { Endpoint, Listener, SocketInfo, StreamSocket } from '../types';
import { Stream } from './stream';
import { Waiters } from './waiters';

/** net.core.wmem_default: what one end may have written that the other has not read. */
const UNIX_BUFFER = 212_992;

// Unix sockets are found by their inode, in whatever namespace the path leads there (unix_find_bsd): a socket file that
// is bind-mounted into a container reaches the daemon outside. Worlds in one JavaScript realm are told apart by clock.
const worlds = new WeakMap<Clock, Map<string, UnixListener>>();

function listenersOf({ clock }: Stack): Map<string, UnixListener> {
  let listeners = worlds.get(clock);
  if (listeners === undefined) worlds.set(clock, (listeners = new Map()));
  return listeners;
}

// Two hosts of one world may number their inodes alike.
const inodeOf = ({ hostName }: Stack, process: Process, path: string): Sys<string> => {
  const stat = process.fs.stat(path);
  if (!stat.ok) return stat;
  return stat.value.type === 'socket' ? ok(`${hostName} ${stat.value.dev}:${stat.value.ino}`) : fail('ECONNREFUSED');
};

/** socket(2), bind(2) and listen(2) at a path, which must not be there yet. */
export function listenUnix(stack: Stack, process: Process, path: string): Sys<Listener> {
  const made = process.fs.mknod(path, 'socket', 0o777 & ~process.umask);
  if (!made.ok) return made.error.code === 'EEXIST' ? fail('EADDRINUSE') : made;
  const inode = inodeOf(stack, process, path);
  return inode.ok ? ok(new UnixListener(stack, process, path, inode.value)) : inode;
}

/** connect(2) at a path: whoever may write to the socket file may speak to its listener. */
export async function connectUnix(stack: Stack, process: Process, path: string): Promise<Sys<StreamSocket>> {
  const inode = inodeOf(stack, process, path);
  if (!inode.ok) return inode;
  const allowed = process.fs.access(path, { write: true });
  if (!allowed.ok) return allowed;
  const listener = listenersOf(stack).get(inode.value);
  return listener === undefined ? fail('ECONNREFUSED') : ok(listener.meet(process));
}

/** One end of a connected pair of unix stream sockets. Bytes arrive as they are written: there is no way between. */
class UnixSocket extends Stream {
  other: UnixSocket | undefined;
  #sendingEnded = false;

  constructor(
    stack: Stack,
    process: Process | undefined,
    readonly local: Endpoint,
    readonly remote: Endpoint,
  ) {
    super(stack.clock, process);
  }

  protected send(bytes: Uint8Array): Sys<number> | 'wait' {
    const other = this.other;
    if (other === undefined || this.#sendingEnded || other.closed) return fail('EPIPE');
    const room = UNIX_BUFFER - other.queued;
    if (room <= 0) return 'wait';
    other.push(bytes.subarray(0, room));
    return ok(Math.min(room, bytes.length));
  }

  protected writable(): boolean {
    return this.other === undefined || this.other.closed || this.other.queued < UNIX_BUFFER;
  }

  protected endSending(): void {
    this.#sendingEnded = true;
    this.other?.end();
  }

  protected release(unread: boolean): void {
    const other = this.other;
    this.other = undefined;
    if (other === undefined) return;
    if (unread) other.breakWith('ECONNRESET');
    other.end();
    other.wakeWriters();
  }

  protected taken(): void {
    this.other?.wakeWriters();
  }
}

class UnixListener implements Listener {
  readonly #ready: UnixSocket[] = [];
  readonly #waiting = new Waiters();
  readonly #forget: readonly (() => void)[];
  #closed = false;

  constructor(
    readonly stack: Stack,
    readonly process: Process,
    readonly path: string,
    readonly inode: string,
  ) {
    this.#forget = [process.atExit(() => this.close()), stack.socketTable.addUnix(this)];
    listenersOf(stack).set(inode, this);
  }

  get local(): Endpoint {
    return { address: this.path, port: 0 };
  }

  info(): SocketInfo {
    return {
      protocol: 'unix',
      state: 'LISTEN',
      local: this.path,
      remote: undefined,
      pid: this.process.pid,
      holder: this.process,
    };
  }

  /** The client's end of a new connection, which is there before anybody accepts. */
  meet(process: Process): UnixSocket {
    const unnamed = { address: '', port: 0 };
    const client = new UnixSocket(this.stack, process, unnamed, this.local);
    const server = new UnixSocket(this.stack, undefined, this.local, unnamed);
    client.other = server;
    server.other = client;
    this.#ready.push(server);
    this.#waiting.wakeAll();
    return client;
  }

  async accept(): Promise<Sys<StreamSocket>> {
    for (;;) {
      if (this.#closed) return fail('EINVAL');
      const socket = this.#ready.shift();
      if (socket !== undefined) {
        socket.adopt(this.process);
        return ok(socket);
      }
      const woken = await this.process.block<void>((wake) => this.#waiting.add(wake));
      if (!woken.ok) return woken;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const forget of this.#forget) forget();
    const listeners = listenersOf(this.stack);
    if (listeners.get(this.inode) === this) listeners.delete(this.inode);
    for (const socket of this.#ready) socket.close();
    this.#waiting.wakeAll();
  }

  closeListener(): void {
    this.close();
  }
}
