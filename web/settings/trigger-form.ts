/** What a schedule or a webhook starts, as it is typed: `ops/backup.md#back-up`. */
export function planOf(file: string): { follow: string; section?: string } {
  const text = file.trim();
  const at = text.indexOf('#');
  return at < 0 ? { follow: text } : { follow: text.slice(0, at), section: text.slice(at + 1) };
}

/** What a form for a schedule or a webhook lacks; undefined: nothing. */
export function triggerLacks({ name, file }: { readonly name: string; readonly file: string }): string | undefined {
  if (name === '') return 'Give it a name.';
  return file.trim() === '' ? 'Name what it starts.' : undefined;
}
