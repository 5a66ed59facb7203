/** How the history calls a build: the context's last name, the Dockerfile's, the target (commands/history/utils.go). */
export function buildName(
  local: { readonly context: string; readonly dockerfile: string },
  target: string,
  remote: string | undefined,
): string {
  const context = local.context === '-' ? '' : local.context;
  const given = local.dockerfile === '-' ? '' : local.dockerfile;
  const isDefault = given === '' || given.endsWith('/Dockerfile');
  const dockerfile = given.replace(/\/Dockerfile$/, '');
  let name = '';
  if (dockerfile.startsWith(context) && dockerfile.length > context.length)
    name = dockerfile.slice(context.lastIndexOf('/') + 1);
  else {
    const base = dockerfile === '' ? context : dockerfile;
    const slash = base.lastIndexOf('/');
    name = base.slice(slash + 1);
    if (!isDefault && base !== '') {
      const parent = slash < 0 ? base : base.slice(0, slash).slice(base.slice(0, slash).lastIndexOf('/') + 1);
      name = `${parent}/${name}`;
    }
  }
  if (remote !== undefined) name = remote;
  if (target === '') return name;
  return name === '' ? target : `${name} (${target})`;
}
