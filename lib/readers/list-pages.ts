import type { ResourceId } from "../model/resource-id.ts";
import type { Completeness, Unreadable } from "../model/snapshot.ts";
import type { InputProblem, Reading } from "./reader.ts";

/** What a request asks for all of. */
export interface AskedList {
  readonly scope: ResourceId;
  /** Folded. */
  readonly type: string;
}

/** One answer to a request for one or several lists, or for a further page of them. */
export interface Page {
  /** What is the same in the requests for all of the pages. */
  readonly series: string;
  /** Those that the pages of the series have together. */
  readonly lists: () => Iterable<AskedList>;
  /** What was asked, in a form in which equal requests are equal texts. */
  readonly request: string;
  readonly isFirst: boolean;
  /** The request for the page that follows, in the same form. */
  readonly next: string | undefined;
  /** When it was answered, in milliseconds since 1970. */
  readonly at?: number | undefined;
  /** Why the page does not count, where it does not. */
  readonly unreadable?: Unreadable;
  /** The service leaves out what the caller may not see, and does not say so. */
  readonly isSelective?: boolean;
}

/** Why resources may be in a list that the caller does not see; undefined where it sees all. */
export type WhyHidden = (list: AskedList) => Unreadable | undefined;

interface Series {
  readonly lists: readonly AskedList[];
  readonly pages: Map<string, Page>;
  readonly isSelective: boolean;
}

/** Puts the pages of lists together, in whatever order they come, and tells which lists were read to their end. */
export class ListPages {
  readonly #series = new Map<string, Series>();

  add(page: Page): void {
    const { pages } = this.#seriesOf(page);
    const known = pages.get(page.request);
    if (known === undefined || isBetter(page, known)) pages.set(page.request, page);
  }

  #seriesOf({ series, lists, isSelective = false }: Page): Series {
    const known = this.#series.get(series);
    if (known !== undefined) return known;
    const begun = { lists: [...lists()], pages: new Map(), isSelective };
    this.#series.set(series, begun);
    return begun;
  }

  /** Each list once, although several series may have it. */
  *readings(whyHidden: WhyHidden = () => undefined): Generator<Reading> {
    for (const { list, end } of this.#ends(whyHidden)) yield readingOf(list, end);
  }

  /** Lists of which pages are there and others are not: whoever wrote them down was cut off. */
  *cutOff(): Generator<InputProblem> {
    for (const { list, end } of this.#ends(() => undefined)) {
      if (end.kind !== "missing") continue;
      yield { kind: "problem", where: list.scope.text, message: whyMissing(end.page, nameOf(list)), isLost: true };
    }
  }

  #ends(whyHidden: WhyHidden): Iterable<{ readonly list: AskedList; readonly end: End }> {
    const best = new Map<string, { readonly list: AskedList; readonly end: End }>();
    for (const { lists, pages, isSelective } of this.#series.values()) {
      const told = endOf(pages);
      for (const list of lists) {
        const end = (isSelective ? whyHidden(list) : undefined) ?? told;
        const key = `${list.scope.key} ${list.type}`;
        const known = best.get(key);
        if (known === undefined || isFurther(end, known.end)) best.set(key, { list, end });
      }
    }
    return best.values();
  }
}

/** One answer beats a refusal, and the later of two answers the earlier one. */
function isBetter(page: Page, known: Page): boolean {
  if ((page.unreadable === undefined) !== (known.unreadable === undefined)) return page.unreadable === undefined;
  return page.at === undefined || known.at === undefined || page.at >= known.at;
}

/** Where following the pages of a series led. */
type End =
  /** `at`: when the first of its pages was answered; undefined where one does not say. */
  | { readonly kind: "complete"; readonly at: number | undefined }
  | Unreadable
  | { readonly kind: "circle" }
  /** The number of the page that nobody recorded. */
  | { readonly kind: "missing"; readonly page: number };

const noFirstPage: End = { kind: "missing", page: 1 };

/** Complete where one way from a first page leads to a page that nothing follows. */
function endOf(pages: ReadonlyMap<string, Page>): End {
  let end: End = noFirstPage;
  for (const page of pages.values()) {
    if (!page.isFirst) continue;
    const other = follow(page, pages);
    if (isFurther(other, end)) end = other;
  }
  return end;
}

/** What is complete comes first, the latest of it, then what has a first page; of others the last counts. */
function isFurther(end: End, known: End): boolean {
  if (end.kind === "complete" && known.kind === "complete") return (end.at ?? 0) > (known.at ?? 0);
  if (end.kind === "complete" || known.kind === "complete") return end.kind === "complete";
  return end !== noFirstPage || known === noFirstPage;
}

function follow(first: Page, pages: ReadonlyMap<string, Page>): End {
  const seen = new Set<Page>();
  let at = first.at;
  let page: Page | undefined = first;
  while (page !== undefined && !seen.has(page)) {
    if (page.unreadable !== undefined) return page.unreadable;
    at = at === undefined || page.at === undefined ? undefined : Math.min(at, page.at);
    if (page.next === undefined) return { kind: "complete", at };
    seen.add(page);
    page = pages.get(page.next);
  }
  return page === undefined ? { kind: "missing", page: seen.size + 1 } : { kind: "circle" };
}

function readingOf(list: AskedList, end: End): Reading {
  const { scope, type } = list;
  const at = end.kind === "complete" && end.at !== undefined ? { at: end.at } : {};
  return { kind: "list", scope, type, completeness: completenessOf(end, nameOf(list)), ...at };
}

function nameOf({ scope, type }: AskedList): string {
  return `the list \`${scope.text}/…/${type.split("/").at(-1)}\``;
}

function completenessOf(end: End, name: string): Completeness {
  switch (end.kind) {
    case "complete":
      return { kind: "complete" };
    case "unreadable":
      return end;
    case "circle":
      return failed(`the pages of ${name} go round in a circle`);
    case "missing":
      return failed(whyMissing(end.page, name));
  }
}

function whyMissing(page: number, name: string): string {
  return `${page === 1 ? "the first page" : `page ${page}`} of ${name} is not in the recording`;
}

function failed(because: string): Unreadable {
  return { kind: "unreadable", why: "failed", because };
}
