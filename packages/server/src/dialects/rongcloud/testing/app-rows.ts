import { DatabaseSync } from "node:sqlite";

/** Everything that an embedded store holds of one app, by table, as text to compare. */
export function readAppRows(file: string, appKey: string): Record<string, string[]> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const app = database.prepare("select id from apps where key = ?").get(appKey) as { id: number };
    const tables = database
      .prepare(
        "select distinct m.name from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'app_id'",
      )
      .all() as { name: string }[];
    return Object.fromEntries(
      tables.map(({ name }) => {
        const rows = database.prepare(`select * from "${name}" where app_id = ?`);
        rows.setReadBigInts(true);
        return [name, rows.all(app.id).map(toText).sort()];
      }),
    );
  } finally {
    database.close();
  }
}

const toText = (row: unknown): string =>
  JSON.stringify(row, (_, value) => {
    if (typeof value === "bigint") return String(value);
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  });
