import type { ElicitResult, InputRequiredResult } from '@modelcontextprotocol/client';
import type { Answered, Asked } from '#ir/calls.js';
import { jsonDigest } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { type Answer, type Question, readQuestion } from '#ir/question.js';
import { OpsroomError } from '#kit/errors.js';

/** What the next request of a call carries, where the last one was answered with questions (2026-07-28). */
export interface NextRound {
  readonly inputResponses: Readonly<Record<string, ElicitResult>>;
  readonly requestState?: string;
}

/** Kept in the ledger until somebody answers; what is larger is asked for anew. */
const MOST_RESUME = 64 * 1024;
/** Of one call, answered or not. */
const MOST_ASKED = 20;
const NOT_YET: ElicitResult = { action: 'cancel' };

/**
 * What a server asks in one call, answered by what people have said to earlier attempts, each answer once. The first question without
 * an answer is what the step waits for; the server is told neither yes nor no.
 */
export class Interview {
  private readonly left: Answered[];
  private asked = 0;
  /** What nobody has answered yet. */
  open: Asked | undefined;
  /** Why what it asks can be put to nobody. */
  fault: OpsroomError | undefined;

  /**
   * @param opened called once, at the first question without an answer
   * @param shown a question as people saw it and as it was kept: one that holds a secret is answered without it
   */
  constructor(
    private readonly kept: readonly Answered[],
    private readonly opened: () => void = () => undefined,
    private readonly shown: (question: Question) => Question = (question) => question,
  ) {
    this.left = [...kept];
  }

  /** What to go on from, when the last thing that was asked can be gone on from. */
  get resume(): InputRequiredResult | undefined {
    const last = this.left.at(-1)?.resume;
    return last === undefined ? undefined : { ...last, resultType: 'input_required' };
  }

  /** The call is made from its beginning after all. */
  restart(): void {
    this.left.splice(0, this.left.length, ...this.kept);
  }

  /** To `elicitation/create`, as either version of the protocol has it. */
  reply(params: unknown): ElicitResult {
    return this.answer(params, undefined);
  }

  /** To a result that asks. Undefined: there is a question without an answer, so that nothing is sent. */
  round({ inputRequests = {}, requestState }: InputRequiredResult): NextRound | undefined {
    const whole: object = { inputRequests, ...(requestState === undefined ? {} : { requestState }) };
    const resume = JSON.stringify(whole).length <= MOST_RESUME ? (whole as JsonObject) : undefined;
    const answers = Object.entries(inputRequests).map(([key, { method, params }]): [string, ElicitResult] => {
      if (method === 'elicitation/create') return [key, this.answer(params, resume)];
      this.refuse(`asks for ${method.slice(0, 100)}, which nobody here gives`);
      return [key, NOT_YET];
    });
    if (this.open || this.fault) return undefined;
    return { inputResponses: Object.fromEntries(answers), ...(requestState === undefined ? {} : { requestState }) };
  }

  private answer(params: unknown, resume: JsonObject | undefined): ElicitResult {
    this.asked += 1;
    if (this.asked > MOST_ASKED) return this.refuse(`asks more than ${MOST_ASKED} times in one call`);
    const read = readQuestion(params);
    if ('refused' in read) return this.refuse(`asks what can be put to nobody: ${read.refused}`);
    const known = this.take(read.question);
    if (known) return { ...known } as ElicitResult;
    if (!this.open) {
      this.open = { question: read.question, ...(resume === undefined ? {} : { resume }) };
      this.opened();
    }
    return NOT_YET;
  }

  private take(question: Question): Answer | undefined {
    const digest = this.digestOf(question);
    const place = this.left.findIndex((one) => this.digestOf(one.question) === digest);
    return place === -1 ? undefined : this.left.splice(place, 1)[0]?.answer;
  }

  private digestOf(question: Question): string {
    return jsonDigest(this.shown(question));
  }

  private refuse(what: string): ElicitResult {
    this.fault ??= new OpsroomError('INPUT_NEEDED', { what: `The MCP server ${what}.` });
    this.opened();
    return NOT_YET;
  }
}
