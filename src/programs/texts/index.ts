import type { Program } from '../../linux/process/types';
import { column } from './column';
import { tree } from './tree';
import { getopt } from './getopt';
import { cal } from './cal';
import { file } from './file';
import { man } from './man';
import { patch } from './patch';
import { reset, tput } from './tput';
import { csplit } from './csplit';
import { factor } from './factor';
import { fmt } from './fmt';
import { hd, hexdump } from './hexdump';
import { join } from './join';
import { numfmt } from './numfmt';
import { od } from './od';
import { shuf } from './shuf';
import { strings } from './strings';
import { expand, unexpand } from './tabs';
import { tsort } from './tsort';
import { xxd } from './xxd';

/** Tools that read and write text. */
export const programs: Readonly<Record<string, Program>> = {
  column,
  csplit,
  tput,
  reset,
  patch,
  man,
  file,
  cal,
  getopt,
  tree,
  expand,
  factor,
  fmt,
  hd,
  hexdump,
  join,
  numfmt,
  od,
  shuf,
  strings,
  tsort,
  unexpand,
  xxd,
};
