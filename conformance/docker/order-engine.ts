/** The lines of an output, brought into one order. */
type Lines = readonly string[];

/** Hashes, and the names that BuildKit's identity.NewID gives. */
const chosen = /\b[0-9a-f]{64}\b|\b(?=[0-9a-z]*\d)[0-9a-z]{25}\b/g;
const nameless = (line: string): string => line.replace(chosen, '<ID>');

/** Sorts each run of lines that are so. */
function sortRuns(lines: Lines, is: (line: string) => boolean, key: (line: string) => string): Lines {
  const out: string[] = [];
  for (let at = 0; at < lines.length;) {
    const length = lines.slice(at).findIndex((line) => !is(line));
    const end = length < 0 ? lines.length : at + length;
    out.push(...lines.slice(at, end).sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)));
    if (end < lines.length) out.push(lines[end] ?? '');
    at = end + 1;
  }
  return out;
}

/**
 * Numbers of processes: the host's depend on what ran there before; in a container runc's threads take some, of which a
 * Go program has as many as it happens to need (`ps` of busybox: those above 1). `ss` names those of files, too.
 */
export function processNumbers(lines: Lines): Lines {
  const header = lines.findIndex((line) => /^ *PID +(?:COMMAND|USER|CMD)\b/.test(line));
  return lines.map((line, at) => {
    if (header >= 0 && at > header) return line.replace(/^ *(?!1 )\d+ +/, '<PID> ');
    return line.replace(/("Pid": )[1-9]\d*/, '$1<PID>').replace(/\bpid=\d+,fd=\d+/g, 'pid=<PID>,fd=<FD>');
  });
}

/**
 * `docker stats` of what runs: the processor's time and memory are measured at the moment (one container that slept had
 * 632 and 324 KiB within a second), and what an interface received depends on what its neighbours multicast.
 */
export const measured = (lines: Lines): Lines =>
  lines.map((line) =>
    line
      .replace(
        /^([0-9a-f]{12} +\S+) +[\d.]+% +[\d.]+[KMG]iB \/ ([\d.]+[KMG]iB) +[\d.]+% +[\d.]+k?B \/ [\d.]+k?B +/,
        '$1 <CPU> <MEM> / $2 <MEM%> <NET> ',
      )
      .replace(/"CPUPerc":"[\d.]+%"/, '"CPUPerc":"<CPU>"')
      .replace(/"MemPerc":"[\d.]+%","MemUsage":"[\d.]+[KMG]iB /, '"MemPerc":"<MEM%>","MemUsage":"<MEM> ')
      .replace(/"NetIO":"[^"]*"/, '"NetIO":"<NET>"'),
  );

/** Output and errors come to the engine through two pipes, which two goroutines read: which writes first is chance. */
export const logsOfTwoPipes = (lines: Lines): Lines =>
  sortRuns(
    lines,
    (line) => /^\{"log":.*"stream":"std(out|err)"/.test(line),
    (line) => /"stream":"(\w+)"/.exec(line)?.[1] ?? '',
  );

/** A network's containers stand by their ids, which are random: by their names instead. */
export function containersOfNetwork(lines: Lines): Lines {
  const from = lines.findIndex((line) => /^ {8}"Containers": \{$/.test(line)) + 1;
  if (from === 0) return lines;
  const to = lines.findIndex((line, at) => at > from && /^ {8}\}/.test(line));
  const text = lines.slice(from, to).join('\n');
  const blocks = text.split(/(?<=^ {12}\}),\n/m).sort((a, b) => (nameless(a) < nameless(b) ? -1 : 1));
  return [...lines.slice(0, from), ...blocks.join(',\n').split('\n'), ...lines.slice(to)];
}

/**
 * `nslookup` asks for both kinds of addresses at once and prints what arrives; of several addresses the resolver gives
 * one or another first (libnetwork/resolver.go, shuffleAddr).
 */
export function answersOfNslookup(lines: Lines): Lines {
  if (!lines.some((line) => /^Server:\s+127\.0\.0\.11/.test(line))) return lines;
  const paragraphs = lines.join('\n').split('\n\n');
  const sorted = paragraphs.map((paragraph) => {
    const answer = paragraph.split('\n');
    if (answer[0] !== 'Non-authoritative answer:') return paragraph;
    const pairs = answer
      .slice(1)
      .join('\n')
      .split(/\n(?=Name:)/)
      .sort();
    return [answer[0], ...pairs].join('\n');
  });
  for (let at = 1; at < sorted.length; at++) {
    const [before = '', here = ''] = [sorted[at - 1], sorted[at]];
    const answers = [before, here].every((paragraph) => paragraph.startsWith('Non-authoritative answer:'));
    if (answers && here < before) [sorted[at - 1], sorted[at]] = [here, before];
  }
  return sorted.join('\n\n').split('\n');
}

/** Volumes are pruned in the order of a map. */
export function prunedVolumes(lines: Lines): Lines {
  const title = lines.indexOf('Deleted Volumes:');
  if (title < 0) return lines;
  const end = lines.indexOf('', title);
  return [...lines.slice(0, title + 1), ...lines.slice(title + 1, end).sort(), ...lines.slice(end)];
}

/** Which prefix two random ids have in common. */
export const commonPrefix = (lines: Lines): Lines =>
  lines.map((line) => line.replace(/(multiple IDs found with provided prefix: )[0-9a-f]$/, '$1<PREFIX>'));

/**
 * Listings of folders with random names: in the order of what else is said. Where `find … | sort | head` cuts, chance
 * decides which of them are seen: then each kind of path once, without those that only a container's own layer has.
 */
export function randomNames(lines: Lines, command: string): Lines {
  const listed = sortRuns(
    lines,
    (line) => /^[-bcdlps][-rwxsStT]{9} /.test(line),
    (line) => nameless(line).replace(/.* /, ''),
  );
  if (lines.length < 10 || !/\bfind\b.*\bhead\b/.test(command)) return listed;
  return [...new Set(listed.map(nameless))].filter((line) => !/<ID>(-init|\/merged)/.test(line)).sort();
}

/** A container's file has the number of its process and times without the zeros at their ends: its length is chance. */
export const lengthOfConfig = (lines: Lines): Lines =>
  lines.map((line) => line.replace(/\d+( \w{3} [ \d]\d \d\d:\d\d config\.v2\.json)$/, '<SIZE>$1'));

/** Layers in the image store's folder: by what they are, not by their random ids. */
export function layersOnDisk(lines: Lines): Lines {
  const text = lines.join('\n');
  if (!text.includes('== layerdb/sha256/')) return lines;
  const parts = text.split(/^(?=== layerdb)/m);
  const last = parts.pop() ?? '';
  const split = /\n(?![a-z-]+: )/.exec(last)?.index ?? last.length;
  const blocks = [...parts.slice(1), `${last.slice(0, split)}\n`];
  const sorted = blocks.map(nameless).sort();
  return `${parts[0] ?? ''}${sorted.join('')}${last.slice(split + 1)}`.split('\n');
}
