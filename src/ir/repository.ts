/** How a repository of GitHub is written: `owner/name`, of letters that GitHub takes; "." and ".." are no names. */
export const REPO_PATTERN = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/**
 * Whether it is the API of a GitHub Enterprise Server: `https://HOST/api/v3`. A token goes there: encrypted, unless it stays on the
 * machine. No braces: it becomes part of a plan's templates.
 */
export function isGithubServer(text: string): boolean {
  if (!URL.canParse(text) || /[?#@\s{}]|\/$/.test(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname));
}
