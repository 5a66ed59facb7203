import { yaml } from './yaml';

/** How many texts are remembered: the manifests and configurations of one cluster, several times over. */
const KEPT = 64;
const parsed = new Map<string, unknown>();

/**
 * The document of a YAML text, or undefined if it is none. Equal texts give the same (immutable) value: kubelets read the
 * same few files again and again.
 */
export function parseManifest(text: string): unknown {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  let document: unknown;
  try {
    document = yaml().parse(text, { maxAliasCount: 20 });
  } catch {
    return undefined;
  }
  if (parsed.size >= KEPT) parsed.clear();
  parsed.set(text, document);
  return document;
}
