import { cleanJson } from '#ir/clean.js';
import type { JsonObject } from '#ir/json.js';
import { ID_PATTERN } from '#ir/plan.js';
import { OpsroomError } from '#kit/errors.js';
import { readStepFile } from '#sandbox/step-file.js';

const MOST_BYTES = 1024 * 1024;

/**
 * What a step wrote into the file that `OPSROOM_OUTPUT` names; undefined when it wrote nothing.
 *
 * @throws OpsroomError OUTPUT_REFUSED
 */
export async function readValues(path: string): Promise<JsonObject | undefined> {
  const text = await readStepFile(path, 'The file that OPSROOM_OUTPUT names', MOST_BYTES);
  return text === undefined || text.trim() === '' ? undefined : parseValues(text);
}

/**
 * A JSON object; or lines `name=value`, and `name<<END` with the value in the lines up to `END`. The last of equal names
 * counts, so that a step may append. Throws OUTPUT_REFUSED naming the line.
 */
export function parseValues(text: string): JsonObject {
  const values = text.trimStart().startsWith('{') ? parseObject(text) : Object.fromEntries(parseLines(text));
  const wrong = Object.keys(values).find((name) => !ID_PATTERN.test(name));
  if (wrong !== undefined)
    refuse(`${JSON.stringify(wrong.slice(0, 100))} is not a name (letters, digits, "_" and "-")`);
  return cleanJson(values) as JsonObject;
}

function parseObject(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return refuse('it starts with "{" but is not valid JSON');
  }
}

function parseLines(text: string): [string, string][] {
  const lines = text.split(/\r?\n/);
  const entries: [string, string][] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const [, name = '', mark = '', rest = ''] =
      /^([^=<]*)(=|<<)(.*)$/.exec(line) ?? refuse(`line ${at + 1} is not name=value`);
    if (mark === '=') {
      entries.push([name, rest]);
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (rest === '' || end < 0) refuse(`the value of "${name.slice(0, 100)}" in line ${at + 1} has no end`);
    entries.push([name, lines.slice(at + 1, end).join('\n')]);
    at = end;
  }
  return entries;
}

function refuse(why: string): never {
  throw new OpsroomError('OUTPUT_REFUSED', { what: `The file that OPSROOM_OUTPUT names cannot be used: ${why}.` });
}
