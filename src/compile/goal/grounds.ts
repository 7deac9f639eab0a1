import type { JsonObject, JsonValue } from '#ir/json.js';
import type { InputFact } from '../template/describe.js';

/** A template as a goal is held against it. */
export interface Known {
  readonly name: string;
  readonly tags: readonly string[];
  readonly inputs: readonly InputFact[];
}

export interface DraftTemplate extends Known {
  readonly summary: string;
  /** As its file has it, parsed. */
  readonly plan: JsonObject;
}

export interface DraftTool {
  readonly id: string;
  readonly summary: string;
  /** JSON Schema of its arguments. */
  readonly args: JsonValue;
}
