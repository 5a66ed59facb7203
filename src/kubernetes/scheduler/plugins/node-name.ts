import { unresolvable, type Plugin } from '../framework';

const rejection = unresolvable("node(s) didn't match the requested node name");

/** A pod that names its node goes there or nowhere. */
export const nodeName: Plugin = {
  name: 'NodeName',
  weight: 0,
  filter({ pod: { spec } }) {
    const wanted = spec.nodeName;
    return wanted ? (node) => (node.name === wanted ? undefined : rejection) : undefined;
  },
};
