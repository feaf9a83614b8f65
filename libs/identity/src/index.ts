export { AccountErasure } from './account-erasure.js';
export { Accounts } from './accounts.js';
export { ApiKeys } from './api-keys.js';
export { IdentityApiModule, IdentityModule } from './identity.module.js';
export { type Principal } from './jwt.strategy.js';
export { Tokens } from './tokens.js';
