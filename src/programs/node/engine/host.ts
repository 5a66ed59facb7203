import { gunzipSync } from 'fflate';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { decode, encode } from '../../../linux/io/bytes';
import type { Timer } from '../../../sim/clock';
import type { Process, SignalName } from '../../../linux/process/types';
import { Children } from './children';
import { failed, fileOperation, openFile, readDescriptor, writeDescriptor } from './files';
import type { Loop } from './loop';
import type { Machine } from './machine';
import { Sockets } from './sockets';
import { sources } from './sources';
import type { Value } from './values';

const hashes = { md5, sha1, sha256, sha384, sha512 } as const;
const bytes = (value: Value): Uint8Array => (value instanceof Uint8Array ? value : encode(String(value)));
const text = (value: Value): string => (typeof value === 'string' ? value : '');
const number = (value: Value): number => Number(value);

/** What the guest's library may ask of the process it lives in: `__host(operation, …)`. */
export function hostOf(
  process: Process,
  loop: Loop,
  machine: () => Machine,
): (operation: string, args: readonly Value[]) => Value {
  const sockets = new Sockets(process, loop);
  const children = new Children(process, loop);
  const timers = new Map<number, Timer>();
  const signals = new Map<string, () => void>();
  let nextTimer = 1;
  process.atExit(() => {
    for (const timer of timers.values()) process.clock.cancel(timer);
  });
  const signal = (name: Value): SignalName => text(name) as SignalName;

  const operations: Readonly<Record<string, (...args: Value[]) => Value | void>> = {
    now: () => machine().now(),
    random: () => process.random.uint32() / 2 ** 32,
    randomBytes: (count) => Uint8Array.from({ length: number(count) }, () => process.random.uint32() & 0xff),
    hash: (name, data) => {
      const hash = hashes[text(name) as keyof typeof hashes];
      return hash === undefined ? null : hash(bytes(data));
    },
    hmac: (name, key, data) => {
      const hash = hashes[text(name) as keyof typeof hashes];
      return hash === undefined ? null : hmac(hash, bytes(key), bytes(data));
    },
    source: (name) => sources[text(name)] ?? null,
    gunzip: (data) => gunzipSync(bytes(data)),
    utf8: (data) => encode(text(data)),
    fromUtf8: (data) => decode(bytes(data)),
    write: (fd, data) => loop.write(number(fd), typeof data === 'string' ? data : bytes(data)),
    exit: (status) => {
      machine().exitStatus = number(status) & 0xff;
      return undefined;
    },
    ticks: (pending) => {
      loop.ticks = pending === true;
      return undefined;
    },
    references: (change) => {
      loop.references += number(change);
      return loop.references;
    },
    pending: () => loop.pending,
    timer: (delay) => {
      const id = nextTimer++;
      timers.set(
        id,
        process.clock.setTimer(number(delay), () => {
          timers.delete(id);
          loop.post('timer', id);
        }),
      );
      return id;
    },
    cancel: (id) => {
      const timer = timers.get(number(id));
      if (timer !== undefined) process.clock.cancel(timer);
      timers.delete(number(id));
      return undefined;
    },
    module: (source, file) => loop.post('module', source, file),
    immediate: () => loop.post('immediate'),
    listenSignal: (name) => {
      if (!signals.has(text(name))) signals.set(text(name), loop.listen(signal(name)));
      return undefined;
    },
    unlistenSignal: (name) => {
      signals.get(text(name))?.();
      signals.delete(text(name));
      return undefined;
    },
    kill: (pid, name) => {
      const killed = process.kill(number(pid), name === 0 ? 0 : signal(name));
      return killed.ok ? undefined : failed(killed.error);
    },
    /** Ends by that signal, as if nobody had ever handled it. */
    die: (name) => {
      process.signals.reset(signal(name));
      process.kill(process.pid, signal(name));
      return undefined;
    },
    env: (name, value) => {
      if (value === null) process.env.delete(text(name));
      else process.env.set(text(name), String(value));
      return undefined;
    },
    chdir: (path) => {
      const real = process.fs.realpath(text(path));
      if (!real.ok) return failed(real.error);
      process.cwd = real.value;
      return undefined;
    },
    title: (title) => {
      process.argv = [text(title)];
      return undefined;
    },
    facts: () => ({
      pid: process.pid,
      ppid: process.parentPid,
      cwd: process.cwd,
      argv: [...process.argv],
      env: Object.fromEntries(process.env),
      uid: process.credentials.uid,
      gid: process.credentials.gid,
      umask: process.umask,
      hostname: process.namespaces.uts.hostname,
      cpus: process.host.cpus,
      memory: process.host.memory,
      bootedAt: process.host.bootedAt,
      rows: process.tty?.size.rows ?? 24,
      columns: process.tty?.size.columns ?? 80,
      tty: [0, 1, 2].map((fd) => process.fds.get(fd)?.kind === 'tty'),
      links: process.net.links().map(({ name, mac, addresses }) => ({ name, mac, addresses: [...addresses] })),
    }),
    cwd: () => process.cwd,
    memory: () => machine().memory(),
    fs: (name, path, ...args) => fileOperation(process, text(name), text(path), args),
    open: (path, letters, mode) => openFile(process, text(path), text(letters), number(mode)),
    readFd: (fd, length) => readDescriptor(process, number(fd), number(length)),
    writeFd: (fd, data) => writeDescriptor(process, number(fd), bytes(data)),
    seek: (fd, offset) => {
      process.fds.get(number(fd))?.seek?.(number(offset), 'set');
      return undefined;
    },
    closeFd: (fd) => {
      const closed = process.fds.close(number(fd));
      return closed.ok ? undefined : failed(closed.error);
    },
    stdin: () => {
      process.thread(async () => {
        for await (const chunk of process.stdin) loop.post('stdin', chunk);
        loop.post('stdin', null);
      });
      return undefined;
    },
    listen: (address, port, path) => sockets.listen(text(address), number(port), text(path)),
    close: (id) => sockets.close(number(id)),
    connect: (host, port, path, tls) => sockets.connect(text(host), number(port), text(path), tls === true),
    readSocket: (id) => sockets.read(number(id)),
    writeSocket: (id, data, token) => sockets.write(number(id), bytes(data), number(token)),
    shutdown: (id) => sockets.shutdown(number(id)),
    destroy: (id) => sockets.destroy(number(id)),
    lookup: (host, token) => sockets.lookup(text(host), number(token)),
    spawn: (options) => children.spawn(options),
    childInput: (id, data) => children.input(number(id), data === null ? undefined : bytes(data)),
  };
  return (operation, args) => (operations[operation]?.(...args) ?? undefined) as Value;
}
