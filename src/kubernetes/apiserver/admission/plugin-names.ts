/** AllOrderedPlugins of 1.33 (pkg/kubeapiserver/options/plugins.go), and whether each is on by default. */
const known: Readonly<Record<string, boolean>> = {
  AlwaysAdmit: false,
  NamespaceAutoProvision: false,
  NamespaceLifecycle: true,
  NamespaceExists: false,
  LimitPodHardAntiAffinityTopology: false,
  LimitRanger: true,
  ServiceAccount: true,
  NodeRestriction: false,
  TaintNodesByCondition: true,
  AlwaysPullImages: false,
  ImagePolicyWebhook: false,
  PodSecurity: true,
  PodNodeSelector: false,
  Priority: true,
  DefaultTolerationSeconds: true,
  PodTolerationRestriction: false,
  EventRateLimit: false,
  ExtendedResourceToleration: false,
  DefaultStorageClass: true,
  PersistentVolumeClaimResize: true,
  StorageObjectInUseProtection: true,
  OwnerReferencesPermissionEnforcement: false,
  RuntimeClass: true,
  CertificateApproval: true,
  CertificateSigning: true,
  ClusterTrustBundleAttest: true,
  CertificateSubjectRestriction: true,
  DefaultIngressClass: true,
  DenyServiceExternalIPs: false,
  PodTopologyLabels: true,
  MutatingAdmissionPolicy: true,
  MutatingAdmissionWebhook: true,
  ValidatingAdmissionPolicy: true,
  ValidatingAdmissionWebhook: true,
  ResourceQuota: true,
  AlwaysDeny: false,
};

export const isKnownPlugin = (name: string): boolean => Object.hasOwn(known, name);

export const pluginsOnByDefault: ReadonlySet<string> = new Set(Object.keys(known).filter((name) => known[name]));

/** What --enable-admission-plugins and --disable-admission-plugins come to; a text: why the server does not start. */
export function admissionPlugins(enable: readonly string[], disable: readonly string[]): ReadonlySet<string> | string {
  for (const [flag, names] of [
    ['enable-admission-plugins', enable],
    ['disable-admission-plugins', disable],
  ] as const) {
    const unknown = names.find((name) => !isKnownPlugin(name));
    if (unknown !== undefined) return `${flag} plugin ${JSON.stringify(unknown)} is unknown`;
  }
  const both = enable.filter((name) => disable.includes(name));
  if (both.length > 0)
    return `[${both.sort().join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`;
  const on = new Set([...pluginsOnByDefault, ...enable]);
  for (const name of disable) on.delete(name);
  return on;
}
