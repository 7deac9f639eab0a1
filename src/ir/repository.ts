/** How a repository of GitHub is written: `owner/name`, of letters that GitHub takes; "." and ".." are no names. */
export const REPO_PATTERN = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
