/** What tables to copy are described with. */

export interface Column {
  name: string;
  type: "int4" | "int8" | "text";
  isNullable?: true;
}

export interface Table {
  name: string;
  /** All but `app_id`, which begins every key; those that make the key come first. */
  columns: readonly Column[];
  keyLength: number;
  /** Which rows `t` there are; the same words for both databases. */
  where?: string;
  /** Which rows `p` PostgreSQL can take: those whose parent is there. While the source lives, some come too early. */
  takes?: string;
  /** They go with messages that are past the retention. */
  isTimed?: true;
}

export const int8 = (name: string): Column => ({ name, type: "int8" });
export const flag = (name: string): Column => ({ name, type: "int4" });
export const text = (name: string): Column => ({ name, type: "text" });
export const optional = (column: Column): Column => ({ ...column, isNullable: true });

export const isOfLiveConversation = `exists (select 1 from conversations c
  where c.app_id = t.app_id and c.id = t.conversation_id and c.deleted_at is null)`;
export const hasConversation =
  "exists (select 1 from conversations c where c.app_id = $1 and c.id = p.conversation_id)";
