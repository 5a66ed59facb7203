import type { TargetExtension } from '../extension';
import { CONNMARK, MARK } from './mark';
import { DNAT, MASQUERADE, REDIRECT, SNAT } from './nat';
import { CT, LOG, NOTRACK, TCPMSS, TRACE } from './other';
import { ACCEPT, DROP, REJECT, RETURN } from './verdicts';

/** Target modules by the name `-j` takes. */
export const targets: ReadonlyMap<string, TargetExtension> = new Map(
  [ACCEPT, CONNMARK, CT, DNAT, DROP, LOG, MARK, MASQUERADE, NOTRACK, REDIRECT, REJECT, RETURN, SNAT, TCPMSS, TRACE].map(
    (extension) => [extension.name, extension],
  ),
);
