/**
 * Objects of the API are frozen plain JSON values. Members that are always there once the server has stored the object
 * (defaults are filled in, every struct with a status has one) are required in the types.
 */

/** RFC 3339 in UTC, whole seconds: metav1.Time. */
export type Time = string;
/** RFC 3339 in UTC with six decimals: metav1.MicroTime. */
export type MicroTime = string;
export type Labels = Readonly<Record<string, string>>;
/** `100m`, `64Mi`; numbers in manifests are made text when they are decoded. */
export type Quantity = string;
export type Quantities = Readonly<Record<string, Quantity>>;
export type IntOrString = number | string;

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  /** Absent for kinds of cluster scope. */
  readonly namespace?: string;
  readonly uid: string;
  /** The store's revision of the last write, in decimal. */
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: Time;
  readonly deletionTimestamp?: Time;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: 'Apply' | 'Update';
  readonly apiVersion?: string;
  readonly time?: Time;
  readonly fieldsType?: 'FieldsV1';
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** What is handed to `create`: the server fills in the rest of the metadata, the type and an empty status. */
export type Draft<T extends ApiObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata' | 'status'> & {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Partial<ObjectMeta>;
} & (T extends { readonly status: infer S } ? { readonly status?: S } : unknown);

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface Condition<Type extends string = string> {
  readonly type: Type;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

/** `namespace/name`, or `name` for cluster scope: the key that informers and work queues use. */
export const keyOf = ({ metadata: { namespace, name } }: ApiObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The reference that makes somebody responsible for an object, if there is one. */
export const controllerOf = ({ metadata: { ownerReferences } }: ApiObject): OwnerReference | undefined =>
  ownerReferences?.find(({ controller }) => controller === true);

/** metav1.NewControllerRef. */
export const controllerRef = ({ apiVersion, kind, metadata: { name, uid } }: ApiObject): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});
