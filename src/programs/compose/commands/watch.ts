import { projectOf, type Command, type Context } from '../cli/context';
import { ComposeError } from '../cli/error';
import { query } from '../engine/api';
import { listContainers } from '../engine/containers';
import { createProject } from '../engine/create';
import { together } from '../engine/order';
import { withProgress } from '../engine/session';
import { startProject } from '../engine/start';
import { tarOf } from '../engine/tar';
import { runHook } from '../engine/hooks';
import type { Project, Trigger } from '../load/types';
import { runDocker } from './through-docker';
import { createOptions } from './up';

/** Changes of one moment are taken together (pkg/watch: QuietPeriod). */
const QUIET = 500;

interface Change {
  readonly service: string;
  readonly trigger: Trigger;
  readonly path: string;
}

/** `develop.watch`: files go into containers, or images are made anew, when something is written. */
export const watch: Command = async (context) => {
  const { flags, operands, out, process } = context;
  const project = await projectOf(context, { services: operands });
  const triggers = Object.entries(project.services).flatMap(([service, { develop }]) =>
    (develop?.watch ?? []).map((trigger) => ({ service, trigger })),
  );
  if (triggers.length === 0)
    throw new ComposeError(
      "none of the selected services is configured for watch, consider setting a 'develop' section",
    );
  if (!flags.on('no-up'))
    await withProgress(context, async (session) => {
      await createProject(session, project, { ...createOptions(context, operands), build: 'all' });
      await startProject(session, project);
    });
  const changes: Change[] = [];
  let wake: (() => void) | undefined;
  for (const { service, trigger } of triggers)
    process.atExit(
      process.fs.watch(trigger.path, (path) => {
        if (!concerns(trigger, path)) return;
        changes.push({ service, trigger, path });
        wake?.();
      }),
    );
  await out('Watch enabled\n');
  for (;;) {
    if (changes.length === 0)
      await process.block<void>((resume) => {
        wake = resume;
        return () => (wake = undefined);
      });
    wake = undefined;
    await process.sleep(QUIET);
    await apply(context, project, changes.splice(0));
  }
};

/** Whether a trigger is about a file: it may leave some out, or name those that it is about. */
function concerns({ path: root, ignore = [], include = [] }: Trigger, path: string): boolean {
  const inside = path === root ? '' : path.slice(root.length + 1);
  const of = (pattern: string): boolean => {
    const plain = pattern.replace(/^\.?\//, '').replace(/\/$/, '');
    const expression = plain
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('**', '\0')
      .replaceAll('*', '[^/]*');
    return new RegExp(`^(${expression.replaceAll('\0', '.*')})(/|$)`).test(inside);
  };
  if (/(^|\/)(\.git|\.DS_Store|.*\.swp|.*~)(\/|$)/.test(inside)) return false;
  return !ignore.some(of) && (include.length === 0 || include.some(of));
}

const fileOf = (path: string, content: Uint8Array, { process }: Context) => ({
  path,
  content,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: process.clock.now,
});

async function apply(context: Context, project: Project, changes: readonly Change[]): Promise<void> {
  const { api, out } = context;
  for (const service of new Set(changes.map((change) => change.service))) {
    const own = changes.filter((change) => change.service === service);
    if (own.some(({ trigger }) => trigger.action === 'rebuild')) {
      await out(`Rebuilding service(s) ["${service}"] after changes were detected...\n`);
      await withProgress(context, async (session) => {
        const only = { ...createOptions(context, [service]), services: [service], build: 'all' as const };
        await createProject(session, project, only);
        await startProject(session, project);
      });
      await out(`service(s) ["${service}"] successfully built\n`);
      continue;
    }
    const containers = await listContainers(api, project.name, 'exclude', false, [service]);
    const paths = new Map(own.map((change) => [change.path, change.trigger]));
    const synced = [...paths].filter(([, { action }]) => action.startsWith('sync'));
    if (synced.length > 0) await out(`Syncing service "${service}" after ${synced.length} changes were detected\n`);
    for (const [path, { path: root, target = '/' }] of synced)
      for (const { Id } of containers) {
        const inside = `${target}${path.slice(root.length)}`;
        const content = context.process.fs.readFile(path);
        if (content.ok)
          await api.send(
            'PUT',
            `/containers/${Id}/archive${query({ path: '/' })}`,
            tarOf([fileOf(inside.slice(1), content.value, context)]),
          );
        else if (!context.process.fs.stat(path).ok) await runDocker(context, ['exec', Id, 'rm', '-rf', inside]);
      }
    if (own.some(({ trigger }) => trigger.action.endsWith('restart'))) {
      await together(containers, ({ Id }) => api.send('POST', `/containers/${Id}/restart${query({})}`));
      await out(`service(s) ["${service}"] restarted\n`);
    }
    const hook = own.find(({ trigger }) => trigger.action === 'sync+exec')?.trigger.exec;
    if (hook !== undefined)
      await withProgress(context, (session) => together(containers, (each) => runHook(session, each, hook)));
  }
}
