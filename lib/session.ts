import { project } from "./facts/project.ts";
import type { ResourceId } from "./model/resource-id.ts";
import type { Found, Key, Snapshot, Unreadable } from "./model/snapshot.ts";
import { SnapshotBuilder } from "./model/snapshot-builder.ts";
import type { InputProblem, Portion, Reader, Reading } from "./readers/reader.ts";

/** What went wrong with a reading. */
export interface Shortcomings {
  readonly problems: readonly Problem[];
  /** What was refused or failed, as the reader said it. */
  readonly gaps: readonly string[];
  /** Resources for which the reader brought two different bodies. */
  readonly conflicts: readonly ResourceId[];
}

/** Input that could not be understood. */
export type Problem = Omit<InputProblem, "kind">;

/** Called now and then while a reading takes long, with the number of resources so far. */
export type OnProgress = (resources: number) => void;

/** What has been read so far, and what went wrong with it. */
export class Session {
  readonly snapshot: SnapshotBuilder;
  readonly #problems: Problem[] = [];
  readonly #gaps: string[] = [];
  readonly #onProgress: OnProgress | undefined;
  readonly #told = new Set<string>();
  #readings = 0;
  #isListed = false;

  constructor(onProgress?: OnProgress, snapshot: SnapshotBuilder = new SnapshotBuilder()) {
    this.#onProgress = onProgress;
    this.snapshot = snapshot;
  }

  /** Whether all is there that can be found without knowing of it, though perhaps not all that belongs to it. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** `between` is called after each portion, while the next is on its way. */
  async take(portions: AsyncIterable<Portion>, between?: () => void): Promise<void> {
    for await (const portion of portions) {
      for (const reading of portion) this.#add(reading);
      between?.();
    }
  }

  /** After this the key is no longer "not read", whatever the reader brought. */
  async answer(key: Key, reader: Reader): Promise<void> {
    await this.take(reader.read(key));
    const because = `nothing that was read answers the question for ${describe(key)}`;
    this.snapshot.giveUp(key, { kind: "unreadable", why: "failed", because });
  }

  /** What is known of a resource; asks the reader where nobody has yet. */
  async look(id: ResourceId, reader: Reader): Promise<Found> {
    if (id.isServiceTag) return tagIn(this.snapshot, id);
    if (this.snapshot.get(id).kind === "notRead") await this.answer({ kind: "resource", id }, reader);
    return this.snapshot.get(id);
  }

  shortcomings(): Shortcomings {
    return {
      problems: this.#problems,
      gaps: [...this.#gaps, ...servicesNotRead(this.snapshot)],
      conflicts: [...this.snapshot.conflicts.values()],
    };
  }

  #addResource({ body, where, at }: Reading & { kind: "resource" }): void {
    try {
      const { projected, problems } = project(body);
      for (const message of problems) this.#addProblem({ where, message });
      if (projected !== undefined) this.snapshot.add(projected, at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#addProblem({ where, message: "the resource is nested too deep to be judged" });
    }
  }

  #addProblem({ where, message, isLost }: Problem): void {
    this.#problems.push({ where, message, ...(isLost === undefined ? {} : { isLost }) });
    this.#told.add(message);
  }

  /** What a problem says already is not said again. */
  #addGap({ because }: Unreadable): void {
    if (!this.#told.has(because)) this.#gaps.push(because);
  }

  #add(reading: Reading): void {
    this.#readings += 1;
    if (this.#readings % 1000 === 0) this.#onProgress?.(this.snapshot.size);
    switch (reading.kind) {
      case "resource":
        this.#addResource(reading);
        break;
      case "absent":
        this.snapshot.addAbsent(reading.id, reading.at);
        break;
      case "unreadable":
        this.#addGap(reading.unreadable);
        this.snapshot.addUnreadable(reading.id, reading.unreadable);
        break;
      case "list":
        if (reading.completeness.kind === "unreadable") this.#addGap(reading.completeness);
        this.snapshot.addList(reading.scope, reading.type, reading.completeness, reading.at);
        break;
      case "scope":
        for (const id of reading.subscriptions) this.snapshot.addSubscription(id);
        break;
      case "listed":
        this.#isListed = true;
        break;
      case "serviceTags":
        this.snapshot.addServiceTags(reading.list);
        break;
      case "gap":
        this.#gaps.push(reading.because);
        break;
      case "problem":
        this.#addProblem(reading);
        break;
      case "end":
        this.snapshot.close(reading.because);
        break;
    }
  }
}

/** Of a tag nothing can be asked but the lists that were read. */
function tagIn({ serviceTags }: Snapshot, id: ResourceId): Found {
  if (serviceTags.isEmpty) return { kind: "unreadable", why: "failed", because: "no list of service tags was read" };
  const isListed = serviceTags.nameOf(id.name) !== undefined;
  return isListed ? { kind: "fact", fact: { kind: "other", id, names: [] } } : { kind: "absent" };
}

function describe(key: Key): string {
  switch (key.kind) {
    case "resource":
      return `\`${key.id.text}\``;
    case "list":
      return `the list of \`${key.type}\` in \`${key.parent.text}\``;
    case "naming":
      return `what names \`${key.id.text}\``;
    case "kind":
      return `every ${key.of}`;
    case "everywhere":
    case "type":
      return `all \`${key.type}\``;
  }
}

/** Services of which only children were read: nothing can be said of them, so it is said that they are there. */
function servicesNotRead(snapshot: SnapshotBuilder): readonly string[] {
  const children = [
    ...snapshot.ofKind("ipRule"),
    ...snapshot.ofKind("virtualNetworkRule"),
    ...snapshot.ofKind("firewall"),
    ...snapshot.ofKind("connection"),
  ];
  const parents = new Map(
    children.flatMap(({ id: { parent } }) => (parent === undefined ? [] : [[parent.key, parent]])),
  );
  const missing = [...parents.values()].filter((parent) => !["fact", "absent"].includes(snapshot.get(parent).kind));
  return missing.map((parent) => `\`${parent.text}\` was not read, only rules of its firewall: it is not audited`);
}
