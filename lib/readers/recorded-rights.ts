import type { Unreadable } from "../model/snapshot.ts";
import type { ArmUrl } from "./arm-url.ts";
import type { AskedList } from "./list-pages.ts";
import { type Permissions, permissionsOf } from "./permissions.ts";
import type { Portion } from "./reader.ts";
import type { RecordedAnswer } from "./recorded-answer.ts";
import { shortOfRights, whyHidden } from "./refusals.ts";

/** What a recording says of the rights that it was made with: what they hide, Resource Graph cannot have proven absent. */
export class RecordedRights {
  /** By subscription, what each recording of it was made with. */
  readonly #known = new Map<string, (Permissions | undefined)[]>();

  /** False where the answer says nothing of rights. */
  take(answer: RecordedAnswer, asked: ArmUrl): boolean {
    if (asked.kind !== "list" || asked.type !== "microsoft.authorization/permissions") return false;
    if (!asked.scope.isSubscription) return false;
    const known = this.#known.get(asked.scope.subscription) ?? [];
    this.#known.set(asked.scope.subscription, known);
    const permissions = permissionsOf(answer);
    const last = asked.isContinuation ? known.pop() : [];
    known.push(last === undefined || permissions === undefined ? undefined : [...last, ...permissions]);
    return true;
  }

  *shortcomings(): Generator<Portion> {
    for (const [subscription, known] of this.#known) {
      for (const permissions of known) yield shortOfRights(subscription, permissions);
    }
  }

  whyHidden({ scope, type }: AskedList): Unreadable | undefined {
    for (const permissions of this.#known.get(scope.subscription) ?? []) {
      const because = whyHidden(type, scope.subscription, permissions);
      if (because !== undefined) return { kind: "unreadable", why: "refused", because };
    }
    return undefined;
  }
}
