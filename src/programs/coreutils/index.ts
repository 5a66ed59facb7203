import type { Program } from '../../linux/process/types';
import { cat } from './cat';
import { chgrp, chmod, chown } from './chmod';
import { cp } from './cp';
import { cut } from './cut';
import { date } from './date';
import { echo } from './echo';
import { head } from './head';
import { df } from './df';
import { du } from './du';
import { find } from './find';
import { egrep, fgrep, grep } from './grep';
import { sed } from './sed';
import { sort } from './sort';
import { xargs } from './xargs';
import { base64 } from './base64';
import { cmp, diff } from './diff';
import { md5sum, sha1sum, sha256sum, sha512sum } from './digest';
import { expr } from './expr';
import { kill, killall, pgrep, pidof, pkill } from './kill';
import { mount, umount } from './mount';
import { less, more } from './pager';
import { ps } from './ps';
import { env, nohup, printenv, timeout, watch } from './running';
import { bracket, test } from './test';
import { column, comm, fold, nl, paste, rev, tac } from './text-tools';
import { mkfifo, mknod } from './mkfifo';
import { split, truncate } from './split';
import { groups_, id } from './id';
import { ls } from './ls';
import { mktemp, readlink, realpath } from './paths';
import { stat } from './stat';
import { clear, dmesg, free, hostname, stty, tty, uname, uptime, which } from './system';
import { ln } from './ln';
import { mkdir, rmdir } from './mkdir';
import { mv } from './mv';
import { printf } from './printf';
import { rm } from './rm';
import { seq } from './seq';
import { arch, basename, dirname, false_, logname, nproc, pwd, sleep, sync, true_, whoami, yes } from './simple';
import { tail } from './tail';
import { tee } from './tee';
import { touch } from './touch';
import { tr } from './tr';
import { uniq } from './uniq';
import { wc } from './wc';

/** What stands in /usr/bin of every machine (and most images). */
export const programs: Readonly<Record<string, Program>> = {
  arch,
  basename,
  cat,
  chgrp,
  chmod,
  chown,
  cp,
  cut,
  date,
  df,
  du,
  dmesg,
  free,
  '[': bracket,
  base64,
  mkfifo,
  mknod,
  split,
  truncate,
  cmp,
  column,
  comm,
  diff,
  env,
  expr,
  fold,
  kill,
  killall,
  less,
  md5sum,
  more,
  mount,
  nl,
  nohup,
  paste,
  pgrep,
  pidof,
  pkill,
  printenv,
  ps,
  rev,
  sha1sum,
  sha256sum,
  sha512sum,
  tac,
  test,
  timeout,
  umount,
  watch,
  find,
  egrep,
  fgrep,
  grep,
  sed,
  sort,
  xargs,
  groups: groups_,
  hostname,
  id,
  ls,
  mktemp,
  readlink,
  realpath,
  stat,
  stty,
  tty,
  uname,
  uptime,
  which,
  clear,
  dirname,
  echo,
  false: false_,
  head,
  ln,
  logname,
  mkdir,
  mv,
  nproc,
  printf,
  pwd,
  rm,
  rmdir,
  seq,
  sleep,
  sync,
  tail,
  tee,
  touch,
  tr,
  true: true_,
  uniq,
  wc,
  whoami,
  yes,
};
