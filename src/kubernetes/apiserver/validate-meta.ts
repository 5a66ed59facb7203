import type { FieldErrors } from '../apimachinery/field-errors';
import type { Kind } from '../apimachinery/kind';
import { isDns1123Label, isQualifiedName, nameProblems, validateLabels } from '../apimachinery/names';
import type { ObjectMeta } from '../apimachinery/object';

const annotationsLimit = 256 * 1024;

/** ValidateObjectMeta of a new object. */
export function validateMeta(kind: Kind, meta: ObjectMeta, errors: FieldErrors): void {
  if (meta.generateName !== undefined && meta.generateName !== '')
    for (const text of nameProblems(kind.nameRule, meta.generateName, true))
      errors.at('generateName').invalid(meta.generateName, text);
  if (meta.name === '') errors.at('name').required('name or generateName is required');
  else for (const text of nameProblems(kind.nameRule, meta.name)) errors.at('name').invalid(meta.name, text);
  if (meta.namespace !== undefined)
    for (const text of isDns1123Label(meta.namespace)) errors.at('namespace').invalid(meta.namespace, text);
  validateMetaParts(meta, errors);
}

/** The parts that are checked at updates too. */
export function validateMetaParts(meta: ObjectMeta, errors: FieldErrors): void {
  if (meta.ownerReferences !== undefined) validateOwners(meta, errors.at('ownerReferences'));
  if (meta.labels !== undefined) validateLabels(meta.labels, errors.at('labels'));
  if (meta.annotations !== undefined) validateAnnotations(meta.annotations, errors.at('annotations'));
  meta.finalizers?.forEach((finalizer, index) => {
    for (const text of isQualifiedName(finalizer)) errors.at('finalizers').index(index).invalid(finalizer, text);
    if (!finalizer.includes('/') && !standardFinalizers.has(finalizer))
      errors
        .at('finalizers')
        .index(index)
        .invalid(finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
  });
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function validateAnnotations(annotations: Readonly<Record<string, string>>, errors: FieldErrors): void {
  let size = 0;
  for (const key in annotations) {
    for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(key, text);
    size += key.length + (annotations[key]?.length ?? 0);
  }
  if (size > annotationsLimit) errors.tooLong(annotationsLimit);
}

function validateOwners({ ownerReferences = [] }: ObjectMeta, errors: FieldErrors): void {
  let controller: string | undefined;
  ownerReferences.forEach((owner, index) => {
    const at = (): FieldErrors => errors.index(index);
    if (owner.apiVersion === undefined || owner.apiVersion === '')
      at()
        .at('apiVersion')
        .invalid(owner.apiVersion ?? '', 'version must not be empty');
    if (owner.kind === undefined || owner.kind === '') at().at('kind').invalid('', 'must not be empty');
    if (owner.name === undefined || owner.name === '') at().at('name').invalid('', 'must not be empty');
    if (owner.uid === undefined || owner.uid === '') at().at('uid').invalid('', 'must not be empty');
    if (owner.controller !== true) return;
    if (controller === undefined) controller = `${owner.kind}/${owner.name}`;
    else
      errors.invalid(
        ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.kind}/${owner.name}`,
      );
  });
}
