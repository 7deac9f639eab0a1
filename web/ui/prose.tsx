/** A sentence of the room's, in which commands and names stand between backticks. */
export function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}</>;
}
