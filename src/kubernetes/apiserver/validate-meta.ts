import { GoText, goQuote, type FieldErrors } from '../apimachinery/field-errors';
import type { Kind } from '../apimachinery/kind';
import { isDns1123Label, isQualifiedName, nameProblems, validateLabels } from '../apimachinery/names';
import type { ObjectMeta, OwnerReference } from '../apimachinery/object';

const annotationsLimit = 256 * 1024;

/** ValidateObjectMeta of apimachinery and of core. */
export function validateMeta(kind: Kind, meta: ObjectMeta, errors: FieldErrors): void {
  if (meta.generateName !== undefined && meta.generateName !== '')
    for (const text of nameProblems(kind.nameRule, meta.generateName, true))
      errors.at('generateName').invalid(meta.generateName, text);
  if (meta.name === '') errors.at('name').required('name or generateName is required');
  else for (const text of nameProblems(kind.nameRule, meta.name)) errors.at('name').invalid(meta.name, text);
  if (meta.namespace !== undefined)
    for (const text of isDns1123Label(meta.namespace)) errors.at('namespace').invalid(meta.namespace, text);
  if (meta.generation !== undefined && meta.generation < 0)
    errors.at('generation').invalid(meta.generation, 'must be greater than or equal to 0');
  validateMetaParts(meta, errors);
  if (meta.finalizers === undefined) return;
  validateFinalizers(meta.finalizers, errors.at('finalizers'));
  meta.finalizers.forEach((finalizer, index) =>
    validateStandardFinalizer(finalizer, errors.at('finalizers').index(index)),
  );
}

/** The parts that ValidateObjectMetaUpdate looks at too. */
export function validateMetaParts(meta: ObjectMeta, errors: FieldErrors): void {
  if (meta.labels !== undefined) validateLabels(meta.labels, errors.at('labels'));
  if (meta.annotations !== undefined) validateAnnotations(meta.annotations, errors.at('annotations'));
  if (meta.ownerReferences !== undefined) validateOwners(meta.ownerReferences, errors.at('ownerReferences'));
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Core's own rule: without a domain only the well-known ones. */
export function validateStandardFinalizer(finalizer: string, errors: FieldErrors): void {
  if (!finalizer.includes('/') && !standardFinalizers.has(finalizer))
    errors.invalid(finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
}

export function validateFinalizers(finalizers: readonly string[], errors: FieldErrors): void {
  for (const finalizer of finalizers) for (const text of isQualifiedName(finalizer)) errors.invalid(finalizer, text);
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.invalid(goStrings(finalizers), 'finalizer orphan and foregroundDeletion cannot be both set');
}

const goStrings = (items: readonly string[]): GoText => new GoText(`[]string{${items.map(goQuote).join(', ')}}`);

export function validateAnnotations(annotations: Readonly<Record<string, string>>, errors: FieldErrors): void {
  let size = 0;
  for (const key in annotations) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(key, text);
    size += key.length + (annotations[key]?.length ?? 0);
  }
  if (size > annotationsLimit) errors.tooLong(annotationsLimit);
}

/** ValidateOwnerReferences; the fields carry no index. */
function validateOwners(owners: readonly OwnerReference[], errors: FieldErrors): void {
  let controller: OwnerReference | undefined;
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner;
    const parts = apiVersion.split('/');
    if (apiVersion === '' || parts.length > 2 || parts.at(-1) === '')
      errors.at('apiVersion').invalid(apiVersion, 'version must not be empty');
    if (kind === '') errors.at('kind').invalid('', 'kind must not be empty');
    if (name === '') errors.at('name').invalid('', 'name must not be empty');
    if (uid === '') errors.at('uid').invalid('', 'uid must not be empty');
    if (apiVersion === 'v1' && kind === 'Event')
      errors.invalid(goOwner(owner), '/v1, Kind=Event is disallowed from being an owner');
    if (owner.controller !== true) continue;
    if (controller === undefined) controller = owner;
    else
      errors.invalid(
        new GoText(`[]v1.OwnerReference{${owners.map((each) => goOwner(each).text).join(', ')}}`),
        `Only one reference can have Controller set to true. Found "true" in references for ${controller.kind}/${controller.name} and ${kind}/${name}`,
      );
  }
}

function goOwner({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): GoText {
  // Go prints where the value is, and so nobody can depend on it.
  const pointer = (value: boolean | undefined): string =>
    value === undefined ? '(*bool)(nil)' : '(*bool)(0xc000000000)';
  return new GoText(
    `v1.OwnerReference{APIVersion:${goQuote(apiVersion)}, Kind:${goQuote(kind)}, Name:${goQuote(name)}, UID:${goQuote(uid)}, Controller:${pointer(controller)}, BlockOwnerDeletion:${pointer(blockOwnerDeletion)}}`,
  );
}
