import type { CompletedAudit } from "../model/finding-event.ts";
import { joinText, splitText } from "./long-text.ts";
import type { AuditHealth, HealthNews } from "./store.ts";
import type { Values } from "./table.ts";

export function healthOf(values: Values): AuditHealth {
  return JSON.parse(joinText("health", values));
}

export function healthValues(health: AuditHealth): Values {
  return splitText("health", JSON.stringify(health));
}

/** The later of two completions stays, whichever is told first. */
export function withNews(before: AuditHealth, news: HealthNews): AuditHealth {
  const completed = later(before.completed, news.completed);
  const auditedAt = [before.auditedAt, news.auditedAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  return {
    ...before,
    ...news,
    ...(completed === undefined ? {} : { completed }),
    ...(auditedAt === undefined ? {} : { auditedAt }),
  };
}

function later(a: CompletedAudit | undefined, b: CompletedAudit | undefined): CompletedAudit | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.startedAt > b.startedAt ? a : b;
}
