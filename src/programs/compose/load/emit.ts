import { isDict, type Value } from './value';
import { resolve } from './yaml';

/** YAML as go-yaml v3 writes it with an indentation of two; keys come in the order that they have. */
export function emitYaml(value: Value): string {
  if (isDict(value) && Object.keys(value).length > 0) return mapping(value, 0);
  if (Array.isArray(value) && value.length > 0) return sequence(value, 0);
  return `${inline(value, 0)}\n`;
}

const pad = (depth: number): string => '  '.repeat(depth);

function mapping(value: { readonly [key: string]: Value }, depth: number): string {
  return Object.entries(value)
    .map(([key, item]) => `${pad(depth)}${text(key)}:${after(item, depth)}`)
    .join('');
}

function sequence(value: readonly Value[], depth: number): string {
  return value
    .map((item) => {
      if (isDict(item) && Object.keys(item).length > 0) return `${pad(depth)}- ${mapping(item, depth + 1).trimStart()}`;
      if (Array.isArray(item) && item.length > 0) return `${pad(depth)}- ${sequence(item, depth + 1).trimStart()}`;
      return `${pad(depth)}- ${inline(item, depth)}\n`;
    })
    .join('');
}

function after(item: Value, depth: number): string {
  if (isDict(item) && Object.keys(item).length > 0) return `\n${mapping(item, depth + 1)}`;
  if (Array.isArray(item) && item.length > 0) return `\n${sequence(item, depth + 1)}`;
  return ` ${inline(item, depth)}\n`;
}

function inline(value: Value, depth: number): string {
  if (Array.isArray(value)) return '[]';
  if (isDict(value)) return '{}';
  if (typeof value !== 'string') return value === null ? 'null' : number(value);
  if (value.includes('\n') && !/[^\n\t\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufffd]/.test(value))
    return literal(value, depth);
  return text(value);
}

const number = (value: number | boolean): string => {
  if (typeof value === 'boolean') return String(value);
  if (value === Infinity) return '.inf';
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
};

function literal(value: string, depth: number): string {
  const trailing = /\n*$/.exec(value)?.[0].length ?? 0;
  const chomping = trailing === 0 ? '-' : trailing === 1 ? '' : '+';
  const indentation = /^[ \n]/.test(value) ? '2' : '';
  const lines = value.replace(/\n$/, '').split('\n');
  const kept = lines.map((line) => (line === '' ? '' : `${pad(depth + 1)}${line}`));
  return `|${indentation}${chomping}\n${kept.join('\n')}`;
}

const boolean11 = /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const timestamp = /^\d{4}-\d\d?-\d\d?([Tt ]|$)/;

/** A scalar of one line: plain if it reads back as a text, else in quotes. */
function text(value: string): string {
  if (/[^\x20-\x7e\x85\u00a0-\ud7ff\ue000-\uffef]/.test(value)) return JSON.stringify(value);
  const reads = resolve(value);
  if (
    typeof reads !== 'string' ||
    boolean11.test(value) ||
    base60.test(value) ||
    timestamp.test(value) ||
    value === '<<'
  )
    return JSON.stringify(value);
  const plain =
    !/^[-?:,[\]{}#&*!|>'"%@`]/.test(value) || /^[-?:][^ ,[\]{}]/.test(value) ? !/: |:$| #|^\s|\s$/.test(value) : false;
  const document = /^(---|\.\.\.)/.test(value);
  return plain && !document ? value : `'${value.replaceAll("'", "''")}'`;
}
