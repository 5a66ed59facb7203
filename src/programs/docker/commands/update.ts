import { CommandError, type Command } from '../cli/command';
import { restartPolicy } from '../cli/container-request';
import { flags, type FlagValues } from '../cli/flags';
import { parseSize } from '../cli/sizes';

const number = (given: FlagValues, name: string): number => Number(given.last(name) ?? '0');

/** `-1` is no limit (opts.MemSwapBytes). */
function bytes(given: FlagValues, name: string): number {
  const text = given.text(name);
  if (text === '') return 0;
  if (text === '-1') return -1;
  const size = parseSize(text);
  return size.ok ? size.value : 0;
}

export const update: Command = {
  use: 'update [OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Update configuration of one or more containers',
  aliases: ['docker container update', 'docker update'],
  flags: flags(`
    --blkio-weight uint16 | Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)
    --cpu-period int | Limit CPU CFS (Completely Fair Scheduler) period
    --cpu-quota int | Limit CPU CFS (Completely Fair Scheduler) quota
    --cpu-rt-period int | Limit the CPU real-time period in microseconds
    --cpu-rt-runtime int | Limit the CPU real-time runtime in microseconds
    -c, --cpu-shares int | CPU shares (relative weight)
    --cpus decimal | Number of CPUs
    --cpuset-cpus string | CPUs in which to allow execution (0-3, 0,1)
    --cpuset-mems string | MEMs in which to allow execution (0-3, 0,1)
    ! --kernel-memory bytes | Kernel memory limit (deprecated)
    -m, --memory bytes | Memory limit
    --memory-reservation bytes | Memory soft limit
    --memory-swap bytes | Swap limit equal to memory plus swap: -1 to enable unlimited swap
    --pids-limit int | Tune container pids limit (set -1 for unlimited)
    --restart string | Restart policy to apply when a container exits
  `),
  operands: [1, Infinity],
  async run({ api, args, flags: given, out }) {
    const names =
      'blkio-weight cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems';
    const more = 'kernel-memory memory memory-reservation memory-swap pids-limit restart';
    if (!`${names} ${more}`.split(' ').some((name) => given.given(name)))
      throw new CommandError('you must provide one or more flags when using this command');
    const restart = given.text('restart');
    const pids = number(given, 'pids-limit');
    const body = {
      CpuShares: number(given, 'cpu-shares'),
      Memory: bytes(given, 'memory'),
      NanoCpus: Math.round(number(given, 'cpus') * 1e9),
      CgroupParent: '',
      BlkioWeight: number(given, 'blkio-weight'),
      BlkioWeightDevice: null,
      BlkioDeviceReadBps: null,
      BlkioDeviceWriteBps: null,
      BlkioDeviceReadIOps: null,
      BlkioDeviceWriteIOps: null,
      CpuPeriod: number(given, 'cpu-period'),
      CpuQuota: number(given, 'cpu-quota'),
      CpuRealtimePeriod: number(given, 'cpu-rt-period'),
      CpuRealtimeRuntime: number(given, 'cpu-rt-runtime'),
      CpusetCpus: given.text('cpuset-cpus'),
      CpusetMems: given.text('cpuset-mems'),
      Devices: null,
      DeviceCgroupRules: null,
      DeviceRequests: null,
      MemoryReservation: bytes(given, 'memory-reservation'),
      MemorySwap: bytes(given, 'memory-swap'),
      MemorySwappiness: null,
      OomKillDisable: null,
      PidsLimit: pids === 0 ? null : pids,
      Ulimits: null,
      CpuCount: 0,
      CpuPercent: 0,
      IOMaximumIOps: 0,
      IOMaximumBandwidth: 0,
      RestartPolicy: restart === '' ? { Name: '', MaximumRetryCount: 0 } : restartPolicy(restart),
    };
    const errors: string[] = [];
    const warnings: string[] = [];
    for (const name of args) {
      try {
        const answer = await api.send('POST', `/containers/${encodeURIComponent(name)}/update`, body);
        warnings.push(...(answer.json<{ Warnings: readonly string[] | null }>().Warnings ?? []));
        await out(`${name}\n`);
      } catch (thrown) {
        if (!(thrown instanceof CommandError)) throw thrown;
        errors.push(thrown.message);
      }
    }
    if (warnings.length > 0) await out(`${warnings.join('\n')}\n`);
    if (errors.length > 0) throw new CommandError(errors.join('\n'));
    return 0;
  },
};
