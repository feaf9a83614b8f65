export { SpendingModule } from './spending.module.js';
export { RaiseSpendingLimit, ReserveSpending, SettleSpending, type SpendingLimits } from './spending.commands.js';
export { spendingEvents, type SpendingScope } from './spending.events.js';
