import { rawProgress } from './order-raw';
import { buildWarnings, cachedSteps, cacheRecords } from './order-build';
import {
  answersOfNslookup,
  commonPrefix,
  containersOfNetwork,
  layersOnDisk,
  lengthOfConfig,
  logsOfTwoPipes,
  measured,
  processNumbers,
  prunedVolumes,
  randomNames,
} from './order-engine';
import {
  containersOfOneAge,
  eventsOfBefore,
  imagesOfApi,
  labelsInOneLine,
  lastPicture,
  pathStatInClear,
  progressOnce,
  randomFilesFirst,
  whatComposeDoes,
} from './order-swarm';

/**
 * What the real engine and CLI leave to chance in the order of lines. Each rule is for a kind of output; both sides are
 * brought into one order and then compared as wholes.
 */
type Arrangement = (lines: readonly string[], command: string) => readonly string[];

const arrangements: readonly Arrangement[] = [
  imagesOfOneAge,
  layersOfPull,
  layersAtTerminal,
  savedLayers,
  volumesOfOneDepth,
  prunedImages,
  cachedSteps,
  buildWarnings,
  cacheRecords,
  rawProgress,
  labelsInOneLine,
  containersOfOneAge,
  whatComposeDoes,
  lastPicture,
  progressOnce,
  eventsOfBefore,
  randomFilesFirst,
  processNumbers,
  measured,
  logsOfTwoPipes,
  containersOfNetwork,
  answersOfNslookup,
  prunedVolumes,
  commonPrefix,
  randomNames,
  layersOnDisk,
  lengthOfConfig,
  pathStatInClear,
  imagesOfApi,
];

/** The lines of an output in an order that does not depend on chance. */
export const arrange = (command: string, text: string): string =>
  arrangements
    .reduce<readonly string[]>((lines, arrangement) => arrangement(lines, command), text.split('\n'))
    .join('\n');

/**
 * `docker images`: sorted by when they were made in whole seconds, by an unstable sort over a map's order
 * (daemon/images/images.go: `sort.Sort(sort.Reverse(byCreated(summaries)))`); several names of an image come out of a
 * map, too (cli/command/formatter/image.go). What was made at the same time is not to be seen in the table: rows in any
 * order.
 */
function imagesOfOneAge(lines: readonly string[], command: string): readonly string[] {
  if (lines.length < 2) return lines;
  const header = lines.findIndex((line) => /^REPOSITORY +TAG .*CREATED/.test(line));
  if (header >= 0) {
    const from = header + 1;
    const end = lines.findIndex((line, at) => at >= from && line.trim() === '');
    return sortPart(lines, from, end < 0 ? lines.length : end);
  }
  return /^\s*docker (images|image ls)\b[^;|&]*$/.test(command) ? sortPart(lines, 0, lines.length - 1) : lines;
}

/**
 * `docker pull` loads layers in parallel and says of each what happened to it: the lines of one layer together, layers
 * in the order in which they are first named (which is that of the manifest).
 */
function layersOfPull(lines: readonly string[]): readonly string[] {
  const of = (line: string): string | undefined => /^([0-9a-f]{12}): /.exec(line)?.[1];
  const [from, to] = part(lines, (line) => of(line) !== undefined);
  const inside = lines.slice(from, to);
  const order = [...new Set(inside.map(of))];
  return [
    ...lines.slice(0, from),
    ...order.flatMap((id) => inside.filter((line) => of(line) === id)),
    ...lines.slice(to),
  ];
}

/** The same at a terminal, where each layer has a line of its own: what is written there, layer by layer. */
function layersAtTerminal(lines: readonly string[]): readonly string[] {
  const escape = String.fromCharCode(27);
  const piece = `${escape}\\[\\d+A${escape}\\[2K\\r([0-9a-f]{12}): [^\\r]*\\r${escape}\\[\\d+B(?:\\r\\n)?`;
  return lines
    .join('\n')
    .replace(new RegExp(`(?:${piece})+`, 'g'), (all) => {
      const pieces = [...all.matchAll(new RegExp(piece, 'g'))];
      const order = [...new Set(pieces.map(([, id]) => id))];
      return order.flatMap((id) => pieces.filter(([, of]) => of === id).map(([one]) => one)).join('');
    })
    .split('\n');
}

/** A saved image's layers stand in the order of their digests, which depend on when things were built: by size. */
function savedLayers(lines: readonly string[]): readonly string[] {
  const entry = /"sha256:[0-9a-f]{64}":\{"mediaType":"[^"]*","size":(\d+),"digest":"sha256:[0-9a-f]{64}"\}/g;
  return lines.map((line) =>
    line.replace(/(?<="LayerSources":\{).*?\}(?=\})/g, (inside) =>
      [...inside.matchAll(entry)]
        .sort((a, b) => Number(a[1]) - Number(b[1]))
        .map(([one]) => one)
        .join(','),
    ),
  );
}

/** Volumes are mounted by how deep they are (daemon/volumes_unix.go), those of one depth as a map gives them. */
function volumesOfOneDepth(lines: readonly string[]): readonly string[] {
  const [from, to] = part(lines, (line) => /^\/dev\/\w+ on \/(?!etc\/)[^/ ]+ type /.test(line));
  return sortPart(lines, from, to);
}

/** `docker image prune -a` goes through a map of images; layers that two shared go with the second. */
function prunedImages(lines: readonly string[]): readonly string[] {
  const title = lines.indexOf('Deleted Images:');
  if (title < 0) return lines;
  const [, to] = part(lines.slice(title + 1), (line) => /^(untagged|deleted): /.test(line));
  return sortPart(lines, title + 1, title + 1 + to);
}

/** The first run of lines that are so. */
function part(lines: readonly string[], is: (line: string) => boolean): readonly [number, number] {
  const from = lines.findIndex(is);
  if (from < 0) return [0, 0];
  const length = lines.slice(from).findIndex((line) => !is(line));
  return [from, length < 0 ? lines.length : from + length];
}

/**
 * Sorted by what stays the same in two runs: without digits that are ids or ages.
 */
function sortPart(lines: readonly string[], from: number, to: number): readonly string[] {
  const key = (line: string): string => line.replace(/\b[0-9a-f]{12,64}\b/g, '').replace(/\s+/g, ' ');
  const sorted = lines.slice(from, to).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return [...lines.slice(0, from), ...sorted, ...lines.slice(to)];
}
