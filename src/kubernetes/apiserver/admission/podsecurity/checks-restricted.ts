import { seccompProfile } from './checks-baseline';
import {
  containersOf,
  containersText,
  isWindows,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type Check,
  type CheckPod,
} from './check';

/** Since 1.25 pods that say they are of Windows need not say what Windows does not know. */
const notWindows =
  (check: CheckPod): CheckPod =>
  (metadata, spec) =>
    isWindows(spec) ? undefined : check(metadata, spec);

const allowPrivilegeEscalation: CheckPod = (_metadata, spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = (_metadata, spec) => {
  const bad = new Set<string>();
  const keeping = namesWhere(
    spec,
    ({ securityContext }) => securityContext?.capabilities?.drop?.includes('ALL') !== true,
  );
  const adding = namesWhere(spec, ({ securityContext }) => {
    const added = (securityContext?.capabilities?.add ?? []).filter((each) => each !== 'NET_BIND_SERVICE');
    for (const each of added) bad.add(each);
    return added.length > 0;
  });
  const details = [
    ...(keeping.length === 0 ? [] : [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]),
    ...(adding.length === 0
      ? []
      : [`${containersText(adding)} must not include ${quoted(sorted(bad))} in securityContext.capabilities.add`]),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const goodVolumes: ReadonlySet<string> = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);
const badVolumes =
  'hostPath gcePersistentDisk awsElasticBlockStore gitRepo nfs iscsi glusterfs rbd flexVolume cinder cephfs flocker fc azureFile vsphereVolume quobyte azureDisk photonPersistentDisk portworxVolume scaleIO storageos'.split(
    ' ',
  );

const restrictedVolumes: CheckPod = (_metadata, { volumes = [] }) => {
  const names: string[] = [];
  const types = new Set<string>();
  for (const volume of volumes) {
    const sources = Object.keys(volume).filter((key) => volume[key as keyof typeof volume] !== undefined);
    if (sources.some((each) => goodVolumes.has(each))) continue;
    names.push(volume.name);
    types.add(badVolumes.find((each) => sources.includes(each)) ?? 'unknown');
  }
  if (names.length === 0) return undefined;
  const which = `${plural('volume', names.length)} ${quoted(names)} ${names.length === 1 ? 'uses' : 'use'}`;
  return {
    reason: 'restricted volume types',
    detail: `${which} ${plural('restricted volume type', types.size)} ${quoted(sorted(types))}`,
  };
};

const runAsNonRoot: CheckPod = (_metadata, spec) => {
  const reason = 'runAsNonRoot != true';
  const ofPod = spec.securityContext?.runAsNonRoot;
  const explicit = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  if (ofPod === false || explicit.length > 0)
    return { reason, detail: `${setters(ofPod === false, explicit)} must not set securityContext.runAsNonRoot=false` };
  if (ofPod === true) return undefined;
  const implicit = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (implicit.length === 0) return undefined;
  return { reason, detail: `pod or ${containersText(implicit)} must set securityContext.runAsNonRoot=true` };
};

const runAsUser: CheckPod = (_metadata, spec) => {
  const pod = spec.securityContext?.runAsUser === 0;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  if (!pod && names.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters(pod, names)} must not set runAsUser=0` };
};

const seccompRestricted: CheckPod = (metadata, spec) => {
  const explicit = seccompProfile(metadata, spec);
  if (explicit !== undefined) return explicit;
  if (spec.securityContext?.seccompProfile !== undefined) return undefined;
  const names = containersOf(spec).flatMap(({ name, securityContext }) =>
    securityContext?.seccompProfile === undefined ? [name] : [],
  );
  if (names.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersText(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

/** The restricted controls of 1.33, in the order of their ids; they come after the baseline's. */
export const restrictedChecks: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    versions: [
      { since: 8, check: allowPrivilegeEscalation },
      { since: 25, check: notWindows(allowPrivilegeEscalation) },
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    versions: [
      { since: 22, check: capabilities, overrides: 'capabilities_baseline' },
      { since: 25, check: notWindows(capabilities), overrides: 'capabilities_baseline' },
    ],
  },
  {
    id: 'restrictedVolumes',
    level: 'restricted',
    versions: [{ since: 0, check: restrictedVolumes, overrides: 'hostPathVolumes' }],
  },
  { id: 'runAsNonRoot', level: 'restricted', versions: [{ since: 0, check: runAsNonRoot }] },
  { id: 'runAsUser', level: 'restricted', versions: [{ since: 23, check: runAsUser }] },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    versions: [
      { since: 19, check: seccompRestricted, overrides: 'seccompProfile_baseline' },
      { since: 25, check: notWindows(seccompRestricted), overrides: 'seccompProfile_baseline' },
    ],
  },
];
