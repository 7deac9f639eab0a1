import { Link } from '@tanstack/react-router';

interface Props {
  /** `started`, `asked`, `refused` */
  text: string;
  runId: string | null;
  intentId: string | null;
}

/** What became of a time or an event; leads to its run, or to what was asked for. */
export function Became({ text, runId, intentId }: Props) {
  if (runId !== null)
    return (
      <Link to="/runs/$run" params={{ run: runId }} className="link">
        {text}
      </Link>
    );
  if (intentId === null) return text;
  return (
    <Link to="/approvals" search={{ intent: intentId }} className="link">
      {text}
    </Link>
  );
}
