import { isKnownProgram } from '../../shell/programs.js';
import { isCodeLine } from '../words/text.js';
import { onlyFile } from './named-file.js';

/** Of a file that holds settings, and no script. */
const SETTINGS = /\.(?:conf|cfg|cnf|ini|ya?ml|toml|properties|env)$/i;
const CONFIGURATION =
  /^\W*(?:\d+[.)]\s*)?(?:config(?:uration)?(?: file)?|settings|konfiguration|configuración|configuração|configurazione|konfiguracja)\W*$/i;
const CONFIGURATION_ELSEWHERE = /^[#\s]*(?:配置(?:文件|内容)?|設定(?:ファイル)?|설정|конфигурация)[\s:：]*$/i;
/** "配置文件 /etc/mysql/mysqld.cnf": the same words, above the name of the file. */
const CONFIGURATION_OF =
  /^[#\s]*(?:config(?:uration)?(?: file)?|konfiguration|configuración|配置(?:文件)?|設定(?:ファイル)?|설정|конфигурация)[\s:：]+(?=\S)/i;
/** `maxmemory 2gb`, `replicaof <host> 6379`: a word and its values, no option, nothing that only a shell understands. */
const DIRECTIVE = /^\s*[a-z][\w-]*(?:[ \t]+(?:<[^<>]*>|[^\s<>|&;$()`-][^\s<>|&;$()`]*)){1,6}\s*$/i;

/**
 * How much of a script is what a file of settings shall hold, below a comment that says so; undefined when nothing is. A part ends
 * with a blank line or another comment.
 */
export function configurationPart(script: string): 'all' | 'some' | undefined {
  if (!script.includes('#')) return undefined;
  const parts = partsOf(script);
  const held = parts.filter(({ comment, lines }) => namesSettings(comment) && areDirectives(lines));
  if (held.length === 0) return undefined;
  return held.length === parts.length ? 'all' : 'some';
}

interface Part {
  /** The comment right above it; empty when there is none. */
  readonly comment: string;
  readonly lines: readonly string[];
}

function partsOf(script: string): readonly Part[] {
  const parts: { comment: string; lines: string[] }[] = [];
  let open: { comment: string; lines: string[] } = { comment: '', lines: [] };
  for (const line of script.split('\n')) {
    if (isCodeLine(line)) {
      if (open.lines.push(line) === 1) parts.push(open);
    } else open = { comment: line.trim(), lines: [] };
  }
  return parts;
}

/** It names a file of settings, or says "configuration", and nothing else: "# Regenerate config.yaml" heads commands. */
function namesSettings(comment: string): boolean {
  return (
    SETTINGS.test(onlyFile(comment.replace(CONFIGURATION_OF, '')) ?? '') ||
    CONFIGURATION.test(comment) ||
    CONFIGURATION_ELSEWHERE.test(comment)
  );
}

/** Two or more, of different words, most of which are no programs that people type. */
function areDirectives(lines: readonly string[]): boolean {
  if (!lines.every((line) => DIRECTIVE.test(line))) return false;
  const words = new Set(lines.map((line) => line.trim().split(/\s/)[0] ?? ''));
  return words.size > 1 && [...words].filter((word) => isKnownProgram(word)).length * 2 < words.size;
}
