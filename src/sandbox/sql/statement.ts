/** Quoted text and comments of both engines: what is inside them is no keyword. */
const OPAQUE =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g;

const READING = /^[\s(]*(select|with|values|table|show|explain|describe|desc)\b/i;

/**
 * Why a statement is not taken for reading, or undefined when it is. The read-only transaction is what holds; this refuses
 * what would step around it: COPY … TO PROGRAM, INTO OUTFILE, and MariaDB's `BEGIN NOT ATOMIC COMMIT; …`, which is one
 * statement to the server and leaves the transaction. Executable comments (`/*! … * /`) hide text from a reader, so they go too.
 */
export function readingProblem(statement: string): string | undefined {
  const visible = statement.replace(OPAQUE, (part) => (/^\/\*M?!/i.test(part) ? part : ' '));
  if (/\/\*M?!/i.test(visible)) return 'it holds an executable comment';
  if (!READING.test(visible)) return 'it does not start with SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN or DESCRIBE';
  if (/\binto\s+(outfile|dumpfile)\b/i.test(visible)) return 'it writes a file on the server';
  return undefined;
}
