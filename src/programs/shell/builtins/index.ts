import type { Dialect, Shell } from '../shell';
import { alias, unalias } from './alias';
import { bind } from './bind';
import { cd, pwd } from './cd';
import { compgen, complete, compopt } from './complete';
import { declare, exportBuiltin, local, readonlyBuiltin } from './declare';
import { dirs, popd, pushd } from './directory-stack';
import { echo } from './echo';
import { evalBuiltin, exec, source } from './eval';
import { breakBuiltin, colon, continueBuiltin, exit, falseBuiltin, logout, returnBuiltin, shift } from './flow';
import { fc } from './fc';
import { getopts } from './getopts';
import { caller, help } from './help';
import { history } from './history';
import { bg, disown, fg, jobs, suspend, wait } from './jobs';
import { kill } from './kill';
import { letBuiltin } from './let';
import { times } from './times';
import { builtin, command, enable, hash, type } from './lookup';
import { mapfile } from './mapfile';
import { printf } from './printf';
import { read } from './read';
import { set, shopt } from './set';
import { test } from './test';
import { trap } from './trap';
import { ulimit } from './ulimit';
import { umask } from './umask';
import type { Builtin } from './types';
import { unset } from './unset';

export type { Builtin, Invocation } from './types';

/** Builtins whose arguments may be assignments. */
export const declarations: ReadonlySet<string> = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);

type Table = Readonly<Record<string, Builtin | undefined>>;

/** What every one of the shells has. */
const common: Table = {
  ':': colon,
  '.': source,
  '[': test,
  alias,
  bg,
  break: breakBuiltin,
  cd,
  command,
  continue: continueBuiltin,
  echo,
  eval: evalBuiltin,
  exec,
  exit,
  export: exportBuiltin,
  false: falseBuiltin,
  fg,
  getopts,
  hash,
  jobs,
  kill,
  local,
  printf,
  pwd,
  read,
  readonly: readonlyBuiltin,
  return: returnBuiltin,
  set,
  shift,
  test,
  times,
  trap,
  true: colon,
  type,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
};

/** Made when first asked for: completion looks builtins up, and is itself one. */
const makeTables = (): Readonly<Record<Dialect, Table>> => ({
  dash: common,
  ash: { ...common, source, let: letBuiltin, help, history },
  bash: {
    ...common,
    bind,
    builtin,
    caller,
    compgen,
    complete,
    compopt,
    declare,
    dirs,
    disown,
    enable,
    fc,
    help,
    history,
    let: letBuiltin,
    logout,
    mapfile,
    popd,
    pushd,
    readarray: mapfile,
    shopt,
    source,
    suspend,
    typeset: declare,
  },
});
let tables: Readonly<Record<Dialect, Table>> | undefined;

/** The builtins of a shell. */
export const builtins = (shell: Shell): Table => (tables ??= makeTables())[shell.dialect];
