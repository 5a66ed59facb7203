import { arithmetic } from './arithmetic';
import { arrays } from './arrays';
import { builtins } from './builtins';
import { dash } from './dash';
import { dashEntrypoints } from './dash-entrypoints';
import { dashRefusals } from './dash-refusals';
import { errors } from './errors';
import { features } from './features';
import { parameters } from './parameters';
import { part1 } from './part-1';
import { part2 } from './part-2';
import { part3 } from './part-3';
import { part4 } from './part-4';
import { part5 } from './part-5';
import { redirects } from './redirects';
import { syntaxErrors } from './syntax-errors';
import type { Recorded } from './types';

/** What bash answered, by subject. */
export const recorded: readonly Recorded[] = [
  ...part1,
  ...part2,
  ...part3,
  ...part4,
  ...part5,
  ...parameters,
  ...arithmetic,
  ...arrays,
  ...builtins,
  ...features,
  ...redirects,
  ...errors,
  ...syntaxErrors,
];

/** What dash answered. */
export const recordedDash: readonly Recorded[] = [...dash, ...dashEntrypoints, ...dashRefusals];
