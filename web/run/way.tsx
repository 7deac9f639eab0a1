import { Sentence } from './sentence.js';
import { wayOn } from './way-on.js';

interface Props {
  code: string;
  mend: string;
  run: string;
  step: string | undefined;
}

/** What to do about it here, and what does the same on a command line. */
export function Way({ code, mend, run, step }: Props) {
  const way = wayOn(code, mend);
  if (!way) return <Sentence text={mend} run={run} step={step} />;
  const other = way.command === '' ? '' : ` On a command line: \`${way.command}\`.`;
  return <Sentence text={`${way.text}${other}`} run={run} step={step} />;
}
