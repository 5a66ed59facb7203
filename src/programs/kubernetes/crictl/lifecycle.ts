import { rpcErrorText, type Done } from '../../../containers/containerd/cri';
import { ask } from './ask';
import { fatal, type Crictl, type CrictlCommand } from './crictl';
import { containersOf, notFound, sandboxesOf } from './found';

/** Does something with each id; one failure does not keep the others from their turn. */
async function each(
  crictl: Crictl,
  {
    what,
    verb,
    ids,
  }: { readonly what: 'container' | 'sandbox'; readonly verb: string; readonly ids: readonly string[] },
  act: (id: string, done: Done) => void,
): Promise<number> {
  const { cri, process } = crictl;
  if (ids.length === 0) return fatal(crictl, 'ID cannot be empty');
  let status = 0;
  for (const asked of ids) {
    const [found] = what === 'container' ? containersOf(cri, asked) : sandboxesOf(cri, asked);
    if (found === undefined) {
      status = await fatal(crictl, `${verb} the ${what} ${JSON.stringify(asked)}: ${notFound(what, asked)}`);
      continue;
    }
    const result = await ask(crictl.process, (done) => act(found.id, done));
    if (result.ok) await process.stdout.write(`${said(verb, asked)}\n`);
    else status = await fatal(crictl, `${verb} the ${what} ${JSON.stringify(asked)}: ${rpcErrorText(result.error)}`);
  }
  return status;
}

const said = (verb: string, asked: string): string =>
  verb === 'removing sandbox'
    ? `Removed sandbox ${asked}`
    : verb === 'stopping sandbox'
      ? `Stopped sandbox ${asked}`
      : asked;

/** crictl start. */
export const start: CrictlCommand = {
  names: ['start'],
  usage: 'Start one or more created containers',
  arguments: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [],
  run: (crictl) =>
    each(crictl, { what: 'container', verb: 'starting', ids: crictl.operands }, (id, done) =>
      crictl.cri.startContainer(id, done),
    ),
};

/** crictl stop. */
export const stop: CrictlCommand = {
  names: ['stop'],
  usage: 'Stop one or more running containers',
  arguments: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [
    {
      names: ['timeout', 't'],
      value: 'value',
      usage: 'Seconds to wait to kill the container after a graceful stop is requested (default: 0)',
    },
  ],
  run: (crictl) =>
    each(crictl, { what: 'container', verb: 'stopping', ids: crictl.operands }, (id, done) =>
      crictl.cri.stopContainer(id, Number(crictl.flags.get('timeout') ?? 0), done),
    ),
};

/** crictl rm: those that run are refused unless forced. */
export const rm: CrictlCommand = {
  names: ['rm'],
  usage: 'Remove one or more containers',
  arguments: 'CONTAINER-ID [CONTAINER-ID...]',
  flags: [
    { names: ['all', 'a'], usage: 'Remove all containers' },
    { names: ['force', 'f'], usage: 'Force removal of the container, regardless of state' },
  ],
  async run(crictl) {
    const { cri, flags, operands } = crictl;
    const ids = flags.has('all') ? cri.listContainers().map(({ id }) => id) : operands;
    if (flags.has('all') && ids.length === 0) return 0;
    const force = flags.has('force');
    const kept: string[] = [];
    const free = ids.filter((asked) => {
      const runs = !force && containersOf(cri, asked)[0]?.state === 'CONTAINER_RUNNING';
      if (runs) kept.push(asked);
      return !runs;
    });
    const status =
      free.length > 0 || kept.length === 0
        ? await each(crictl, { what: 'container', verb: 'removing', ids: free }, (id, done) =>
            cri.removeContainer(id, done),
          )
        : 0;
    for (const asked of kept)
      await fatal(
        crictl,
        `unable to remove container(s): container ${JSON.stringify(asked)} is running, please stop it first`,
      );
    return kept.length > 0 ? 1 : status;
  },
};

/** crictl stopp. */
export const stopp: CrictlCommand = {
  names: ['stopp'],
  usage: 'Stop one or more running pods',
  arguments: 'POD-ID [POD-ID...]',
  flags: [],
  run: (crictl) =>
    each(crictl, { what: 'sandbox', verb: 'stopping sandbox', ids: crictl.operands }, (id, done) =>
      crictl.cri.stopPodSandbox(id, done),
    ),
};

/** crictl rmp: ready pods are refused unless forced. */
export const rmp: CrictlCommand = {
  names: ['rmp'],
  usage: 'Remove one or more pods',
  arguments: 'POD-ID [POD-ID...]',
  flags: [
    { names: ['all', 'a'], usage: 'Remove all pods' },
    { names: ['force', 'f'], usage: 'Force removal of the pod sandbox, regardless of state' },
  ],
  async run(crictl) {
    const { cri, flags, operands } = crictl;
    const ids = flags.has('all') ? cri.listPodSandbox().map(({ id }) => id) : operands;
    for (const asked of ids) {
      const [found] = sandboxesOf(cri, asked);
      if (found?.state === 'SANDBOX_READY' && !flags.has('force'))
        return fatal(
          crictl,
          `unable to remove sandbox(es): pod sandbox ${JSON.stringify(asked)} is running, please stop it first`,
        );
      if (found !== undefined) await ask(crictl.process, (done) => cri.stopPodSandbox(found.id, done));
    }
    return each(crictl, { what: 'sandbox', verb: 'removing sandbox', ids }, (id, done) =>
      cri.removePodSandbox(id, done),
    );
  },
};
