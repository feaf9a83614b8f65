export { IdentityApiModule, IdentityModule } from './identity.module.js';
export { type Principal } from './jwt.strategy.js';
export { Tokens } from './tokens.js';
