import { fold } from "../model/resource-id.ts";
import { type Store, sitesLedger } from "../state/store.ts";
import { filterOf } from "./ledger-filter.ts";
import { findingPage, ledgerPage, refusalPage } from "./ledger-page.ts";
import { type Circumstances, ledgerReport, reportedFinding } from "./ledger-report.ts";
import { contentSecurityPolicy } from "./page.ts";

export interface ReportRequest extends Circumstances {
  readonly query: URLSearchParams;
  /** The Accept header. */
  readonly accept: string | undefined;
}

export interface ReportResponse {
  readonly status: 200 | 400 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers `GET /api/report`: JSON, or a page for browsers. `format` in the query decides, else what is accepted. */
export async function report(store: Store, request: ReportRequest): Promise<ReportResponse> {
  const { query, now } = request;
  const isPage = (query.get("format") ?? (request.accept?.includes("text/html") ? "html" : "json")) === "html";
  const key = query.get("code") ?? undefined;
  const refuse = (status: 400 | 404, title: string, reasons: readonly string[]) =>
    answer(status, isPage, refusalPage(title, reasons, key), { error: title, reasons });
  const findingId = query.get("finding");
  if (findingId !== null) {
    const finding = await reportedFinding(store, ledgerOf(findingId), findingId);
    if (finding === undefined) return refuse(404, "No such finding", [`nobody has ever reported \`${findingId}\``]);
    return answer(200, isPage, findingPage(finding, now.toISOString(), key), finding);
  }
  const filter = filterOf(query);
  if ("mistakes" in filter) return refuse(400, "The query cannot be answered", filter.mistakes);
  const found = await ledgerReport(store, filter, request);
  return answer(200, isPage, ledgerPage(found, key), found);
}

/** The ledger that a finding's id names: `NI101:/subscriptions/<id>/…`, or a site's. */
function ledgerOf(findingId: string): string {
  const [, subscription] = /^[^:]+:\/subscriptions\/([^/#]+)/.exec(findingId) ?? [];
  return subscription === undefined ? sitesLedger : fold(subscription);
}

function answer(status: ReportResponse["status"], isPage: boolean, page: string, json: unknown): ReportResponse {
  const headers = {
    "content-type": isPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    "content-security-policy": isPage ? contentSecurityPolicy : "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    vary: "accept",
  };
  return { status, headers, body: isPage ? page : `${JSON.stringify(json, undefined, 2)}\n` };
}
