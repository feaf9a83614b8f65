/** The import rules over what is left when types are erased: what really is loaded, and from where. */
const { builtinModules } = require('node:module');
const { options } = require('./.dependency-cruiser.cjs');

const BUILTIN = `^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'modules that load each other depend on who comes first',
      from: {},
      to: { circular: true },
    },
    {
      name: 'pure-core-reaches-nothing',
      severity: 'error',
      comment: 'no path leads from a decision to a framework, a driver or I/O: of packages only zod is loaded',
      from: { path: '(^libs/platform/src/domain|[.](decider|workflow|events))[.]ts$' },
      to: { path: ['(^|/)node_modules/', BUILTIN], pathNot: '(^|/)node_modules/zod/', reachable: true },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
