import type { CrictlCommand } from './crictl';
import { fatal } from './crictl';
import { containersOf, notFound, sandboxesOf } from './found';
import { time } from './json';
import type { Flag } from '../../toolkit/urfave';

const flags: readonly Flag[] = [
  { names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|go-template|table' },
  { names: ['quiet', 'q'], usage: 'Do not show verbose information' },
];

/** crictl inspect: the status by protocol, and what containerd tells beyond it. */
export const inspect: CrictlCommand = {
  names: ['inspect'],
  usage: 'Display the status of one or more containers',
  arguments: 'CONTAINER-ID [CONTAINER-ID...]',
  flags,
  async run(crictl) {
    const { cri, operands, process } = crictl;
    if (operands.length === 0) return fatal(crictl, 'ID cannot be empty');
    for (const asked of operands) {
      const [found] = containersOf(cri, asked);
      const status = found === undefined ? undefined : cri.containerStatus(found.id);
      if (status?.ok !== true)
        return fatal(
          crictl,
          `getting the status of the container ${JSON.stringify(asked)}: ${notFound('container', asked)}`,
        );
      const one = status.value;
      const document = {
        info: {
          pid: one.pid,
          removing: false,
          runtimeOptions: { systemd_cgroup: true },
          runtimeType: 'io.containerd.runc.v2',
          sandboxID: one.sandboxId,
          snapshotKey: one.id,
          snapshotter: 'overlayfs',
        },
        status: {
          annotations: one.annotations,
          createdAt: time(one.createdAt),
          exitCode: one.exitCode,
          finishedAt: time(one.finishedAt),
          id: one.id,
          image: { annotations: {}, image: one.image, runtimeHandler: '', userSpecifiedImage: '' },
          imageId: '',
          imageRef: one.imageRef,
          labels: one.labels,
          logPath: one.logPath,
          message: one.message,
          metadata: { attempt: one.metadata.attempt, name: one.metadata.name },
          reason: one.reason,
          startedAt: time(one.startedAt),
          state: one.state,
        },
      };
      await process.stdout.write(
        `${JSON.stringify(crictl.flags.has('quiet') ? { status: document.status } : document, null, 2)}\n`,
      );
    }
    return 0;
  },
};

/** crictl inspectp. */
export const inspectp: CrictlCommand = {
  names: ['inspectp'],
  usage: 'Display the status of one or more pods',
  arguments: 'POD-ID [POD-ID...]',
  flags,
  async run(crictl) {
    const { cri, operands, process } = crictl;
    if (operands.length === 0) return fatal(crictl, 'ID cannot be empty');
    for (const asked of operands) {
      const [one] = sandboxesOf(cri, asked);
      if (one === undefined)
        return fatal(
          crictl,
          `getting the status of the pod sandbox ${JSON.stringify(asked)}: ${notFound('sandbox', asked)}`,
        );
      const { attempt, name, namespace, uid } = one.metadata;
      const status = {
        annotations: one.annotations,
        createdAt: time(one.createdAt),
        id: one.id,
        labels: one.labels,
        linux: {
          namespaces: {
            options: {
              ipc: one.network === 'node' ? 'NODE' : 'POD',
              network: one.network.toUpperCase(),
              pid: 'CONTAINER',
              targetId: '',
            },
          },
        },
        metadata: { attempt, name, namespace, uid },
        network: { additionalIps: [], ip: one.ip },
        runtimeHandler: '',
        state: one.state,
      };
      await process.stdout.write(`${JSON.stringify({ status }, null, 2)}\n`);
    }
    return 0;
  },
};
