import { DomainCommand } from '#platform';
import type { TimerEvent } from './timer.events.js';

abstract class TimerCommand<Data extends { timer_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return `timer-${this.data.timer_id}`;
  }
}

export class SetTimer extends TimerCommand<Extract<TimerEvent, { type: 'timer.set' }>['data']> {
  readonly type = 'set_timer';
}
export class CancelTimer extends TimerCommand<{ timer_id: string }> {
  readonly type = 'cancel_timer';
}
/** Lets the timer go off if it is due by the sender's clock; does nothing otherwise, or where it has gone off already. */
export class FireTimer extends TimerCommand<{ timer_id: string }> {
  readonly type = 'fire_timer';
}

export const TIMER_COMMANDS = [SetTimer, CancelTimer, FireTimer] as const;
export type TimerCommandUnion = InstanceType<(typeof TIMER_COMMANDS)[number]>;
