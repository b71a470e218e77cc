/** Finds the row of a request by its path, and the parameters that travel in the path. */

interface Routable {
  method: string;
  path: string;
}

export type Match<Row> =
  | { kind: "found"; row: Row; pathParams: ReadonlyMap<string, string> }
  /** The path exists, the method doesn't; `allow` is for the header of that name. */
  | { kind: "otherMethod"; allow: string }
  | { kind: "notFound" };

interface Pattern<Row> {
  /** A segment as it is, or the name of the parameter that stands there. */
  segments: readonly ({ literal: string } | { param: string })[];
  rows: Map<string, Row>;
}

const splitPath = (path: string): string[] => path.replace(/^\//, "").replace(/\/$/, "").split("/");

const compileSegment = (segment: string) => {
  const param = /^\{(\w+)\}$/.exec(segment)?.[1];
  return param === undefined ? { literal: segment } : { param };
};

/** Null for a bad escape, or where the pattern does not fit. */
const matchSegments = <Row>(
  pattern: Pattern<Row>,
  segments: readonly string[],
): Map<string, string> | null => {
  if (pattern.segments.length !== segments.length) return null;
  const params = new Map<string, string>();
  for (const [index, part] of pattern.segments.entries()) {
    const segment = segments[index] ?? "";
    if ("literal" in part) {
      if (part.literal !== segment) return null;
    } else {
      const value = decodeSegment(segment);
      if (value === null || value === "") return null;
      params.set(part.param, value);
    }
  }
  return params;
};

const decodeSegment = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};

const allowOf = (methods: Iterable<string>): string => {
  const allowed = new Set(methods);
  if (allowed.has("GET")) allowed.add("HEAD");
  return [...allowed.add("OPTIONS")].join(", ");
};

/** Literal segments win over parameters. `find` takes the path below the prefix, still percent-encoded. */
export const createRouter = <Row extends Routable>(rows: readonly Row[]) => {
  const byShape = new Map<string, Pattern<Row>>();
  for (const row of rows) {
    const segments = splitPath(row.path).map(compileSegment);
    const shape = segments.map((part) => ("literal" in part ? part.literal : "{}")).join("/");
    const pattern = byShape.get(shape) ?? { segments, rows: new Map<string, Row>() };
    if (pattern.rows.has(row.method)) throw new Error(`two rows answer ${row.method} ${row.path}`);
    pattern.rows.set(row.method, row);
    byShape.set(shape, pattern);
  }
  const countParams = (pattern: Pattern<Row>) => pattern.segments.filter((part) => "param" in part).length;
  const patterns = [...byShape.values()].sort((one, other) => countParams(one) - countParams(other));

  return {
    find: (method: string, path: string): Match<Row> => {
      const segments = splitPath(path);
      for (const pattern of patterns) {
        const pathParams = matchSegments(pattern, segments);
        if (pathParams === null) continue;
        const row = pattern.rows.get(method === "HEAD" ? "GET" : method);
        return row === undefined
          ? { kind: "otherMethod", allow: allowOf(pattern.rows.keys()) }
          : { kind: "found", row, pathParams };
      }
      return { kind: "notFound" };
    },
  };
};
