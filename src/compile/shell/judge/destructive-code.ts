import type { Command } from '#compile/shell/facts.js';

/** They run code that they are given: `python -c`, `rails runner`, `manage.py shell -c`, `redis-cli eval`. */
const RUN_CODE =
  /^(?:python[\d.]*|manage\.py|django-admin|node|deno|bun|ruby|rails|perl|php|artisan|tinker|redis-cli|valkey-cli|lua|elixir|iex)$/;
/** Behind these stands code. */
const CODE = /^(?:-[a-zA-Z]*[cer]|--(?:command|eval|execute|run)|eval|runner|EVAL)$/;

/** Functions and methods that remove, SQL, and what a shell is told. */
const REMOVES =
  /(?:\.|->|::)(?:delete(?:_?all|_?many|_?one)?|destroy(?:_all)?|drop(?:_all|_?database)?|truncate|flush_?(?:all|db)|unlink(?:Sync)?|rm(?:_rf|_r|Sync|tree|dir|dirSync)?|remove(?:dirs|Sync|_tree|_dir_all)?)\s*[(!]|\b(?:unlink|rmtree|rmdir|delete_all|destroy_all)\b|\b(?:flushall|flushdb)\b|\b(?:drop|truncate) (?:table|database|schema)\b|\bdelete from\b|\brm -\w*[rf]|['"]rm['"],/i;

/** Code in which something is removed: `manage.py shell -c "User.objects.all().delete()"`. */
export function removesInCode({ program, args, input }: Command): boolean {
  if (!RUN_CODE.test(program)) return false;
  const given = args.flatMap((word, at) => {
    const [, joined] = /^--(?:eval|execute|command)=(.*)$/s.exec(word) ?? [];
    return joined === undefined ? (CODE.test(args[at - 1] ?? '') ? [word] : []) : [joined];
  });
  const fed = (input.kind === 'text' || input.kind === 'pipe') && given.length === 0 ? input.text : undefined;
  return [...given, fed ?? ''].some((code) => REMOVES.test(code));
}
