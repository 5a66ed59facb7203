import type { Library } from '../functions';
import { authz } from './authz';
import { format } from './format';
import { jsonPatch } from './json-patch';
import { lists } from './lists';
import { net } from './net';
import { quantity } from './quantity';
import { regex } from './regex';
import { semver } from './semver';
import { standard } from './standard';
import { strings } from './strings';
import { url } from './url';

/** What those of mutating policies can call besides. */
export const mutationLibraries: readonly Library[] = [jsonPatch];

/** What expressions can call: the environment of Kubernetes 1.33. */
export const libraries: readonly Library[] = [
  standard,
  strings,
  lists,
  regex,
  url,
  quantity,
  net,
  semver,
  format,
  authz,
];
