import type { Labels } from '../../../apimachinery/object';
import type { StatusCause } from '../../../apimachinery/status';
import { FieldErrors } from '../../../apimachinery/field-errors';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level as of a minor version of Kubernetes (Infinity: `latest`). */
export interface LevelVersion {
  readonly level: Level;
  readonly minor: number;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const privileged: LevelVersion = { level: 'privileged', minor: Infinity };
/** What kube-apiserver does where labels say nothing. */
const defaultPolicy: Policy = { enforce: privileged, audit: privileged, warn: privileged };

export const strictness = (level: Level): number => levels.indexOf(level);

/** `baseline:latest`, `restricted:v1.24`. */
export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === Infinity ? 'latest' : `v1.${minor}`}`;

/** Policy.CompactString: what differs from enforcing the same for all. */
export const policyText = ({ enforce, audit, warn }: Policy): string =>
  [
    `enforce=${levelText(enforce)}`,
    ...(levelText(audit) === levelText(enforce) ? [] : [`audit=${levelText(audit)}`]),
    ...(levelText(warn) === levelText(enforce) ? [] : [`warn=${levelText(warn)}`]),
  ].join(', ');

/** api.PolicyToEvaluate: what a namespace's labels ask for, and what is wrong with them. */
export function policyOf(
  labels: Labels | undefined,
  defaults: Policy = defaultPolicy,
): { readonly policy: Policy; readonly errors: readonly StatusCause[] } {
  const errors = new FieldErrors();
  let warnLevel = false;
  let warnVersion = false;
  let enforceLevel = false;
  const read = (mode: keyof Policy): LevelVersion => {
    let { level, minor } = defaults[mode];
    const name = labels?.[prefix + mode];
    if (name !== undefined) {
      const known = levels.find((each) => each === name);
      if (known === undefined)
        errors
          .at('metadata')
          .at('labels')
          .key(prefix + mode)
          .invalid(name, `must be one of ${levels.join(', ')}`);
      if (mode === 'warn') warnLevel = true;
      if (mode === 'enforce') enforceLevel = known !== undefined;
      // Enforcing fails closed, telling fails open.
      level = known ?? (mode === 'enforce' ? 'restricted' : 'privileged');
    }
    const version = labels?.[`${prefix}${mode}-version`];
    if (version !== undefined) {
      if (mode === 'warn') warnVersion = true;
      const match = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(version);
      if (version !== 'latest' && match === null)
        errors
          .at('metadata')
          .at('labels')
          .key(`${prefix}${mode}-version`)
          .invalid(version, 'must be "latest" or "v1.x"');
      minor = match === null ? Infinity : Number(match[1]);
    }
    return { level, minor };
  };
  const enforce = read('enforce');
  const audit = read('audit');
  let warn = read('warn');
  // Who enforces is warned of the same, unless told otherwise.
  if (!warnLevel && enforceLevel && strictness(enforce.level) > strictness(warn.level))
    warn = { level: enforce.level, minor: warnVersion ? warn.minor : enforce.minor };
  return { policy: { enforce, audit, warn }, errors: errors.causes };
}

/** What the plugin is told besides: PodSecurityConfiguration. */
export interface PodSecuritySettings {
  readonly defaults: Policy;
  readonly exemptions: Readonly<Record<'usernames' | 'namespaces' | 'runtimeClasses', readonly string[]>>;
}

const unconfigured: PodSecuritySettings = {
  defaults: defaultPolicy,
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};
const read = new WeakMap<object, PodSecuritySettings>();

export function podSecuritySettings(configuration: Readonly<Record<string, unknown>> | undefined): PodSecuritySettings {
  if (configuration === undefined) return unconfigured;
  let settings = read.get(configuration);
  if (settings === undefined) read.set(configuration, (settings = settingsOf(configuration)));
  return settings;
}

function settingsOf({ defaults, exemptions }: Readonly<Record<string, unknown>>): PodSecuritySettings {
  const named = mapOf(defaults);
  const labels = Object.fromEntries(
    Object.entries(named).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value]] : [])),
  );
  const { policy } = policyOf(labels);
  // Levels that are not named are privileged: warnings do not follow what is enforced here.
  const exempt = mapOf(exemptions);
  const list = (key: string): readonly string[] => {
    const value = exempt[key];
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  };
  return {
    defaults: named['warn'] === undefined ? { ...policy, warn: privileged } : policy,
    exemptions: {
      usernames: list('usernames'),
      namespaces: list('namespaces'),
      runtimeClasses: list('runtimeClasses'),
    },
  };
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
