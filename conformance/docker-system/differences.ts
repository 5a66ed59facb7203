/** Questions that we answer differently, and why. Held by `scores.test.ts`: exactly these differ. */
export const differences: ReadonlyMap<string, string> = new Map([
  ['02-before-ip6tables-save', 'netfilter of IPv6 is not modelled: the cables of the lab carry none'],
  [
    '40-proc-misc',
    "BusyBox's httpd has its listening socket as descriptor 0, and a file that its shell forgot to close; sockets of programs here have no descriptors",
  ],
  ['42-cgroup-tree', "the tree shows that host's services, in chance order, and how its systemd 258 words the title"],
  ['43-systemd-scope', 'the properties and the words of systemd 258, where ours is 252 of Debian 12'],
  [
    '59-overlay-layers',
    'of each layer the first twenty names as ext4 happens to list them: which of a hundred that are differs',
  ],
  ['62-overlay-upper-after', "getfattr is missing, and overlayfs keeps its trusted.overlay.* in the model's own way"],
  ['68-oom', 'sizes of the real tail(1); bridges do not tell the kernel log of their ports'],
  ['79-usernet-ipv6', 'as 02: rules and addresses of IPv6'],
]);
