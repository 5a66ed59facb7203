import { sha256Hex } from '../../../containers/images/digest';
import { jsonForm } from './decode';
import { goJson } from './print';
import { networkShape, serviceShape, volumeShape } from './shapes';
import type { NetworkConfig, Service, VolumeConfig } from './types';
import type { Dict } from './value';

/** What a container was made from, but for what does not make it another one (compose.ServiceHash). */
export function serviceHash(service: Service): string {
  const { build: _, pull_policy: __, scale: ___, depends_on: ____, profiles: _____, ...kept } = service;
  const { deploy } = kept;
  let settled: Service = kept;
  if (deploy !== undefined) {
    const { replicas: ______, ...rest } = deploy;
    settled = { ...kept, deploy: rest };
  }
  return sha256Hex(goJson(jsonForm(serviceShape, settled as unknown as Dict)));
}

/** compose.NetworkHash. */
export const networkHash = (network: NetworkConfig): string =>
  sha256Hex(goJson(jsonForm(networkShape, network as unknown as Dict)));

/** compose.VolumeHash. */
export const volumeHash = (volume: VolumeConfig): string =>
  sha256Hex(goJson(jsonForm(volumeShape, { ...volume, driver: volume.driver ?? 'local' } as unknown as Dict)));
