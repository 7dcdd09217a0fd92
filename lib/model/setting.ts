import type { Evidence } from "./evidence.ts";
import { certainly, perhaps, type Truth } from "./must-may.ts";
import type { ResourceId } from "./resource-id.ts";

/** One judged value of a resource: what it means, or why that is not known. */
export type Setting<T> =
  | {
      readonly kind: "known";
      readonly value: T;
      readonly pointer: string;
      readonly raw: unknown;
      /** Set where the property is absent and `value` is the documented default. */
      readonly assumption?: string;
    }
  | { readonly kind: "unknown"; readonly because: string; readonly pointer: string; readonly raw: unknown };

/** Where the setting stands; nothing where the type of the resource settles it, whatever the body says. */
export function evidenceOf(resource: ResourceId, setting: Setting<unknown>): readonly Evidence[] {
  const { pointer, raw: value } = setting;
  if (pointer === "") return [];
  if (setting.kind === "known" && setting.assumption !== undefined) {
    return [{ resource, pointer, value, assumptions: [setting.assumption] }];
  }
  return [{ resource, pointer, value }];
}

export function isSetTo<T>(resource: ResourceId, setting: Setting<T>, value: T): Truth {
  const evidence = evidenceOf(resource, setting);
  return setting.kind === "known" ? certainly(setting.value === value, evidence) : perhaps([setting.because], evidence);
}
