import type { AzureFirewallFact, FirewallPolicyFact } from "../model/azure-firewall-fact.ts";
import type {
  CircuitFact,
  NetworkFact,
  PlacedFact,
  PrivateEndpointFact,
  SecurityGroupFact,
  ServiceFact,
  SubnetFact,
} from "../model/fact.ts";
import type { Policy, Severity, Site } from "../model/policy.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { PartVerdict, Verdict } from "../model/verdict.ts";
import type { Boundary } from "../reach/boundary.ts";
import type { DnsChains } from "../reach/dns-chain.ts";
import type { ShownCallers } from "../reach/example.ts";

/** What a rule is given to look at, by what it is asked about. */
export interface Subjects {
  readonly service: { readonly service: ServiceFact; readonly boundary: Boundary; readonly snapshot: Snapshot };
  /** A service of which no more than the place is known. */
  readonly placed: { readonly placed: PlacedFact; readonly snapshot: Snapshot };
  readonly network: { readonly network: NetworkFact; readonly snapshot: Snapshot };
  readonly subnet: { readonly subnet: SubnetFact; readonly snapshot: Snapshot };
  readonly securityGroup: { readonly securityGroup: SecurityGroupFact; readonly snapshot: Snapshot };
  /** A firewall with classic rules, or a policy with the rules of others. */
  readonly azureFirewall: { readonly firewall: AzureFirewallFact | FirewallPolicyFact; readonly snapshot: Snapshot };
  readonly privateEndpoint: {
    readonly privateEndpoint: PrivateEndpointFact;
    readonly dns: DnsChains;
    readonly snapshot: Snapshot;
  };
  readonly circuit: { readonly circuit: CircuitFact; readonly snapshot: Snapshot };
  readonly site: { readonly site: Site; readonly snapshot: Snapshot };
}

export type SubjectKind = keyof Subjects;

/** One thing that must hold. */
export type Rule =
  | { readonly [Kind in SubjectKind]: RuleOn<Kind> }[SubjectKind]
  | RuleOnEither<"securityGroup" | "azureFirewall">
  | RuleOnEither<"service" | "placed">;

/** A rule that is asked about subjects of several kinds. */
export interface RuleOnEither<Kind extends SubjectKind> extends RuleText {
  readonly on: readonly Kind[];
  check(subject: Subjects[Kind], policy: Policy): Verdict | readonly PartVerdict[];
}

export interface RuleOn<Kind extends SubjectKind> extends RuleText {
  readonly on: Kind;
  /** One verdict on the subject, or one for each part of it that the rule asks about. */
  check(subject: Subjects[Kind], policy: Policy): Verdict | readonly PartVerdict[];
}

export interface RuleText {
  /** Permanent: never reused, never renumbered. */
  readonly id: string;
  /** The thing and what is checked of it; also the name of the rule's file. */
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters, for someone who meets it for the first time. */
  readonly why: string;
  readonly remedy: string;
  /** Microsoft's page on the subject. */
  readonly link: string;
  readonly controls: Controls;
  /** Of those who get in where it fails, whom events show one of; absent where it fails because of something else. */
  readonly shows?: ShownCallers;
}

/** Where other catalogues of checks ask the same. */
export interface Controls {
  /** Microsoft cloud security benchmark. */
  readonly mcsb: readonly string[];
  /** Version of the CIS Microsoft Azure Foundations Benchmark → recommendations. */
  readonly cis: Readonly<Record<string, readonly string[]>>;
  /** Ids of built-in Azure Policy definitions. */
  readonly azurePolicy: readonly string[];
}
