import { parseSignal } from '../../../linux/process/signals';
import type { Response } from '../../../linux/net/http/message';
import type { SignalName } from '../../../linux/process/types';
import { ok, type Result } from '../../../sim/result';
import { refuse, type ApiError, type ContainerCreate, type HostConfig } from '../api-types';
import type { Platform } from '../create';
import { isRunning, type Container, type Waiter } from '../container';
import { freeze, thaw } from '../freeze';
import { inspect, listed } from '../inspect';
import { hasConfig } from '../config-order';
import { rename } from '../rename';
import { selectContainers } from '../select';
import { topOf } from '../top';
import { update } from '../update';
import { hijack, pump } from './attach';
import { logs } from './logs';
import { failure, filtersOf, flag, json, noContent, readJson, Stream, when, type Call, type Route } from './respond';
import { stats } from './stats';

const id = '([^/]+)';
const path = (rest: string): RegExp => new RegExp(`^/containers/${id}${rest}$`);

/** Finds the container that the path names, or answers 404. */
const withContainer =
  (handle: (call: Call, container: Container) => Response | Promise<Response>) =>
  (call: Call): Response | Promise<Response> => {
    const found = call.engine.find(decodeURIComponent(call.params[0] ?? ''));
    return found.ok ? handle(call, found.value) : failure(found.error);
  };

const notRunning = ({ id: containerId }: Container): ApiError => ({
  status: 409,
  message: `container ${containerId} is not running`,
});

const restarting = ({ id: containerId }: Container): ApiError => ({
  status: 409,
  message: `container ${containerId} is restarting, wait until the container is running`,
});

