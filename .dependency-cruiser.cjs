// The table of rooms (README, docs of the house): each room imports only from rooms below it and from itself.
const rooms = ['app', 'world', 'lessons', 'cluster', 'programs', 'kubernetes', 'containers', 'linux', 'sim'];

const upward = rooms.slice(1).map((room, index) => ({
  name: `${room}-imports-only-from-below`,
  comment: `src/${room} stands below ${rooms.slice(0, index + 1).join(', ')}`,
  severity: 'error',
  // A test may stand on the whole house.
  from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$|/testing/' },
  to: { path: `^src/(${rooms.slice(0, index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'page-knows-only-the-protocol',
      comment: 'the page reads the world through world/protocol; main.ts also starts the worker',
      severity: 'error',
      from: { path: '^src/app/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(?!app/|world/protocol\\.ts$|world/worker\\.ts$)' },
    },
    {
      name: 'programs-do-not-know-each-other',
      comment: 'each program is a folder of its own; what several need (Go templates, jq, the toolkit) is a library',
      severity: 'error',
      from: { path: '^src/programs/([^/]+)/', pathNot: '\\.test\\.ts$|/testing(/|\\.ts$)' },
      to: {
        path: '^src/programs/',
        pathNot: '^src/programs/($1|gotemplate|jqlang|toolkit|cobra)/',
      },
    },
    {
      name: 'world-is-without-svelte-and-xterm',
      comment: 'tests look at what a terminal shows',
      severity: 'error',
      from: { path: '^src/(?!app/)', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: 'node_modules/(svelte|@xterm)/' },
    },
    {
      name: 'only-node-parts-use-node',
      comment: 'the world runs in a browser; src/world/node, bridge and bench run in Node',
      severity: 'error',
      from: { path: '^src/(?!world/node/)', pathNot: '\\.test\\.ts$|/testing' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // What programs of the world run as their own libraries and packages is text to us.
    exclude: { path: '\\.svelte$|^src/programs/node/guest/|^src/cluster/internet/mirror/npm/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
