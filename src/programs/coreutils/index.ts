import type { Program } from '../../linux/process/types';
import { base64 } from './base64';
import { cat } from './cat';
import { chgrp, chmod, chown } from './chmod';
import { cp } from './cp';
import { cut } from './cut';
import { date } from './date';
import { df } from './df';
import { cmp, diff } from './diff';
import { md5sum, sha1sum, sha256sum, sha512sum } from './digest';
import { du } from './du';
import { echo } from './echo';
import { expr } from './expr';
import { find } from './find';
import { egrep, fgrep, grep } from './grep';
import { head } from './head';
import { groups_, id } from './id';
import { kill, killall, pgrep, pidof, pkill } from './kill';
import { ln } from './ln';
import { ls } from './ls';
import { mkdir, rmdir } from './mkdir';
import { mkfifo, mknod } from './mkfifo';
import { mount, umount } from './mount';
import { mv } from './mv';
import { less, more } from './pager';
import { mktemp, readlink, realpath } from './paths';
import { printf } from './printf';
import { ps } from './ps';
import { rm } from './rm';
import { env, nohup, printenv, timeout, watch } from './running';
import { sed } from './sed';
import { seq } from './seq';
import { arch, basename, dirname, false_, logname, nproc, pwd, sleep, sync, true_, whoami, yes } from './simple';
import { sort } from './sort';
import { split, truncate } from './split';
import { stat } from './stat';
import { clear, dmesg, free, hostname, stty, tty, uname, uptime, which } from './system';
import { tail } from './tail';
import { tee } from './tee';
import { bracket, test } from './test';
import { column, comm, fold, nl, paste, rev, tac } from './text-tools';
import { touch } from './touch';
import { tr } from './tr';
import { uniq } from './uniq';
import { wc } from './wc';
import { xargs } from './xargs';

/** What stands in /usr/bin of every machine (and most images). */
export const programs: Readonly<Record<string, Program>> = {
  '[': bracket,
  arch,
  base64,
  basename,
  cat,
  chgrp,
  chmod,
  chown,
  clear,
  cmp,
  column,
  comm,
  cp,
  cut,
  date,
  df,
  diff,
  dirname,
  dmesg,
  du,
  echo,
  egrep,
  env,
  expr,
  false: false_,
  fgrep,
  find,
  fold,
  free,
  grep,
  groups: groups_,
  head,
  hostname,
  id,
  kill,
  killall,
  less,
  ln,
  logname,
  ls,
  md5sum,
  mkdir,
  mkfifo,
  mknod,
  mktemp,
  more,
  mount,
  mv,
  nl,
  nohup,
  nproc,
  paste,
  pgrep,
  pidof,
  pkill,
  printenv,
  printf,
  ps,
  pwd,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sha1sum,
  sha256sum,
  sha512sum,
  sleep,
  sort,
  split,
  stat,
  stty,
  sync,
  tac,
  tail,
  tee,
  test,
  timeout,
  touch,
  tr,
  true: true_,
  truncate,
  tty,
  umount,
  uname,
  uniq,
  uptime,
  watch,
  wc,
  which,
  whoami,
  xargs,
  yes,
};
