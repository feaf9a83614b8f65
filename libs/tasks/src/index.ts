export {
  AssignTask,
  BlockTask,
  CancelTask,
  CompleteTask,
  FailTask,
  InterruptTask,
  RecordChecks,
  RecordToolCall,
  RecordToolResult,
  RecordTurn,
  ReissueTask,
  ReportProgress,
  StartTask,
  taskStream,
} from './tasks.commands.js';
export { taskEvents, type HandoffRef, type TaskEvent, type TaskOutcome, type TaskPurpose } from './tasks.events.js';
export { TasksApiModule, TasksModule } from './tasks.module.js';
export { GetTask, GetUsage, ListLogs, ListTasks, OpenTasks, TasksAtWork, type TaskSummary } from './tasks.queries.js';
