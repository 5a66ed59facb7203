import type { Program } from '../../linux/process/types';
import { base32, base64, basenc } from './basenc';
import { cat } from './cat';
import { chgrp, chmod, chown } from './chmod';
import { cp } from './cp';
import { cut } from './cut';
import { date } from './date';
import { df } from './df';
import { cmp } from './diff/cmp';
import { diff } from './diff/diff';
import { b2sum, md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum } from './digest';
import { cksum, sum } from './cksum';
import { dd } from './dd';
import { dircolors } from './dircolors';
import { hostid, stdbuf, users } from './hosts';
import { install } from './install';
import { fallocate, link, pathchk, shred, unlink } from './links';
import { du } from './du';
import { echo } from './echo';
import { expr } from './expr';
import { find } from './find';
import { egrep, fgrep, grep } from './grep/grep';
import { head } from './head';
import { groups_, id } from './id';
import { kill, killall, pgrep, pidof, pkill } from './kill';
import { ln } from './ln';
import { dir, ls, vdir } from './ls';
import { mkdir, rmdir } from './mkdir';
import { mkfifo, mknod } from './mkfifo';
import { mount, umount } from './mount';
import { mv } from './mv';
import { more } from './pager';
import { mktemp, readlink, realpath } from './paths';
import { printf } from './printf';
import { busyboxLs } from './busybox-ls';
import { busyboxPs } from './busybox-ps';
import { ps } from './ps';
import { rm } from './rm';
import { env, nohup, printenv, timeout, watch } from './running';
import { sed } from './sed';
import { seq } from './seq';
import { arch, basename, dirname, false_, logname, nproc, pwd, sleep, sync, true_, whoami, yes } from './simple';
import { sort } from './sort';
import { split } from './split';
import { truncate } from './truncate';
import { stat } from './stat';
import { stty } from './stty';
import { clear, dmesg, free, hostname, tty, uname, uptime, which } from './system';
import { tail } from './tail';
import { tee } from './tee';
import { bracket, test } from './test';
import { comm, fold, nl, paste, rev, tac } from './text-tools';
import { touch } from './touch';
import { tr } from './tr';
import { uniq } from './uniq';
import { wc } from './wc';
import { xargs } from './xargs';

/** What stands in /usr/bin of every machine (and most images). */
export const programs: Readonly<Record<string, Program>> = {
  '[': bracket,
  arch,
  b2sum,
  base32,
  base64,
  basename,
  basenc,
  cat,
  chgrp,
  chmod,
  chown,
  cksum,
  clear,
  cmp,
  comm,
  cp,
  cut,
  date,
  dd,
  df,
  diff,
  dir,
  dircolors,
  dirname,
  dmesg,
  du,
  echo,
  egrep,
  env,
  expr,
  fallocate,
  false: false_,
  fgrep,
  find,
  fold,
  free,
  grep,
  groups: groups_,
  head,
  hostid,
  hostname,
  id,
  install,
  kill,
  killall,
  link,
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
  pathchk,
  pgrep,
  pidof,
  pkill,
  printenv,
  printf,
  ps,
  'busybox-ls': busyboxLs,
  'busybox-ps': busyboxPs,
  pwd,
  readlink,
  realpath,
  rev,
  rm,
  rmdir,
  sed,
  seq,
  sha1sum,
  sha224sum,
  sha256sum,
  sha384sum,
  sha512sum,
  shred,
  sleep,
  sort,
  split,
  stat,
  stdbuf,
  stty,
  sum,
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
  unlink,
  uptime,
  users,
  vdir,
  watch,
  wc,
  which,
  whoami,
  xargs,
  yes,
};
