import { basename, dirname, sep } from 'node:path';

/**
 * How whoever started this program starts it again. Only one that is installed for everybody is found by its bare name; one of a
 * checkout or of a project's packages is not.
 *
 * @param script the second word of the process's command line, as it was given
 */
export function calledAs(script: string | undefined): 'opsroom' | 'npx opsroom' {
  if (script === undefined || basename(script) !== 'opsroom') return 'npx opsroom';
  return dirname(script).endsWith(`node_modules${sep}.bin`) ? 'npx opsroom' : 'opsroom';
}

/** A command within a sentence: in backticks, after a colon, or at the beginning of an example. */
const COMMAND = /(^|`|: | \$ |^\s*\$ )opsroom (?=[a-z]|--)/gm;

/** A sentence whose commands begin as they have to be typed here. */
export const asTyped = (text: string, called: string): string => text.replaceAll(COMMAND, `$1${called} `);
