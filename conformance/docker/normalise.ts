/** A pattern and what stands for it. */
type Rule = readonly [RegExp, string];

/** A rule that came with the recordings (its normalise.py), in its order there. */
const given = (pattern: RegExp, token: string) => ({ rule: [pattern, token] satisfies Rule, given: true });
/** One of ours. */
const more = (pattern: RegExp, token: string) => ({ rule: [pattern, token] satisfies Rule, given: false });

/** What differs between two runs of the real thing on other hosts. */
const rules: readonly { readonly rule: Rule; readonly given: boolean }[] = [
  // Control sequences of terminals.
  given(new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g'), ''),
  given(/sha256:[0-9a-f]{64}/g, 'sha256:<ID64>'),
  given(/\b[0-9a-f]{64}\b/g, '<ID64>'),
  given(/\b[0-9a-f]{32}\b/g, '<ID32>'),
  given(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: \+0000 UTC|Z|\+00:00)?/g, '<TS>'),
  // When it was, as HTTP and the API say it; the host's kernel; the installation's id.
  more(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, '<DATE>'),
  more(/"Created":\d{10}/g, '"Created":<EPOCH>'),
  more(/("KernelVersion":")[^"]*/g, '$1<KERNEL>'),
  more(/(Kernel Version: ).*/g, '$1<KERNEL>'),
  more(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<UUID>'),
  given(/\b[0-9a-f]{12}\b/g, '<ID12>'),
  given(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<MAC>'),
  given(
    /(?:Less than a second|About an? (?:minute|hour)|\d+ (?:seconds?|minutes?|hours?|days?|weeks?))(?: ago)?/g,
    '<AGO>',
  ),
  given(/\b[a-z]+_[a-z]+\b(?=\s*$|")/gm, '<NAME>'),
  given(/\b(veth|br-)[0-9a-f]{7,12}\b/g, '$1<IF>'),
  given(/\b(?:3[2-9]\d{3}|[4-6]\d{4})\b/g, '<EPORT>'),
  given(/\b[A-Z][a-z]{2} [ \d]\d \d\d:\d\d\b/g, '<LSTIME>'),
  given(/\b\d+\.\d+s\b/g, '<DUR>'),
  // Round trips, the number of an interface, random unique local networks.
  more(/\btime=\d+\.\d+ ms/g, 'time=<MS>'),
  more(/(round-trip min\/avg\/max = )[\d./]+ ms/g, '$1<MS>'),
  more(/@if\d+\b/g, '@if<N>'),
  more(/\bfd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{1,4}::/g, '<ULA>::'),
  // A generated name before the alias of a link; numbers of namespaces.
  more(/(_NAME=\/)[a-z]+_[a-z]+(?=\/)/g, '$1<NAME>'),
  more(/\b(cgroup|ipc|mnt|net|pid|user|uts):\[40265\d{5}\]/g, '$1:[<NS>]'),
  // Short names of layers (l/…), which are random.
  more(/\b(overlay2\/l\/)[0-9A-Z]{26}\b/g, '$1<LAYER>'),
  // Seconds into a step of a build, and those that part of it took (said from 0.05 on); ids of identity.NewID.
  more(/^((?:#\d+ )?)\d+\.\d{3}(?= )/gm, '$1<SEC>'),
  more(/^(#\d+ .+?) <DUR> done$/gm, '$1 done'),
  more(/\b[0-9a-z]{25}\b/g, '<ID25>'),
  // Widths follow what stood there before.
  given(/ {2,}/g, '  '),
  given(/[ \t\r]+$/gm, ''),
];

const apply = (text: string, all: readonly { readonly rule: Rule }[]): string =>
  all.reduce((rest, { rule: [pattern, token] }) => rest.replace(pattern, token), text).trimEnd();

const givenRules = rules.filter((rule) => rule.given);

/** The rules that came with the recordings alone. */
export const normaliseAsGiven = (text: string): string => apply(text, givenRules);

/** These and ours. */
export const normalise = (text: string): string => apply(text, rules);
