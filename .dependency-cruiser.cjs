/**
 * The import rules, type-only imports included. What holds at run time only is in .dependency-cruiser.runtime.cjs.
 * test/architecture/import-rules.spec.ts proves of each rule that it still fires.
 */
const CONTEXT = '(projects|requirements-chat|tasks|hitl|artifacts|spending|operations|audit)';
const TEST = '(^(test|bench|tools)/|[.](spec|int-spec|e2e-spec|fault-spec)[.]ts$)';
const PURE_CORE = '(^libs/platform/src/domain|[.](decider|workflow|events))[.]ts$';

const forbidden = [
  {
    name: 'not-to-unresolvable',
    comment: 'an unresolved import silently satisfies every other rule',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'pure-core',
    comment: 'a decision is made of events, contracts, the domain kernel and zod; it may name the types of commands and of other contexts',
    from: { path: PURE_CORE },
    to: {
      pathNot: [
        PURE_CORE,
        '^libs/platform/src/domain[.]ts$',
        '^libs/contracts/src/index[.]ts$',
        '(^|/)node_modules/zod/',
        // types only, which pure-core-names-types holds
        '[.]commands[.]ts$',
        '^libs/[^/]+/src/index[.]ts$',
      ],
    },
  },
  {
    name: 'pure-core-names-types',
    comment: 'commands and other libs are known to a decision by their types alone',
    from: { path: PURE_CORE },
    to: {
      path: ['[.]commands[.]ts$', '^libs/[^/]+/src/index[.]ts$'],
      pathNot: '^libs/contracts/src/index[.]ts$',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'contexts-are-strangers',
    comment: 'a context knows itself, platform and contracts; what crosses contexts goes through the orchestrator',
    from: { path: `^libs/${CONTEXT}/`, pathNot: TEST },
    to: { path: '^libs/', pathNot: '^libs/($1|platform|contracts)/' },
  },
  {
    name: 'foundations-know-no-context',
    comment: 'platform, identity and sandbox know platform and contracts',
    from: { path: '^libs/(platform|identity|sandbox)/', pathNot: TEST },
    to: { path: '^libs/', pathNot: '^libs/($1|platform|contracts)/' },
  },
  {
    name: 'agents-know-tasks-only',
    comment: 'an agent takes a task, pays for its requests and hands the task back; it does not know who asked',
    from: { path: '^libs/agents/', pathNot: TEST },
    to: { path: '^libs/', pathNot: '^libs/(agents|tasks|spending|sandbox|platform|contracts)/' },
  },
  {
    name: 'orchestrator-knows-contexts-only',
    comment: 'the orchestrator sends commands and enqueues jobs; who thinks, where code runs and who people are is none of its business',
    from: { path: '^libs/orchestrator/', pathNot: TEST },
    to: { path: '^libs/', pathNot: `^libs/(orchestrator|${CONTEXT}|platform|contracts)/` },
  },
  {
    name: 'privacy-ends-and-reads',
    comment: 'a person’s rights reach over all contexts and their account: it asks for what there is and ends what is under way, and nothing else',
    from: { path: '^libs/privacy/', pathNot: TEST },
    to: { path: '^libs/', pathNot: `^libs/(privacy|identity|${CONTEXT}|platform|contracts)/` },
  },
  {
    name: 'contracts-stand-alone',
    comment: 'the wire types are shared with clients: zod, and nothing of the server',
    from: { path: '^libs/contracts/', pathNot: TEST },
    to: { pathNot: ['^libs/contracts/', '(^|/)node_modules/zod/'] },
  },
  {
    name: 'index-only',
    comment: "a lib is entered through its index.ts; the pure kernel also through platform's domain.ts",
    from: { path: '^(apps|libs|migrations)/([^/]+)', pathNot: TEST },
    to: { path: '^libs/[^/]+/src/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/index[.]ts$', '^libs/platform/src/domain[.]ts$'] },
  },
  {
    name: 'reads-never-write',
    comment: 'a projection or a query decides nothing and sends no command',
    from: { path: '[.](projection|queries)[.]ts$' },
    to: { path: '[.](decider|handlers|commands)[.]ts$' },
  },
  {
    name: 'edges-use-buses',
    comment: 'a controller, gateway or processor sends commands and queries; it neither decides nor folds',
    from: { path: '[.](controller|gateway|processor)[.]ts$' },
    to: { path: '[.](decider|handlers|projection)[.]ts$' },
  },
  {
    name: 'libs-not-apps',
    comment: 'libs are composed by apps, never the other way round',
    from: { path: '^(libs|migrations)/', pathNot: TEST },
    to: { path: '^apps/' },
  },
  {
    name: 'console-sees-contracts-only',
    comment: 'the web console is a client like any other',
    from: { path: '^apps/console/' },
    to: { path: '^(apps|libs|migrations)/', pathNot: '^(apps/console|libs/contracts|libs/client)/' },
  },
  {
    name: 'production-not-test',
    comment: 'what runs in production imports no test, benchmark or tool',
    from: { path: '^(apps|libs|migrations)/', pathNot: TEST },
    to: { path: TEST },
  },
  {
    name: 'production-dependencies',
    comment: 'what runs in production is in dependencies of package.json: neither a development dependency nor a lucky transitive one',
    from: { path: '^(apps|libs|migrations)/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
].map((rule) => ({ severity: 'error', ...rule }));

module.exports = {
  forbidden,
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
