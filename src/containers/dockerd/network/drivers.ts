import { err, ok, type Result } from '../../../sim/result';
import type { NetworkCreate } from './network';
import type { BridgeConfig, GatewayMode } from './rules';

/** Why a network cannot be made: an HTTP status and dockerd's words. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

export const refusal = (status: number, message: string): { readonly ok: false; readonly error: Refusal } =>
  err({ status, message });

const bridgePrefix = 'com.docker.network.bridge.';

/** Driver options of the default bridge, as `network inspect` shows them. */
export const defaultBridgeOptions: Readonly<Record<string, string>> = {
  [`${bridgePrefix}default_bridge`]: 'true',
  [`${bridgePrefix}enable_icc`]: 'true',
  [`${bridgePrefix}enable_ip_masquerade`]: 'true',
  [`${bridgePrefix}host_binding_ipv4`]: '0.0.0.0',
  [`${bridgePrefix}name`]: 'docker0',
  'com.docker.network.driver.mtu': '1500',
};

/** What the options of a bridge network say, without its subnet (drivers/bridge, parseNetworkGenericOptions). */
export interface BridgeOptions {
  readonly mode: GatewayMode;
  readonly icc: boolean;
  readonly masquerade: boolean;
  readonly name: string | undefined;
  readonly mtu: number;
  readonly binding: string;
  readonly hostAddress: string | undefined;
  /** What stands before the number of an interface in the container: `eth`. */
  readonly interfacePrefix: string;
}

/** drivers/bridge, parseErr. */
const unparsed = (label: string, value: string, why: string) =>
  refusal(400, `failed to parse ${label} value: ${value} (${why})`);

const gatewayModes: ReadonlySet<string> = new Set(['nat', 'nat-unprotected', 'routed', 'isolated']);

export function bridgeOptions({ options = {}, internal = false }: NetworkCreate): Result<BridgeOptions, Refusal> {
  const truth = (name: string): Result<boolean, Refusal> => {
    const value = options[`${bridgePrefix}${name}`] ?? 'true';
    if (/^(1|t|T|TRUE|true|True)$/.test(value)) return ok(true);
    if (/^(0|f|F|FALSE|false|False)$/.test(value)) return ok(false);
    return unparsed(
      `${bridgePrefix}${name}`,
      value,
      `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
    );
  };
  const icc = truth('enable_icc');
  if (!icc.ok) return icc;
  const masquerade = truth('enable_ip_masquerade');
  if (!masquerade.ok) return masquerade;
  const mode = options[`${bridgePrefix}gateway_mode_ipv4`] ?? 'nat';
  if (!gatewayModes.has(mode))
    return unparsed(`${bridgePrefix}gateway_mode_ipv4`, mode, `unknown gateway mode ${mode}`);
  if (mode === 'isolated' && !internal)
    return refusal(400, 'gateway mode "isolated" can only be used for an internal network');
  const mtuText = options['com.docker.network.driver.mtu'] ?? '1500';
  const mtu = Number(mtuText);
  if (!/^[+-]?\d+$/.test(mtuText))
    return unparsed(
      'com.docker.network.driver.mtu',
      mtuText,
      `strconv.Atoi: parsing ${JSON.stringify(mtuText)}: invalid syntax`,
    );
  if (mtu < 0) return refusal(400, `invalid MTU number: ${mtu}`);
  const name = options[`${bridgePrefix}name`];
  return ok({
    mode: mode as GatewayMode,
    icc: icc.value,
    masquerade: masquerade.value,
    name: name === '' ? undefined : name,
    mtu: mtu === 0 ? 1500 : mtu,
    binding: options[`${bridgePrefix}host_binding_ipv4`] ?? '',
    hostAddress: options['com.docker.network.host_ipv4'],
    interfacePrefix: options['com.docker.network.container_iface_prefix'] ?? 'eth',
  });
}

export const bridgeConfig = (
  bridge: string,
  subnet: string,
  internal: boolean,
  { mode, icc, masquerade, hostAddress }: BridgeOptions,
): BridgeConfig => ({ bridge, subnet, internal, mode, icc, masquerade, hostAddress });

/** Drivers that make networks without a bridge: containers get cards of their own on the parent's cable. */
export const isLanDriver = (driver: string): boolean => driver === 'macvlan' || driver === 'ipvlan';

const lanModes: Readonly<Record<string, ReadonlySet<string>>> = {
  macvlan: new Set(['bridge', 'vepa', 'passthru', 'private']),
  ipvlan: new Set(['l2', 'l3', 'l3s']),
};

/** Options of macvlan and ipvlan networks (drivers/macvlan/macvlan_setup.go). */
export function checkLanOptions({ driver, options = {} }: NetworkCreate): Refusal | undefined {
  const mode = options[`${driver}_mode`];
  if (mode !== undefined && mode !== '' && lanModes[driver]?.has(mode) !== true)
    return {
      status: 400,
      message: `requested ${driver} mode '${mode}' is not valid, 'bridge' mode is the ${driver} driver default`,
    };
  return options['parent'] === 'lo'
    ? { status: 400, message: `loopback interface is not a valid ${driver} parent link` }
    : undefined;
}
