import type { LocalFunction, TimerTrigger } from "./bindings.ts";
import type { Runner } from "./runner.ts";
import type { parseSchedule } from "./schedule.ts";

/** As JavaScript's timers take it; longer waits are cut into pieces. */
const longestWait = 2 ** 31 - 1;

/** Runs a function at the moments of its schedule, never twice at a time; an error does not end the schedule. */
export function startTimer(
  { name, trigger }: LocalFunction<TimerTrigger>,
  schedule: ReturnType<typeof parseSchedule>,
  runner: Runner,
): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  wait(new Date());
  if (trigger.runOnStartup === true) void fire();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };

  function wait(after: Date): void {
    const next = schedule.next(after);
    if (next === null || isStopped) return;
    const milliseconds = Math.max(0, next.getTime() - Date.now());
    timer = setTimeout(
      async () => {
        if (milliseconds > longestWait) return wait(after);
        await fire();
        wait(new Date(Math.max(next.getTime(), Date.now())));
      },
      Math.min(milliseconds, longestWait),
    );
  }

  async function fire(): Promise<void> {
    await runner.run(name, timerInput(schedule)).catch(() => undefined);
  }
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#usage */
export function timerInput(schedule: ReturnType<typeof parseSchedule>): { readonly json: string } {
  const now = new Date();
  const status = { Last: now, Next: schedule.next(now) ?? now, LastUpdated: now };
  return { json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: false }) };
}
