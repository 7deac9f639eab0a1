import type { ReasonedShape } from '../shapes.js';

/** Clouds, hosts of sites, stored objects, and what is asked of servers. */
export const CLOUDS: readonly ReasonedShape[] = [
  { programs: ['mc'], words: ['rm|rb'], reason: 'removes stored objects' },
  { programs: ['terraform', 'tofu', 'terragrunt'], words: ['destroy'], reason: 'destroys infrastructure' },
  {
    programs: ['terraform', 'tofu', 'terragrunt'],
    words: ['apply|run-all'],
    flags: ['-auto-approve', '--auto-approve', '-destroy', '--terragrunt-non-interactive'],
    reason: 'changes or destroys infrastructure without asking',
  },
  {
    programs: ['terraform', 'tofu', 'terragrunt'],
    words: ['state', 'rm|push'],
    reason: 'changes the record of the infrastructure',
  },
  { programs: ['terraform', 'tofu'], words: ['workspace', 'delete'], reason: 'removes a workspace' },
  {
    programs: ['terraform', 'tofu'],
    words: ['force-unlock|taint'],
    reason: 'changes the record of the infrastructure',
  },
  {
    programs: ['pulumi', 'cdk', 'cdktf', 'sst', 'eksctl', 'serverless', 'sls', 'vagrant', 'kops', 'amplify', 'copilot'],
    words: ['destroy|delete|remove|rm'],
    reason: 'destroys infrastructure',
  },
  { programs: ['terragrunt'], words: ['run-all|run', 'destroy'], reason: 'destroys infrastructure' },
  { programs: ['pulumi'], words: ['down'], reason: 'destroys infrastructure' },
  { programs: ['pulumi'], words: ['stack', 'rm'], reason: 'destroys infrastructure' },
  { programs: ['aws'], words: ['s3', 'rm|rb|mv'], reason: 'removes stored objects' },
  {
    programs: ['aws'],
    words: ['s3', 'sync'],
    flags: ['--delete'],
    reason: 'removes stored objects that the source does not have',
  },
  { programs: ['gsutil'], words: ['rm|rb|mv'], reason: 'removes stored objects' },
  { programs: ['gsutil'], words: ['rsync'], flags: ['-d'], reason: 'removes stored objects' },
  { programs: ['gcloud'], words: ['storage', 'rm|mv'], reason: 'removes stored objects' },
  { programs: ['s3cmd'], words: ['del|rm|rb'], reason: 'removes stored objects' },
  { programs: ['bq'], words: ['rm'], reason: 'removes data sets or tables' },
  {
    programs: ['doctl', 'linode-cli', 'hcloud', 'scw', 'ibmcloud', 'oci', 'civo', 'exo'],
    argument: /^(?:delete|rm|remove|destroy|terminate|.*-delete|.*-rm)$/,
    reason: 'removes cloud resources',
  },
  {
    programs: ['heroku'],
    argument: /^(?:apps:destroy|addons:destroy|pg:reset|domains:remove|config:unset|apps:delete|container:rm)$/,
    reason: 'removes it at the host',
  },
  { programs: ['fly', 'flyctl'], argument: /^(?:destroy|delete|remove|unset)$/, reason: 'removes it at the host' },
  {
    programs: ['vercel', 'netlify', 'firebase', 'wrangler', 'railway', 'supabase', 'cf'],
    argument: /^(?:rm|remove|delete|down|.*:delete|.*:disable|delete-\w+|purge-\w+)$/,
    reason: 'removes it at the host',
  },
  {
    programs: ['wrangler', 'turso'],
    argument: /\b(?:drop|truncate|delete\s+from)\b/i,
    reason: 'removes data',
  },
  { programs: ['supabase'], words: ['db', 'reset'], reason: 'empties a database' },
  {
    programs: ['curl', 'http', 'https', 'xh'],
    argument: /^(?:DELETE|-XDELETE|--request=DELETE)$/,
    reason: 'sends a DELETE request',
  },
  { programs: ['wget'], argument: /^--method=DELETE$/i, reason: 'sends a DELETE request' },
  { programs: ['curl'], argument: /_delete_by_query|\/_shutdown|\/truncate\b/, reason: 'removes data' },
  { programs: ['aws'], words: ['*', 'schedule-key-deletion'], reason: 'removes cloud resources' },
  {
    programs: ['aws'],
    words: ['ssm', 'send-command'],
    argument: /\b(?:reboot|shutdown|poweroff|halt|mkfs|wipefs|shred|kill|stop|drop|truncate|delete)\b|\brm -|file:/i,
    reason: 'stops or removes something on other machines, as far as can be seen',
  },
];
