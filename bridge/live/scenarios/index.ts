import type { Scenario } from '../scenario';
import { lookingAround } from './looking-around';
import { imperative } from './imperative';
import { declarative } from './declarative';
import { trouble } from './trouble';
import { docker } from './docker';
import { access } from './access';
import { custom } from './custom';
import { patches } from './patches';

/** The stories, in the order in which they are told. */
export const scenarios: readonly Scenario[] = [
  lookingAround,
  imperative,
  declarative,
  trouble,
  access,
  custom,
  patches,
  docker,
];
