import { readFileSync } from 'node:fs';

/** The objects of a file with one JSON document a line. */
export const readLines = <Line>(path: string): readonly Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Line);
