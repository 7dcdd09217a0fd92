import type { LocalFunction } from "./bindings.ts";
import { resolveSettings, type Settings } from "./settings.ts";

/** The function with settings in the place of every `%NAME%`. */
export function resolvedFunction(one: LocalFunction, settings: Settings): LocalFunction {
  const where = `function \`${one.name}\``;
  const resolve = (text: string) => resolveSettings(text, settings, where);
  const { trigger } = one;
  const queueOutputs = one.queueOutputs.map((output) => ({ ...output, queueName: resolve(output.queueName) }));
  switch (trigger.type) {
    case "timerTrigger":
      return { ...one, queueOutputs, trigger: { ...trigger, schedule: resolve(trigger.schedule) } };
    case "queueTrigger":
      return { ...one, queueOutputs, trigger: { ...trigger, queueName: resolve(trigger.queueName) } };
    default:
      return { ...one, queueOutputs };
  }
}