export const containerRoutes: readonly Route[] = [
  [
    'GET',
    /^\/containers\/json$/,
    ({ engine, query }) => {
      const selected = selectContainers(engine, filtersOf(query), {
        all: flag(query, 'all'),
        limit: Number(query.get('limit') ?? 0),
      });
      if (!selected.ok) return failure(selected.error);
      return json(selected.value.map((container) => listed(engine, container, flag(query, 'size'))));
    },
  ],
  [
    'POST',
    /^\/containers\/create$/,
    async (call) => {
      const request = await readJson<ContainerCreate>(call);
      if (request === undefined)
        return failure({ status: 400, message: 'invalid JSON: got EOF while reading request body' });
      if (!hasConfig(request))
        return failure({ status: 400, message: 'config cannot be empty in order to create a container' });
      const created = call.engine.create(request, call.query.get('name') ?? '', platformOf(call.query));
      if (!created.ok) return failure(created.error);
      return json({ Id: created.value.container.id, Warnings: created.value.warnings }, 201);
    },
  ],
  [
    'GET',
    path('/json'),
    withContainer(({ engine, query }, container) => json(inspect(engine, container, flag(query, 'size')))),
  ],
  [
    'POST',
    path('/start'),
    withContainer(async ({ engine }, container) => {
      if (isRunning(container) && container.status !== 'paused') return noContent(304);
      const started = await when<Result<void, ApiError>>(engine.options.clock, (done) => engine.start(container, done));
      return started.ok ? noContent() : failure(started.error);
    }),
  ],
  [
    'POST',
    path('/stop'),
    withContainer(async ({ engine, query }, container) => {
      const timing = timingOf(query);
      if (!timing.ok) return failure(timing.error);
      if (!isRunning(container)) return noContent(304);
      const { timeout, signal } = timing.value;
      await when<void>(engine.options.clock, (done) => engine.stop(container, timeout, done, signal));
      return noContent();
    }),
  ],
  [
    'POST',
    path('/restart'),
    withContainer(async ({ engine, query }, container) => {
      const timing = timingOf(query);
      if (!timing.ok) return failure(timing.error);
      const { timeout, signal } = timing.value;
      const restarted = await when<Result<void, ApiError>>(engine.options.clock, (done) =>
        engine.restart(container, timeout, done, signal),
      );
      return restarted.ok ? noContent() : failure(restarted.error);
    }),
  ],
  [
    'POST',
    path('/kill'),
    async (call) => {
      const name = decodeURIComponent(call.params[0] ?? '');
      const found = call.engine.find(name);
      if (!found.ok)
        return failure({ ...found.error, message: `cannot kill container: ${name}: ${found.error.message}` });
      const wanted = call.query.get('signal') ?? '';
      const signal = parseSignal(wanted === '' ? 'KILL' : wanted);
      if (signal === undefined)
        return failure({ status: 400, message: `cannot kill container: ${name}: invalid signal: ${wanted}` });
      if (!isRunning(found.value))
        return failure({ status: 409, message: `cannot kill container: ${name}: ${notRunning(found.value).message}` });
      await when<void>(call.engine.options.clock, (done) => call.engine.kill(found.value, signal, done));
      return noContent();
    },
  ],
  [
    'POST',
    path('/pause'),
    withContainer(({ engine }, container) => {
      if (container.status === 'paused')
        return failure({ status: 409, message: `Container ${container.id} is already paused` });
      if (container.status !== 'running') return failure(notRunning(container));
      freeze(engine, container);
      return noContent();
    }),
  ],
  [
    'POST',
    path('/unpause'),
    withContainer(({ engine }, container) => {
      if (container.status !== 'paused')
        return failure({ status: 409, message: `Container ${container.id} is not paused` });
      thaw(engine, container);
      return noContent();
    }),
  ],
  [
    'POST',
    path('/rename'),
    withContainer(({ engine, query }, container) => {
      const renamed = rename(engine, container, query.get('name') ?? '');
      return renamed.ok ? noContent() : failure(renamed.error);
    }),
  ],
  [
    'POST',
    path('/wait'),
    withContainer(({ engine, query }, container) => {
      const condition = (query.get('condition') ?? 'not-running') as Waiter['condition'];
      const stream = new Stream(engine.options.clock);
      // The head goes out at once: the client starts the container only when it knows that somebody waits.
      const finish = (StatusCode: number): void => {
        stream.json({ StatusCode });
        stream.end();
      };
      if (condition === 'not-running' && !isRunning(container)) finish(container.exitCode);
      else {
        const waiter: Waiter = { condition, done: finish };
        container.waiters.add(waiter);
        stream.onCancel(() => container.waiters.delete(waiter));
      }
      return stream.response();
    }),
  ],
  [
    'POST',
    path('/attach'),
    withContainer((call, container) => {
      const { engine, query, params } = call;
      if (container.status === 'paused') {
        const message = `container ${decodeURIComponent(params[0] ?? '')} is paused, unpause the container before attach`;
        return failure({ status: 409, message });
      }
      if (container.status === 'restarting') return failure(restarting(container));
      const { Tty: tty = false, StdinOnce = false, OpenStdin = false } = container.config;
      const keys = query.get('detachKeys') ?? '';
      if (!areKeys(keys)) return failure({ status: 400, message: `invalid escape keys (${keys}) provided` });
      const duplex = hijack(call, tty);
      if (duplex === undefined) return failure({ status: 400, message: 'error attaching to container: not upgraded' });
      engine.tell(container, 'attach');
      const { plug, close } = pump(duplex, {
        stdin: flag(query, 'stdin') && OpenStdin,
        stdout: flag(query, 'stdout'),
        stderr: flag(query, 'stderr'),
        tty,
        closeStdin: StdinOnce,
      });
      if (isRunning(container) && container.process !== undefined) plug(container.process);
      else {
        container.pendingAttach.add(plug);
        const waiter: Waiter = { condition: 'next-exit', done: close };
        container.waiters.add(waiter);
      }
      return noContent(101);
    }),
  ],
  [
    'POST',
    path('/resize'),
    withContainer(({ query }, container) => {
      container.process?.streams.pty?.resize(sizeOf(query));
      return noContent(200);
    }),
  ],
  [
    'GET',
    path('/logs'),
    withContainer(({ engine, query, version }, container) => logs(engine, container, query, version)),
  ],
  [
    'GET',
    path('/top'),
    withContainer(async ({ engine, query }, container) => {
      if (container.status === 'restarting') return failure(restarting(container));
      if (!isRunning(container)) return failure(notRunning(container));
      const top = await topOf(engine, container, query.get('ps_args') ?? '');
      return top.ok ? json(top.value) : failure(top.error);
    }),
  ],
  ['GET', path('/stats'), withContainer(({ engine, query }, container) => stats(engine, container, query))],
  [
    'POST',
    path('/update'),
    withContainer(async (call, container) => {
      const { engine } = call;
      const { host } = engine.options;
      const request = (await readJson<Partial<HostConfig>>(call)) ?? {};
      const machine = { cpus: host.init.host.cpus, exists: (file: string) => host.fs.stat(file).ok };
      const updated = update(engine, container, request, machine);
      return updated.ok ? json({ Warnings: null }) : failure(updated.error);
    }),
  ],
  [
    'DELETE',
    path(''),
    withContainer(async ({ engine, query, params }, container) => {
      const removed = await when<Result<void, ApiError>>(engine.options.clock, (done) =>
        engine.remove(
          container,
          { force: flag(query, 'force'), volumes: flag(query, 'v'), as: decodeURIComponent(params[0] ?? '') },
          done,
        ),
      );
      return removed.ok ? noContent() : failure(removed.error);
    }),
  ],
  [
    'POST',
    /^\/containers\/prune$/,
    async ({ engine }) => {
      const deleted: string[] = [];
      for (const container of engine.list()) {
        if (isRunning(container)) continue;
        engine.remove(container, { force: false, volumes: false, as: container.id }, () => undefined);
        deleted.push(container.id);
      }
      return json({ ContainersDeleted: deleted.length === 0 ? null : deleted, SpaceReclaimed: 0 });
    },
  ],
];

/** `t` and `signal` of stop and restart. */
function timingOf(query: URLSearchParams): Result<{ timeout?: number; signal?: SignalName }, ApiError> {
  const named = query.get('signal') ?? '';
  const signal = parseSignal(named);
  if (named !== '' && signal === undefined) return refuse(400, `invalid signal: ${named}`);
  const seconds = query.get('t') ?? '';
  if (seconds !== '' && !/^[+-]?\d+$/.test(seconds))
    return refuse(400, `strconv.Atoi: parsing ${JSON.stringify(seconds)}: invalid syntax`);
  return ok({ ...(seconds === '' ? {} : { timeout: Number(seconds) }), ...(signal === undefined ? {} : { signal }) });
}

/** Letters, or `ctrl-` and one (moby/term, ToBytes). */
const areKeys = (text: string): boolean =>
  text === '' || text.split(',').every((key) => key.length === 1 || /^ctrl-[a-zA-Z@[\\\]^_]$/.test(key));

/** `?platform={"os":…}`, or as a plain name. */
function platformOf(query: URLSearchParams): Platform | undefined {
  const text = query.get('platform') ?? '';
  if (text === '') return undefined;
  if (text.startsWith('{')) return JSON.parse(text) as Platform;
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

export const sizeOf = (query: URLSearchParams) => ({
  rows: Number(query.get('h') ?? 24),
  columns: Number(query.get('w') ?? 80),
});
