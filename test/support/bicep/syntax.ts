/** Where something stands: `storage.bicep:12`. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface Located {
  readonly at: Place;
}

export type Expression = Located &
  (
    | { readonly kind: "literal"; readonly value: string | number | boolean | null }
    /** Texts and expressions in turn, as they stand in the string. */
    | { readonly kind: "interpolated"; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: "array"; readonly items: readonly Expression[] }
    | { readonly kind: "object"; readonly properties: readonly Property[] }
    | ({ readonly kind: "for" } & Loop<Expression>)
    | { readonly kind: "variable"; readonly name: string }
    /** `base.name`, `base::name`. */
    | { readonly kind: "member"; readonly base: Expression; readonly name: string; readonly isSafe: boolean }
    | { readonly kind: "nested"; readonly base: Expression; readonly name: string }
    | { readonly kind: "index"; readonly base: Expression; readonly index: Expression; readonly isSafe: boolean }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
    | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
    | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: "ternary";
        readonly condition: Expression;
        readonly consequence: Expression;
        readonly alternative: Expression;
      }
    | { readonly kind: "lambda"; readonly parameters: readonly string[]; readonly body: Expression }
  );

export interface Property extends Located {
  /** An expression where the key is interpolated. */
  readonly key: string | Expression;
  readonly value: Expression;
}

export interface Loop<Body> {
  readonly item: string;
  readonly index?: string;
  readonly list: Expression;
  readonly body: Body;
}

/** What a parameter or an output is declared to be. */
export type Type =
  | { readonly kind: "primitive"; readonly name: string }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "words"; readonly words: readonly (string | number | boolean | null)[] }
  | { readonly kind: "array"; readonly item: Type }
  | { readonly kind: "object"; readonly properties: ReadonlyMap<string, Type>; readonly others?: Type }
  | { readonly kind: "nullable"; readonly of: Type }
  | { readonly kind: "anyOf"; readonly types: readonly Type[] };

export interface Declared extends Located {
  readonly name: string;
  readonly decorators: readonly Decorator[];
}

export interface Decorator extends Located {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

export interface Parameter extends Declared {
  readonly type: Type;
  readonly default?: Expression;
}

export interface Variable extends Declared {
  readonly value: Expression;
}

export interface Output extends Declared {
  readonly type: Type;
  readonly value: Expression;
}

export interface TypeDeclaration extends Declared {
  readonly type: Type;
}

/** A resource's or a module's braces, with the condition before them. */
export interface Body extends Located {
  readonly condition?: Expression;
  readonly properties: readonly Property[];
  /** Resources that stand inside. */
  readonly nested: readonly ResourceDeclaration[];
}

export interface ResourceDeclaration extends Declared {
  /** Of a nested one only the last segment, perhaps without api-version. */
  readonly type: string;
  readonly isExisting: boolean;
  readonly body: Body | Loop<Body>;
}

export interface ModuleDeclaration extends Declared {
  /** Relative to the file that it stands in. */
  readonly path: string;
  readonly body: Body | Loop<Body>;
}

/** One `.bicep` file. */
export interface Program {
  readonly file: string;
  readonly text: string;
  readonly targetScope: string;
  readonly parameters: readonly Parameter[];
  readonly variables: readonly Variable[];
  readonly types: readonly TypeDeclaration[];
  readonly resources: readonly ResourceDeclaration[];
  readonly modules: readonly ModuleDeclaration[];
  readonly outputs: readonly Output[];
}
