import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { isQualifiedName } from '../../apimachinery/names';

/** helper.standardResources. */
const standard: ReadonlySet<string> = new Set(
  'cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims storage requests.storage services.nodeports services.loadbalancers'.split(
    ' ',
  ),
);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');

/** helper.IsNativeResource: of Kubernetes itself. */
export const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** helper.IsExtendedResourceName. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;

/** validateResourceName: a known name, or one of somebody's domain. */
export function validateTypedResourceName(name: string, errors: FieldErrors): void {
  const problems = isQualifiedName(name);
  for (const problem of problems) errors.invalid(new GoText(name), problem);
  if (problems.length > 0 || name.includes('/')) return;
  if (!standard.has(name) && !isHugePages(name) && !name.startsWith('requests.hugepages-'))
    errors.invalid(new GoText(name), 'must be a standard resource type or fully qualified');
}

/** validateContainerResourceName: what containers may ask for. */
export function validateContainerResource(name: string, errors: FieldErrors): void {
  validateTypedResourceName(name, errors);
  if (!name.includes('/')) {
    if (!['cpu', 'memory', 'ephemeral-storage'].includes(name) && !isHugePages(name))
      errors.invalid(new GoText(name), 'must be a standard resource for containers');
  } else if (!isNative(name) && !isExtended(name))
    errors.invalid(new GoText(name), "doesn't follow extended resource name standard");
}
