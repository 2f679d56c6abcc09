import type { Clock } from '../ports/clock.js';
import type { ResultSignal } from '../ports/match-queue.js';
import { WaitingRoom } from '../ports/waiting-room.js';

/** Tells readers in the same process. */
export class MemoryResultSignal implements ResultSignal {
  readonly #waiting: WaitingRoom;

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#waiting = new WaitingRoom(clock);
  }

  async announce(needId: string, _version: number): Promise<void> {
    this.#waiting.wake(needId);
  }

  wait(needId: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return this.#waiting.wait(needId, timeoutMs, signal);
  }
}
