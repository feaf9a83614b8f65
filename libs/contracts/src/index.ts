export * from './statuses.js';
export {
  COMPARISONS,
  OPERATORS,
  conditionSchema,
  ruleSchema,
  valueSchema,
  type Condition,
  type Operator,
  type RecordValue,
  type Rule,
} from './database-rules.js';
export { linkedParts, operandIn, operandKind, operandsOf } from './database-operands.js';
export * from './database-schema.js';
export * from './database-problems.js';
export * from './generation-spec.js';
export * from './gate-deadline.js';
export * from './handoffs.js';
export * from './stream.js';
export * from './cassette.js';
