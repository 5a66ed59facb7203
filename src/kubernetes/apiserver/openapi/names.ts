/** ToValidOperationID: `rbac.authorization.k8s.io` is RbacAuthorization. */
export const operationNameOf = (group: string): string =>
  group === ''
    ? 'Core'
    : group
        .replace(/\.k8s\.io$/, '')
        .split(/[^A-Za-z0-9]+/)
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join('');

/** The same as a tag. */
export const tagOf = (group: string): string => {
  const name = operationNameOf(group);
  return name.charAt(0).toLowerCase() + name.slice(1);
};
