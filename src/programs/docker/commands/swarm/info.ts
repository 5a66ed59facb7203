import { goDuration } from '../service/pretty';

/** `Swarm` of GET /info. */
export interface SwarmInfo {
  readonly LocalNodeState: string;
  readonly NodeID: string;
  readonly NodeAddr: string;
  readonly ControlAvailable: boolean;
  readonly Nodes?: number;
  readonly Managers?: number;
  readonly RemoteManagers?: readonly { readonly Addr: string }[] | null;
  readonly Cluster?: {
    readonly ID: string;
    readonly DefaultAddrPool: readonly string[] | null;
    readonly SubnetSize: number;
    readonly DataPathPort: number;
    readonly RootRotationInProgress: boolean;
    readonly Spec: {
      readonly Orchestration: { readonly TaskHistoryRetentionLimit?: number };
      readonly Raft: {
        readonly SnapshotInterval?: number;
        readonly KeepOldSnapshots?: number;
        readonly HeartbeatTick?: number;
        readonly ElectionTick?: number;
      };
      readonly Dispatcher: { readonly HeartbeatPeriod?: number };
      readonly CAConfig: { readonly NodeCertExpiry?: number };
      readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
    };
  };
}

/** go-units' HumanDuration of whole months and less. */
const months = (nanoseconds: number): string => {
  const hours = Math.round(nanoseconds / 3.6e12);
  if (hours < 48) return goDuration(nanoseconds);
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  return `${Math.floor(hours / 24 / 30)} months`;
};

/** What `docker info` says of the swarm (cli/command/system/info.go, printSwarmInfo). */
export function swarmText(info: SwarmInfo): readonly string[] {
  const lines = [` Swarm: ${info.LocalNodeState}`];
  if (info.LocalNodeState === 'inactive') return lines;
  lines.push(`  NodeID: ${info.NodeID}`, `  Is Manager: ${info.ControlAvailable}`);
  const { Cluster } = info;
  if (Cluster !== undefined && info.ControlAvailable) {
    const { Orchestration, Raft, Dispatcher, CAConfig, EncryptionConfig } = Cluster.Spec;
    const pools = Cluster.DefaultAddrPool ?? ['10.0.0.0/8'];
    lines.push(
      `  ClusterID: ${Cluster.ID}`,
      `  Managers: ${info.Managers ?? 0}`,
      `  Nodes: ${info.Nodes ?? 0}`,
      `  Default Address Pool: ${pools.join('  ')}  `,
      `  SubnetSize: ${Cluster.SubnetSize}`,
      `  Data Path Port: ${Cluster.DataPathPort}`,
      '  Orchestration:',
      `   Task History Retention Limit: ${Orchestration.TaskHistoryRetentionLimit ?? 0}`,
      '  Raft:',
      `   Snapshot Interval: ${Raft.SnapshotInterval ?? 0}`,
      `   Number of Old Snapshots to Retain: ${Raft.KeepOldSnapshots ?? 0}`,
      `   Heartbeat Tick: ${Raft.HeartbeatTick ?? 0}`,
      `   Election Tick: ${Raft.ElectionTick ?? 0}`,
      '  Dispatcher:',
      `   Heartbeat Period: ${months(Dispatcher.HeartbeatPeriod ?? 0).replace(/^(\d+)s$/, '$1 seconds')}`,
      '  CA Configuration:',
      `   Expiry Duration: ${months(CAConfig.NodeCertExpiry ?? 0)}`,
      '   Force Rotate: 0',
      `  Autolock Managers: ${EncryptionConfig.AutoLockManagers}`,
      `  Root Rotation In Progress: ${Cluster.RootRotationInProgress}`,
    );
  }
  lines.push(`  Node Address: ${info.NodeAddr}`);
  const managers = (info.RemoteManagers ?? []).map(({ Addr }) => Addr).sort();
  if (managers.length > 0) lines.push('  Manager Addresses:', ...managers.map((address) => `   ${address}`));
  return lines;
}
