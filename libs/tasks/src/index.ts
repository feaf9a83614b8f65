export {
  AssignTask,
  CancelTask,
  CompleteTask,
  FailTask,
  InterruptTask,
  RecordCheck,
  ReissueTask,
  ReportProgress,
  StartTask,
  taskStream,
} from './tasks.commands.js';
export { taskEvents, type HandoffRef, type TaskEvent, type TaskOutcome, type TaskPurpose } from './tasks.events.js';
export { TasksApiModule, TasksModule } from './tasks.module.js';
export { ListTasks, OpenTasks, type TaskSummary } from './tasks.queries.js';
