export { chatStream, PostMessage } from './requirements-chat.commands.js';
export { chatEvents, type ChatEvent } from './requirements-chat.events.js';
export { RequirementsChatApiModule, RequirementsChatModule } from './requirements-chat.module.js';
export { ListMessages } from './requirements-chat.queries.js';
