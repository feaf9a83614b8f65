import { stableId } from '#platform';

/** Id of the command that carries an intent out: by run, input and place within the decision, so that doing it twice does it once. */
export const intentCommandId = (run_id: string, input_event_id: string, index: number): string => stableId('intent', run_id, input_event_id, index);
