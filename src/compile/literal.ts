/** Text in which `{{` stands for itself. */
export function literal(text: string): string {
  return text.replaceAll('{{', '{{{{');
}
