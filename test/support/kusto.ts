import "@kusto/language-service-next/bridge.min.js";
import "@kusto/language-service-next";

/** The types of the columns of each table. */
export type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What the language service of Azure's own query editor says of a query: its mistakes, and the columns of the answer. */
export function analyzed(query: string, tables: Tables) {
  const { GlobalState, KustoCode, Symbols } = Kusto.Language;
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const own = Object.entries(columns).map(
      ([column, type]) => new Symbols.ColumnSymbol(column, Symbols.ScalarTypes.GetSymbol(type), null, null, null, null),
    );
    return new Symbols.TableSymbol.$ctor4(name, own);
  });
  const globals = GlobalState.Default?.WithDatabase(new Symbols.DatabaseSymbol.ctor("logs", symbols));
  const code = KustoCode.ParseAndAnalyze(query, globals ?? null);
  const answer = code?.ResultType;
  if (!(answer instanceof Symbols.TableSymbol)) throw new Error(`\`${query}\` gives no table`);
  return {
    mistakes: elements(code?.GetDiagnostics()).map(({ Message }) => `${Message}`),
    columns: elements(answer.Columns).map(({ Name }) => `${Name}`),
  };
}

interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}

function elements<T>(list: List<T> | null | undefined): readonly T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => list?.getItem(index)).filter(
    (one) => one !== undefined,
  );
}
