/** Commands by the reason why we answer them differently. */
const reasons: readonly (readonly [reason: string, ids: string])[] = [
  [
    "descriptions and examples of help are this project's own words (usage lines, commands and flags are upstream's)",
    'errget-090 errors-047 errors-060 errors-061 errors-063 errors-064 errors-066 errors-067 errors-423 errors-427 help-008 help-009 help-067 help-079 help-088 help-094 help-098 help-103 help-110 help-754 help-755 help-756 help-759 help-761 help-763',
  ],
  [
    'chance: kubectl walks a Go map, whose order is not defined; here it is that of the keys',
    'deploys-296 deploys-298 deploys-323 kinds-242 kinds-266 mutate-119',
  ],
  [
    'chance: on which node a pod came to be, and so which pods a drain takes with it',
    'changes-360 changes-361 changes-424 changes-453 createdry-237 createdry-238 createdry-239 mutate-017 mutate-121',
  ],
  [
    'chance: the recorded default service account was not there yet when its world was captured (unstable.txt lists these)',
    'createdry-121 createdry-127 createdry-153',
  ],
  ['chance: which of several things that happen in one second came first', 'kinds-341 misc-082 misc-083 misc-086'],
  [
    "the recording's world: its `web` was applied, and the preparation that it came with made it otherwise",
    'createdry-198 createdry-201',
  ],
  [
    "the recording host's network: no DNS server (here there is one, which knows no such name), and the nodes' addresses were its own",
    'errors-244 errors-398 errors-400 help-264 help-782',
  ],
  [
    "the recording's API server had a file of static tokens, in which `janetoken` stood",
    'errors-339 errors-340 errors-343 mutate-181',
  ],
  ["the recording's certificate had other names, in another order, than kubeadm's", 'errors-409'],
  [
    'the editor waited until the recorder stopped it: its terminal had no input, here vi notices that it has none',
    'errors-127 help-480',
  ],
  ['the recorder stopped it: the real one waited for an answer from a port that speaks TLS', 'errors-397'],
  ['the deployment there had been changed once more than the commands before it tell', 'changes-311'],
  [
    'not built yet: server-side apply lists all unknown fields, and looks for duplicate keys, before it validates',
    'errors-239 errors-240',
  ],
  [
    'not built yet: certificates and keys of the real world (X.509) are not read, so whether they belong together is not seen',
    'createdry-063',
  ],
  [
    'when the controller of HorizontalPodAutoscalers looks at one (every 15 seconds): there, not yet',
    'kinds-158 kinds-159',
  ],
  ['when the volume binder looks again at its claims (every 15 seconds): there, not yet', 'misc-030'],
  ['not built yet: events of the volume binder that say the same are counted, not repeated', 'kinds-255 kinds-390'],
  ["not built yet: a list of custom objects in Go's order of members", 'kinds-497'],
  ['not built yet: `/openapi/v3/…` of a group that there is none of is not found', 'kinds-500'],
  ['the moments at which `diff` found the files made are some milliseconds apart', 'help-751'],
  ["the script of `kubectl completion bash` is this project's own", 'mutate-216'],
  ['not built yet: overrides of kubectl run are not read into the types of the pod', 'help-310'],
];

/**
 * Commands that we answer differently, and why. Held by `scores.test.ts`: exactly these differ, so that neither a new
 * difference nor a stale reason goes unseen.
 */
export const differences: ReadonlyMap<string, string> = new Map(
  reasons.flatMap(([reason, ids]) => ids.split(' ').map((id) => [id, reason] as const)),
);
