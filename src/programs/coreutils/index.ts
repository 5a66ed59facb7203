import type { Program } from '../../linux/process/types';
import { cat } from './cat';
import { chgrp, chmod, chown } from './chmod';
import { cp } from './cp';
import { cut } from './cut';
import { date } from './date';
import { echo } from './echo';
import { head } from './head';
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
