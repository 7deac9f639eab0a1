import type { Block, CodeBlock } from '../markdown/document.js';
import type { Settings } from './settings.js';

/** What a `;` does not end: quoted text, dollar-quoted bodies, comments. */
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The statements of an SQL script, without their semicolons, comments kept. */
export function sqlStatements(script: string): string[] {
  const masked = script.replaceAll(OPAQUE, (text) => ' '.repeat(text.length));
  const statements: string[] = [];
  let from = 0;
  for (let at = 0; at <= masked.length; at++) {
    if (at < masked.length && masked[at] !== ';') continue;
    if (masked.slice(from, at).trim() !== '') statements.push(script.slice(from, at).trim());
    from = at + 1;
  }
  return statements;
}

/** Statements that open or end a transaction, which holds only within one connection. */
export function holdsTransaction(statements: readonly string[]): boolean {
  return statements.some((statement) =>
    /^(?:begin|start\s+transaction|commit|rollback|savepoint|end)\b/i.test(statement),
  );
}

/** A statement that only looks. */
export function isReadingSql(statement: string): boolean {
  return /^(?:select|show|explain|with|values|table|describe|desc)\b/i.test(statement.replaceAll(OPAQUE, ' ').trim());
}

/** Whether a block looks at one value, and its author says which it shall be: `expect=` beside the language. */
export function isSqlCheck({ block, script }: { readonly block: Block; readonly script: string }): boolean {
  const [statement, ...more] = sqlStatements(script);
  const expects = block.kind === 'code' && block.attributes.has('expect');
  return expects && statement !== undefined && more.length === 0 && isReadingSql(statement);
}

/** Name of the secret with the URL of the database that a block is run on. */
export function databaseOf(block: CodeBlock, settings: Pick<Settings, 'database'>): string | undefined {
  const named = block.attributes.get('database');
  return named !== undefined && /^[A-Za-z_]\w*$/.test(named) ? named : settings.database;
}
