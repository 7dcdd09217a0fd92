import type { Piece } from "./pieces.ts";

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/operators#operator-precedence-and-associativity */
const levels = [["??"], ["||"], ["&&"], ["==", "!=", "=~", "!~"], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];
const strengths = new Map(levels.flatMap((operators, level) => operators.map((operator) => [operator, level + 1])));

/** How an expression is put together from its parts. */
export interface Builder<Result> {
  readonly operand: (piece: Extract<Piece, { kind: "operand" }>) => Result;
  readonly postfix: (
    base: Result,
    piece: Extract<Piece, { kind: "member" | "nested" | "index" | "arguments" }>,
  ) => Result;
  readonly unary: (operator: string, operand: Result, piece: Piece) => Result;
  readonly binary: (operator: string, left: Result, right: Result, piece: Piece) => Result;
  readonly ternary: (condition: Result, consequence: Result, alternative: Result, piece: Piece) => Result;
  readonly lambda: (parameters: Result, body: Result, piece: Piece) => Result;
  readonly wrong: (piece: Piece | undefined) => Error;
}

/** Puts pieces together as Bicep does: postfix first, then prefix, then infix by strength, then `? :`, then `=>`. */
export function combine<Result>(pieces: readonly Piece[], builder: Builder<Result>): Result {
  let next = 0;

  function take<Kind extends Piece["kind"]>(...kinds: readonly Kind[]): Extract<Piece, { kind: Kind }> | undefined {
    const piece = pieces[next];
    if (piece === undefined || !kinds.some((kind) => kind === piece.kind)) return undefined;
    next += 1;
    return piece as Extract<Piece, { kind: Kind }>;
  }

  function whole(): Result {
    const condition = binary(0);
    const question = take("question");
    if (question === undefined) return condition;
    const consequence = whole();
    if (take("colon") === undefined) throw builder.wrong(pieces[next]);
    return builder.ternary(condition, consequence, whole(), question);
  }

  function binary(above: number): Result {
    let left = prefixed();
    for (;;) {
      const piece = pieces[next];
      const strength = piece?.kind === "infix" ? (strengths.get(piece.operator) ?? 0) : 0;
      if (piece?.kind !== "infix" || strength <= above) return left;
      next += 1;
      left = builder.binary(piece.operator, left, binary(strength), piece);
    }
  }

  function prefixed(): Result {
    const prefix = take("prefix");
    if (prefix?.kind === "prefix") return builder.unary(prefix.operator, prefixed(), prefix);
    const operand = take("operand");
    if (operand === undefined) throw builder.wrong(pieces[next]);
    let result = builder.operand(operand);
    const arrow = take("arrow");
    if (arrow !== undefined) return builder.lambda(result, whole(), arrow);
    for (;;) {
      const postfix = take("member", "nested", "index", "arguments");
      if (postfix === undefined) return result;
      result = builder.postfix(result, postfix);
    }
  }

  const result = whole();
  if (next < pieces.length) throw builder.wrong(pieces[next]);
  return result;
}
