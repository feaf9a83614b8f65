export { privacyEvents } from './privacy.events.js';
export { ErasureModule, PrivacyApiModule, PrivacyModule } from './privacy.module.js';
